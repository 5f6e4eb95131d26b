#pragma once

#include <string>

#include "firmware-tools/image/manifest.hpp"

namespace jieding::tools::image {

/// For people, a line for each thing that it says.
std::string to_text(const Image& image, const Manifest& manifest);

/// For programs: one JSON object, one line.
std::string to_json(const Image& image, const Manifest& manifest);

}  // namespace jieding::tools::image
