#pragma once
// Level edges in a straightened picture (upright is vertical there): slabs, sills, nets, roofs.

#include <opencv2/core.hpp>
#include <vector>

namespace jieding::vision {

/// Pieces that lie on one line and almost touch.
struct LevelLine {
  double left = 0, right = 0;  ///< px
  double slope = 0;
  double offset = 0;  ///< y at x = 0
  double length = 0;  ///< px that are really edge
  double at(double x) const { return offset + slope * x; }
};

/// Level lines above each other over the same width, as a facade has them. They lean towards one
/// vanishing point: their slope changes evenly with their height.
struct LevelGroup {
  double left = 0, right = 0, middle = 0;  ///< px
  double slope = 0, slope_by_row = 0;      ///< slope at row t (at `middle`): slope + slope_by_row t
  double length = 0;
  std::vector<LevelLine> lines;
  /// Where the level line that crosses `middle` at row t is at x.
  double row_at(double t, double x) const { return t + (slope + slope_by_row * t) * (x - middle); }
};

std::vector<LevelLine> level_lines(const std::vector<cv::Vec4f>& edges);
/// The longest first, at most eight, none like another.
std::vector<LevelGroup> level_groups(const std::vector<LevelLine>& lines, int width);

}  // namespace jieding::vision
