#pragma once

#include <opencv2/core.hpp>

namespace jieding::vision {

/// What changes from side to side in a picture: the windows of a house, in whatever light. Level
/// edges (horizon, slabs) are all alike and do not count.
struct Pattern {
  cv::Mat across, energy;  ///< CV_32F

  /// Of a grey picture, CV_32F.
  static Pattern of(const cv::Mat& grey);
};

/// How far the pattern round each pixel of the rows of `seen` is the one that is `expected` there,
/// 0..1 (CV_32F). 0 where one of them has no pattern.
cv::Mat same_pattern(const Pattern& seen, cv::Range rows, const Pattern& expected);

}  // namespace jieding::vision
