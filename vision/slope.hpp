#pragma once

#include <opencv2/core.hpp>

namespace jieding::vision {

/// How steep a grey picture is at each pixel: CV_32F, grey levels per pixel, in whatever direction.
cv::Mat slope(const cv::Mat& grey);

}  // namespace jieding::vision
