#pragma once

#include <opencv2/core.hpp>

namespace jieding::vision {

/// A colour picture at a smaller size, each pixel the mean of those that it covers: the same as
/// cv::resize with INTER_AREA, which takes several times as long where blocks of three by three
/// fall together (1080p to the working size).
cv::Mat shrunk(const cv::Mat& bgr, cv::Size size);

}  // namespace jieding::vision
