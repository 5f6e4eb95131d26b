#pragma once

#include <opencv2/core.hpp>

#include "vision/facade_fit.hpp"

namespace jieding::vision {

/// Both edges, the ground and each storey up to the planned roof, with numbers; the storeys it was
/// derived from in green, what is foretold in orange, the roof's expected error as a band.
void draw_calibration(cv::Mat& masked, const FacadeFit& fit, int storeys, int standing,
                      double roof_error);

}  // namespace jieding::vision
