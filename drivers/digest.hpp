#pragma once

#include <array>
#include <string>
#include <string_view>

namespace jieding::drivers {

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view bytes);
/// In lower-case hexadecimal.
std::string sha256_hex(std::string_view bytes);

}  // namespace jieding::drivers
