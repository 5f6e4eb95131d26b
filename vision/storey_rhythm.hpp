#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "vision/level_lines.hpp"

namespace jieding::vision {

/// A facade found by its storeys: what repeats evenly from the ground up.
struct StoreyRhythm {
  double period = 0;           ///< rows per storey, at the middle of the group
  double ground = 0;           ///< row of the ground line, at the middle of the group
  double storeys = 0;          ///< over which the facade repeats itself
  double left = 0, right = 0;  ///< px
  double likeness = 0;         ///< of a storey to the next, 0..1
};

/// In a straightened picture (grey, float) with these level lines. Nothing when no storeys are seen
/// beyond doubt: fewer than five that look alike, a rhythm that half a storey explains as well, no
/// clear lower end.
std::optional<StoreyRhythm> find_rhythm(const cv::Mat& grey, const LevelGroup& group,
                                        const std::vector<LevelLine>& lines);

}  // namespace jieding::vision
