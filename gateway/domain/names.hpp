#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace jieding {

/// The enumerator whose name stands at its own number in `names`.
template <class Enum, std::size_t N>
std::optional<Enum> enumerator(const std::array<std::string_view, N>& names,
                               std::string_view text) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace jieding
