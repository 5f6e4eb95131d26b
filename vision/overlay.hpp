#pragma once

#include <opencv2/core.hpp>

#include "gateway/domain/observation.hpp"
#include "vision/facade.hpp"

namespace jieding::vision {

/// Draws the storey ruler, the state of each storey, the estimate and what it rests on, in Chinese
/// and English, on a masked picture.
/// `facade` is in pixels of the reference picture, `shift` says where it lies now.
void draw_overlay(cv::Mat& masked, const Facade& facade, cv::Point2d shift,
                  const BuildingEstimate& estimate);

}  // namespace jieding::vision
