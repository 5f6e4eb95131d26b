#pragma once

#include <opencv2/core.hpp>

namespace jieding::vision {

/// A picture (CV_8UC3 or CV_32F) whose pixel at p shows what `picture` shows at p + `by` (pixels,
/// finite), between pixels bilinear, outside it its border again: within a grey level what
/// cv::warpAffine makes of it with INTER_LINEAR, WARP_INVERSE_MAP and BORDER_REPLICATE, which takes
/// several times as long because it could turn as well. Bytes are placed to 1/128 pixel, there to
/// 1/32.
cv::Mat shifted(const cv::Mat& picture, cv::Point2d by);

}  // namespace jieding::vision
