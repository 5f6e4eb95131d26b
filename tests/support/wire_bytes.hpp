#pragma once
// A message out of bytes that are at hand, by the reader of both sides.

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "vision/wire_message.hpp"

namespace jieding::test {

struct FromBytes {
  vision::wire::Message message;
  std::size_t used = 0;
};

/// The message at the front of `bytes`; nothing yet when more are needed.
inline Result<std::optional<FromBytes>> from_bytes(std::string_view bytes) {
  vision::wire::Incoming incoming;
  std::size_t used = 0;
  while (!incoming.whole()) {
    const auto room = incoming.room();
    if (bytes.size() - used < room.size()) return std::optional<FromBytes>{};
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(used), room.size(), room.begin());
    used += room.size();
    if (const auto ok = incoming.filled(); !ok) return ok.error();
  }
  return std::optional(FromBytes{incoming.take(), used});
}

}  // namespace jieding::test
