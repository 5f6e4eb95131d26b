#pragma once

#include "vision/calibration.hpp"

namespace jieding::vision {

/// Proposes the corners of the finished facade from a picture of its standing part.
Calibration calibrate(const CalibrationCall& call);

}  // namespace jieding::vision
