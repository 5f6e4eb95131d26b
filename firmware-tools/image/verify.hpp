#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "firmware-tools/image/key.hpp"
#include "firmware-tools/image/manifest.hpp"

namespace jieding::tools::image {

/// What an image must fulfil besides being whole.
struct Demands {
  std::vector<Key> keys;  ///< one of them must have signed it
  std::optional<Version> newer_than;
  std::optional<std::uint32_t> least_counter;  ///< the security counter must be there, at least so
  std::optional<Uuid> vendor, board;
};

/// Views into the bytes that were verified.
struct Verified {
  Image image;
  Manifest manifest;
};

/// Whole, signed by a key of the demands, and what else they want; or the first thing that is not
/// so, said in one line and, where a node asks for it, by a code of refusal.hpp.
Result<Verified> verify(std::string_view bytes, const Demands& demands);

}  // namespace jieding::tools::image
