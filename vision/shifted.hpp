#pragma once

#include <opencv2/core.hpp>

namespace jieding::vision {

/// A picture (CV_8UC3 or CV_32F) whose pixel at p shows what `picture` shows at p + `by`, between
/// pixels bilinear, outside it its border again: the same as cv::warpAffine with INTER_LINEAR and
/// BORDER_REPLICATE, which takes several times as long because it could turn as well. Pixels of
/// bytes are placed to 1/128, there to 1/32.
cv::Mat shifted(const cv::Mat& picture, cv::Point2d by);

}  // namespace jieding::vision
