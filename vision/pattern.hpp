#pragma once

#include <opencv2/core.hpp>

namespace jieding::vision {

/// How far the pattern round each pixel of `seen` is the one that is `expected` there, 0..1
/// (CV_32F): the windows of a house behind, in whatever light. 0 where one of them has no pattern.
/// Both grey, CV_32F, of one size. Only what changes from side to side counts, because level edges
/// (horizon, slabs) are all alike.
cv::Mat same_pattern(const cv::Mat& seen, const cv::Mat& expected);

}  // namespace jieding::vision
