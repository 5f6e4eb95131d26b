#pragma once
// What the bootloader tells an attestation service about the image: a CBOR map of software
// component properties (Arm PSA Attestation API 1.0).

#include <cstdint>
#include <string>
#include <string_view>

#include "firmware-tools/image/digest.hpp"
#include "firmware-tools/image/version.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::tools::image {

struct BootRecord {
  std::string type;  ///< the image's role, at most 12 characters
  std::string version;
  std::string signer;  ///< hash of the public key; zeros: unsigned
  std::string hash;    ///< its name
};

constexpr std::size_t longest_component_type = 12;

Result<BootRecord> parse_boot_record(std::string_view bytes);

/// The measurement is zeros and stands last: the bootloader puts the right value there.
std::string boot_record(std::string_view type, const Version& version, Hash hash,
                        std::string_view signer);

}  // namespace jieding::tools::image
