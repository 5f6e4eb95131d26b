#pragma once

#include <opencv2/core.hpp>

#include "vision/facade.hpp"
#include "vision/pool.hpp"
#include "vision/row_evidence.hpp"

namespace jieding::vision {

/// Something is dug or built at the building's foot, where earlier pictures knew bare ground.
bool shows_works_low(const RowEvidence& rows);

RowEvidence read_rows(const cv::Mat& strip, const Change& change, const Facade& facade);

}  // namespace jieding::vision
