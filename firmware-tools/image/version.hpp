#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::tools::image {

/// As it stands in the header. The build number counts when versions are compared.
struct Version {
  std::uint8_t major = 0;
  std::uint8_t minor = 0;
  std::uint16_t revision = 0;
  std::uint32_t build = 0;

  auto operator<=>(const Version&) const = default;
};

/// `1.2.3+4`; what is left out from the end is 0.
Result<Version> parse_version(std::string_view text);

/// `1.2.3+4`, `1.2.3` where the build number is 0.
std::string to_text(const Version& version);

}  // namespace jieding::tools::image
