#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "vision/camera_setup.hpp"
#include "vision/upright.hpp"

namespace jieding::vision {

/// Where a way between two planes brings a point of the first.
cv::Point2d mapped(const cv::Matx33d& way, double x, double y);

/// The plane of a facade in the picture (u across 0..1, v storeys up), with how sure it is.
class FacadeFit {
 public:
  /// From the four corners of the lowest `storeys` storeys (ground left, ground right, top right,
  /// top left), each with `error_px` in x and y, and from how upright lines stand: the two are
  /// weighed against each other, because four corners of a low part alone say little about how the
  /// storeys shorten towards the roof.
  FacadeFit(const std::array<Point, 4>& corners, int storeys, double error_px,
            const Upright& upright, cv::Size picture);

  cv::Point2d at(double u, double v) const;
  /// Standard deviation, in storeys, of what the ruler reads at height v; the worse edge.
  double error_at(double v) const;
  /// How far the corners moved to fit, in units of their error (root mean square).
  double strain() const { return strain_; }

 private:
  using Corners = cv::Vec<double, 8>;
  using Covariance = cv::Matx<double, 8, 8>;
  cv::Matx33d plane_of(const Corners& corners) const;
  /// Convergence and lean that this plane has.
  cv::Vec2d upright_of(const Corners& corners) const;

  int storeys_;
  cv::Size picture_;
  Corners corners_;
  Covariance covariance_;
  cv::Matx33d plane_;
  double strain_ = 0;
};

}  // namespace jieding::vision
