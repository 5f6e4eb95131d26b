#pragma once

#include <string_view>

namespace jieding::vision {

/// How the stored rows must be turned to stand upright: the EXIF tag Orientation, 1 (as they are)
/// to 8 (CIPA DC-008 §4.6.4). 1 as well where a JPEG has none, or one that makes no sense.
int exif_orientation(std::string_view jpeg);

}  // namespace jieding::vision
