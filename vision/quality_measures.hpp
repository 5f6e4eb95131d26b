#pragma once

#include <array>
#include <cstddef>
#include <opencv2/core.hpp>

namespace jieding::vision {

/// What is measured on one picture (at working size), without knowing any other.
struct QualityMeasures {
  static constexpr int tiles_across = 8, tiles_down = 6;
  template <typename T>
  using PerTile = std::array<T, static_cast<std::size_t>(tiles_across* tiles_down)>;
  static constexpr int cells_across = 40, cells_down = 22;
  template <typename T>
  using PerCell = std::array<T, static_cast<std::size_t>(cells_across* cells_down)>;

  double brightness = 0;   ///< mean luminance, 0..255
  double brightest = 0;    ///< 99.5th percentile of luminance
  double blown_share = 0;  ///< share of the picture at the upper end
  double structure = 0;    ///< 97th percentile of the fine gradient, grey levels per pixel
  double sharpness = 0;    ///< fine against coarse gradient on the strongest edges; 1 is blurred
  double sharpest = 0;     ///< the same of the sharpest tenth of those edges
  double void_share = 0;   ///< largest connected share that is flat and dark
  double contrast = 0;     ///< standard deviation of luminance
  PerTile<bool> empty_tiles{};  ///< no structure at all
  /// Fine against coarse gradient, as a logarithm; NaN where there is nothing to see. Shade, fog
  /// and night take from both, a blur from the fine one alone.
  PerCell<float> detail{};
  /// What share of the cell lies at a strong edge, and at one that is soft.
  PerCell<float> edges{}, soft_edges{};
};

QualityMeasures measure(const cv::Mat& bgr);

}  // namespace jieding::vision
