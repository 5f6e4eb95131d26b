#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <vector>

namespace jieding::vision {

/// A smooth map of colours from one picture to another taken in other light: twelve terms of
/// colour, their squares and products, and the row. What it cannot explain has changed.
class ColourFit {
 public:
  static constexpr int terms = 12;
  using Row = std::array<float, terms>;
  /// Per term its share in blue, green and red; the fourth is padding.
  using Weights = std::array<std::array<float, 4>, terms>;

  /// Fitted on the points given, robustly: a fifth of them may show something else by now.
  static ColourFit between(const cv::Mat& from, const cv::Mat& to,
                           const std::vector<cv::Point>& points);

  /// The whole picture as it would look in the other light. `row_of` gives each pixel's row in the
  /// picture (CV_32F, as a share of its height), for strips that are cut out of it. CV_32FC4, the
  /// fourth channel is padding.
  cv::Mat apply(const cv::Mat& bgr, const cv::Mat& row_of) const;

  /// Typical residual in grey levels (robust), per channel and over all.
  const cv::Vec3f& noise() const { return noise_; }
  double misfit() const { return misfit_; }

 private:
  Weights weights_{};
  cv::Vec3f noise_{3, 3, 3};
  double misfit_ = 255;
};

}  // namespace jieding::vision
