#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <vector>

#include "vision/camera_setup.hpp"

namespace jieding::vision {

/// Where the camera's horizon may cut the picture, with how likely that is. What stands below it
/// is seen from above: its far rim shows over the near one.
struct Horizon {
  double row_px = 0;  ///< from the picture's upper edge; may lie outside
  double weight = 0;
};

/// What the four corners of a facade tell of it. Seen askew, its level edges run together in the
/// horizon; looked up or down at, its upright edges run together, and the angle of view, which
/// nobody told, says how far off the horizon is then: three are tried.
/// `corners`: ground left, ground right, roof right, roof left.
std::vector<Horizon> horizons_of(const std::array<Point, 4>& corners, cv::Size image);

}  // namespace jieding::vision
