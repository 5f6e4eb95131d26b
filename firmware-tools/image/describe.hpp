#pragma once

#include <string>

#include "firmware-tools/image/verify.hpp"

namespace jieding::tools::image {

/// For people, a line for each thing that it says.
std::string to_text(const Image& image, const Manifest& manifest);

/// For programs: one JSON object, one line.
std::string to_json(const Image& image, const Manifest& manifest);

/// For programs: whether it is good, or the code of what is wrong.
std::string to_json(const Result<Verified>& verdict);

}  // namespace jieding::tools::image
