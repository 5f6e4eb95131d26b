#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "vision/camera_setup.hpp"

namespace jieding::vision {

/// Burns the camera's privacy polygons into a picture. They belong to the ground of the reference
/// picture, so they are burnt in where they were drawn *and* where the ground lies now: a knock
/// uncovers nothing. Every picture passes here before anything leaves the process.
class PrivacyMask {
 public:
  explicit PrivacyMask(std::vector<std::vector<Point>> polygons) : polygons_(std::move(polygons)) {}

  bool empty() const { return polygons_.empty(); }
  /// `shift` in pixels of this picture.
  void burn(cv::Mat& bgr, cv::Point2d shift) const;

 private:
  std::vector<std::vector<Point>> polygons_;
};

}  // namespace jieding::vision
