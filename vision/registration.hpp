#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace jieding::vision {

/// Where a picture lies against the reference: a shift in pixels of the working picture.
struct Placement {
  cv::Point2d shift;      ///< what stood at p in the reference stands at p + shift now
  bool verified = false;  ///< two references agreed; else the shift of before is carried on
  bool moved = false;     ///< the camera looks elsewhere: nothing in the picture can be trusted
};

/// Finds small knocks of the camera by phase correlation of gradients beside the buildings.
/// A single answer is wrong now and then by tens of pixels, so two references must agree.
class Registration {
 public:
  explicit Registration(cv::Mat beside) : beside_(std::move(beside)) {}

  /// `references` lie in the reference's place already, likest light first.
  Placement place(const cv::Mat& bgr, const std::vector<cv::Mat>& references,
                  cv::Point2d last_shift) const;

 private:
  cv::Mat outline(const cv::Mat& bgr) const;

  cv::Mat beside_;
};

/// The picture put back to where the reference is.
cv::Mat shifted_back(const cv::Mat& bgr, cv::Point2d shift);

}  // namespace jieding::vision
