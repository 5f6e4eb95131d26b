#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "gateway/domain/observation.hpp"
#include "vision/facade.hpp"

namespace jieding::vision {

/// Draws the storey ruler, the state of each storey, the estimate and what it rests on, in Chinese
/// and English, on a masked picture.
/// `facade` lies where it is in this picture; `name` is the building's.
void draw_overlay(cv::Mat& masked, const Facade& facade, const std::string& name,
                  const BuildingEstimate& estimate);

}  // namespace jieding::vision
