#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "vision/facade.hpp"
#include "vision/pool.hpp"

namespace jieding::vision {

/// What one frame says about one facade, row by row from the ground up.
struct RowEvidence {
  std::vector<double> changed;    ///< share of the width that the pool cannot explain; -1 unknown
  std::vector<double> contrast;   ///< share of the width unlike both sides; -1 unknown
  std::vector<double> top_score;  ///< log-likelihood (up to a constant) of the top edge at each row
  std::vector<double> timber;     ///< log-odds that the storey below this row is formwork, not slab
};

RowEvidence read_rows(const cv::Mat& strip, const Change& change, const Facade& facade);

}  // namespace jieding::vision
