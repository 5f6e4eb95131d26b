#pragma once

#include <functional>
#include <opencv2/core.hpp>
#include <vector>

namespace jieding::vision {

/// Boxes around whoever is seen in a picture, as far as they touch what is shown (255 in `shown`).
using FindPeople = std::function<std::vector<cv::Rect>(const cv::Mat& bgr, const cv::Mat& shown)>;

/// OpenCV's own detectors: figures by histograms of gradients (Dalal and Triggs), faces from the
/// front and from the side by Haar cascades (Viola and Jones). They say that somebody is there,
/// never who. In a picture 1280 pixels wide they find people who stand upright and are 90 pixels or
/// taller, and faces of 24 pixels (from the side 40) or wider. Many are missed: this is a second
/// line behind the hidden outside, no substitute for a mask.
///
/// Throws std::runtime_error where a detector cannot be made.
FindPeople opencv_people_finder();

}  // namespace jieding::vision
