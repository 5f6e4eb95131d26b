#pragma once

#include <opencv2/core.hpp>

namespace jieding::vision {

/// Draws an upright figure, `tall` pixels from crown to sole, crown at `crown`. Nobody's picture:
/// the detectors look for outlines, and a drawn one has them.
void draw_figure(cv::Mat& bgr, cv::Point crown, double tall);

/// Draws a face from the front, `wide` pixels across.
void draw_face(cv::Mat& bgr, cv::Point middle, double wide);

}  // namespace jieding::vision
