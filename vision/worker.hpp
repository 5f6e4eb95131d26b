#pragma once

#include "vision/talk.hpp"

namespace jieding::vision {

/// What jieding-vision answers, by an estimator for each camera.
Answer worker();

}  // namespace jieding::vision
