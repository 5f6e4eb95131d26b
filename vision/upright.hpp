#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace jieding::vision {

/// How what is upright on the site stands in the picture. At a point (x, y), in pixels from the
/// picture's middle, an upright edge runs along dx/dy = (convergence x + lean) / (1 + convergence
/// y). A camera that looks up or down makes `convergence`, one that is tilted sideways makes
/// `lean`.
struct Upright {
  double convergence = 0;  ///< 1/px
  double lean = 0;
  /// Of (convergence, lean).
  cv::Matx22d covariance = cv::Matx22d::zeros();
  int edges = 0;  ///< that agree

  /// Sends the point where upright lines meet to infinity: then they are parallel, and the storeys
  /// of a facade are equally high along each of them. For pixels of a picture of this size.
  cv::Matx33d straightening(cv::Size picture) const;
};

/// Straight edges, as x1 y1 x2 y2 in pixels.
std::vector<cv::Vec4f> straight_edges(const cv::Mat& grey);

/// What is known of a fixed camera without looking: nearly level, hardly tilted.
Upright upright_before(cv::Size picture);

/// From the edges of masts, columns and houses everywhere in the picture; nothing when too few
/// agree.
std::optional<Upright> find_upright(const std::vector<cv::Vec4f>& edges, cv::Size picture);

}  // namespace jieding::vision
