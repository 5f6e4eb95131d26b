#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "vision/state_blob.hpp"

namespace jieding::vision {

/// Per boundary between storey n and the next: how much harder the look changes there, across the
/// whole width, than it changes from storey to storey above it; -1 not known. Finished storeys look
/// all alike, so the edge of the cladding stands out in any light, whatever its colour.
/// `inside`: 255 where the strip lies inside the picture.
std::vector<double> look_steps(const cv::Mat& strip, const cv::Mat& inside);

/// Follows the edge of the cladding, which comes down from the roof after topping-out.
/// State of the belief: the storeys from the first clad one up, none (less than a third of the
/// building), or all. What stood out before topping-out already (a podium, a shop front) does not
/// count.
class CladdingWatch {
 public:
  explicit CladdingWatch(int storeys);

  /// One frame before topping-out, `cast` storeys high.
  void learn(const std::vector<double>& steps, int cast);
  /// One frame after topping-out.
  void see(const std::vector<double>& steps);

  double third() const;  ///< belief that at least a third of the building is clad
  double all() const { return belief_.front(); }
  /// Lowest storey (0 is the first) that is clad; `storeys` when none is.
  int first_clad() const;

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  void get_used_to(const std::vector<double>& steps, std::size_t below);
  std::vector<double> predicted() const;

  int storeys_, highest_;       ///< highest edge that leaves a third of the storeys above it
  std::vector<double> belief_;  ///< by first clad storey
  std::vector<double> usual_;   ///< per boundary: log-odds of a step while nothing is clad
};

}  // namespace jieding::vision
