#pragma once

#include <opencv2/core.hpp>

namespace jieding::vision {

/// 255 where a strip shows the sky: what is smooth from its upper end down. All 0 where that end
/// may lie on a building that has grown out of the picture, and where haze lets the sky run down to
/// the ground. `shown`: 255 where the strip lies inside the picture.
cv::Mat sky_in(const cv::Mat& strip, const cv::Mat& shown);

}  // namespace jieding::vision
