#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "vision/camera_setup.hpp"
#include "vision/strip.hpp"

namespace jieding::vision {

/// Where a picture of this size can be read between its pixels.
inline cv::Rect2d readable(cv::Size picture) {
  return {1, 1, picture.width - 3.0, picture.height - 3.0};
}

/// The way from the picture to the facade's strip.
/// Row 0 is the ground line, heights grow with the row number.
class Facade {
 public:
  /// `scale` brings pixels of the camera to pixels of the picture that is handed in.
  Facade(const FacadeSetup& setup, cv::Size picture, double scale);

  cv::Mat strip(const cv::Mat& picture) const;

  cv::Size picture() const { return picture_; }
  const std::array<Point, 4>& corners() const { return corners_; }  ///< pixels of that picture
  int rows() const { return rows_; }
  int planned() const { return planned_; }
  /// 255 where the strip lies inside the picture.
  const cv::Mat& inside() const { return inside_; }
  /// The same for a picture in which the reference's ground lies at `to_now`.
  cv::Mat inside(const cv::Matx23d& to_now) const;
  /// The roof slab and a parapet on it lie inside the picture.
  bool shows_roof() const;
  /// Storeys up to which the facade's middle lies inside the picture.
  double shown_height() const;
  static double height_of_row(int row) { return (row + 0.5) / rows_per_storey; }
  /// Where a point of the facade (u across 0..1, height in storeys) lies in the picture.
  cv::Point2d at(double u, double height) const;
  /// The building with a border, as a mask over the picture: what is beside it may be compared.
  cv::Mat footprint() const;
  /// Storeys from the ground line to a row of the picture, along the facade's middle; not below the
  /// ground, and bounded where the facade's plane runs off.
  double height_at(double row_px) const;

 private:
  int planned_;
  int rows_;
  cv::Size picture_;
  std::array<Point, 4> corners_;
  cv::Matx33d to_picture_;
  cv::Mat map_;
  cv::Mat inside_;
};

}  // namespace jieding::vision
