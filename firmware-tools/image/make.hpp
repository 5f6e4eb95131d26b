#pragma once
// Images as imgtool would make them: the same bytes for the same wishes, but for an ECDSA
// signature, which is never the same twice.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firmware-tools/image/key.hpp"
#include "firmware-tools/image/manifest.hpp"

namespace jieding::tools::image {

/// How it is signed.
struct Signing {
  Key key;
  bool pure = false;      ///< Ed25519 over the whole image
  bool full_key = false;  ///< names the key itself, not its hash
};

/// What an image says of itself.
struct Recipe {
  Version version;
  std::uint16_t header_size = 0x200;
  bool header_in_payload = false;  ///< the payload begins with zeros where the header goes
  std::uint32_t load_address = 0;  ///< not 0: to be copied into RAM
  std::optional<std::uint32_t> security_counter;
  std::string component;  ///< of the boot record; empty: there is none
  std::vector<Dependency> dependencies;
  std::optional<Uuid> vendor, board;
  std::optional<Slot> slot;  ///< pads to it
  bool confirmed = false;    ///< in the slot's trailer
};

/// The security counter that imgtool makes of a version.
std::uint32_t counter_of(const Version& version);

/// Unsigned without `signing`.
Result<std::string> make(std::string_view payload, const Recipe& recipe,
                         const std::optional<Signing>& signing);

/// The same image signed by this key; who signed it before is forgotten.
Result<std::string> sign(std::string_view image, const Signing& signing);

}  // namespace jieding::tools::image
