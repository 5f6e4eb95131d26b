#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "vision/colour_fit.hpp"

namespace jieding::vision {

/// What one picture says against the pool about one facade.
struct Change {
  /// Pictures in as many lights, below which "changed" may still mean unfamiliar light.
  static constexpr int enough_witnesses = 3;

  cv::Mat seen;       ///< strip, CV_8UC3: what the picture in hand shows
  cv::Mat distance;   ///< strip, CV_32F: residual over its noise, smallest over the best pictures
  cv::Mat known;      ///< strip, CV_8U: 255 where any picture of the pool shows background
  cv::Mat shown;      ///< strip, CV_8U: 255 where it lies inside the picture in hand
  int witnesses = 0;  ///< pictures that were asked
  /// Per row, grey levels: how far off the colours of the first picture are that was asked.
  std::vector<double> misfit;
  /// Per row that pictures of the empty site explain, and that shows the building in others: the
  /// share of its width that these explain surely better, 0..1; -1 for other rows.
  std::vector<double> as_it_stood;
};

/// The strip of a picture that was kept, and the map of its colours to the light of another one.
struct FittedStrip {
  cv::Mat strip;       ///< CV_8UC3
  cv::Mat edges;       ///< CV_32F: steepest slope within a pixel, grey levels per pixel
  cv::Mat shown;       ///< CV_8U: 255 where it lies inside that picture
  double empty_above;  ///< storeys above which it shows background
  int built_below;     ///< storeys below which it shows the building
  ColourFit fit;
};

/// `seen` (CV_8UC3) against the strips of kept pictures, those that fit best first. `shown`
/// (CV_8U): 255 where it lies inside its picture; `row_of` (CV_32F): each pixel's row there, as a
/// share of the picture's height. All strips are of one size, `strip_columns` wide.
Change compare(const cv::Mat& seen, const cv::Mat& shown, const cv::Mat& row_of,
               const std::vector<FittedStrip>& kept);

}  // namespace jieding::vision
