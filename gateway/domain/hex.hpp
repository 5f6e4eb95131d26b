#pragma once

#include <string>
#include <string_view>

namespace jieding {

/// Lower case, two digits a byte.
std::string to_hex(std::string_view bytes);

}  // namespace jieding
