#pragma once

#include <string_view>

namespace jieding {

/// Whether a text names something by its SHA-256: 64 lower-case hexadecimal digits.
inline bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace jieding
