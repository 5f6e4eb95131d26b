#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "vision/camera_setup.hpp"

namespace jieding::vision {

/// Takes out of a picture what nobody is to see; every picture passes here before anything leaves
/// the process. The camera's polygons become black. What lies beyond the facades' surroundings, and
/// people that were found, become a grey mosaic whose blocks are so large, a fixed share of the
/// picture whatever its resolution, that no face, figure or number plate is left in them.
///
/// Polygons and surroundings belong to the ground of the reference picture. Polygons are burnt in
/// where they were drawn *and* where that ground lies now; the outside is hidden where it lies now:
/// a knock uncovers nothing.
class PrivacyMask {
 public:
  /// Blocks along the longer side of a picture.
  static constexpr int blocks_across = 24;

  /// For pictures of `size`; `scale` brings pixels of the camera to pixels of these.
  PrivacyMask(const CameraSetup& setup, cv::Size size, double scale);

  /// Nothing depends on where the picture lies: it may leave with its place unknown.
  bool hides_nothing() const { return polygons_.empty() && !outside_hidden_; }
  /// `to_now` brings points of the reference picture to where they lie in this one, and `people`
  /// are boxes in it.
  void burn(cv::Mat& bgr, const cv::Matx23d& to_now,
            const std::vector<cv::Rect>& people = {}) const;
  /// 255 where a picture that lies there is shown; polygons and people do not count here.
  cv::Mat shown(const cv::Matx23d& to_now = unmoved) const;

  static inline const cv::Matx23d unmoved{1, 0, 0, 0, 1, 0};

 private:
  using Outlines = std::vector<std::vector<cv::Point2d>>;

  void blacken(cv::Mat& bgr, const cv::Matx23d& to_now) const;

  cv::Size size_;
  bool outside_hidden_;
  Outlines polygons_;
  Outlines surroundings_;
};

}  // namespace jieding::vision
