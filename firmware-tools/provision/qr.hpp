#pragma once

#include <string>

#include "gateway/domain/result.hpp"

namespace jieding::tools::provision {

/// A QR code (ISO/IEC 18004, level M) with its quiet zone.
/// As an SVG element of `millimetres` each way.
Result<std::string> qr_svg(const std::string& text, int millimetres);
/// As half blocks for a terminal with light letters on a dark ground.
Result<std::string> qr_blocks(const std::string& text);

}  // namespace jieding::tools::provision
