#pragma once

#include <string_view>

namespace jieding::vision {

/// Trained detectors of OpenCV (Debian's opencv-data), built into the program: the process that
/// sees pictures opens no file, and cannot go on without them. Their licences stand in their texts.
std::string_view front_face_cascade();
std::string_view side_face_cascade();

}  // namespace jieding::vision
