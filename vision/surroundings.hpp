#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "vision/camera_setup.hpp"

namespace jieding::vision {

/// What is shown around a facade, in parts of the facade itself: the rest of the picture is hidden
/// (windows, streets, neighbours). Wide enough for the strip that storeys are read from, and for
/// some still background beside it to place the picture by.
inline constexpr double shown_widths_beside = 1.0;  ///< of the facade's width, to each side
inline constexpr double shown_storeys_above = 5.0;  ///< of the planned storeys' height
inline constexpr double shown_metres_below = 6.0;   ///< below the ground line: pit, base, fence

/// The outline of what is shown around one facade, pixels of the camera, where the reference
/// picture has it. The facade's edges are drawn out straight in the picture, not in the plane of
/// the facade: so it stays finite however steeply that plane runs away from the camera.
std::vector<cv::Point2f> surroundings_of(const FacadeSetup& facade);

}  // namespace jieding::vision
