#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace jieding::vision {

/// How the rows of one strip stand out from what lies beside them, in this picture alone: a witness
/// that needs no picture of the empty site.
struct Standing {
  /// Share of the width that is like neither side, nor sky; -1 where the sides themselves are too
  /// motley, or the row is not in the picture.
  std::vector<double> contrast;
  std::vector<double> outline;  ///< log-odds that upright edges end the row at the facade's sides
};

/// `shown`: 255 where the strip lies inside the picture.
Standing read_standing(const cv::Mat& strip, const cv::Mat& shown);

}  // namespace jieding::vision
