#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "gateway/domain/observation.hpp"
#include "vision/state_blob.hpp"

namespace jieding::vision {

/// What is measured on one picture (at working size), all free of the camera's exposure.
struct QualityMeasures {
  double brightness = 0;   ///< mean luminance, 0..255
  double brightest = 0;    ///< 99.5th percentile of luminance
  double blown_share = 0;  ///< share of the picture at the upper end
  double structure = 0;    ///< 97th percentile of the fine gradient, grey levels per pixel
  double sharpness = 0;    ///< fine against coarse gradient on the strongest edges; 1 is blurred
  double void_share = 0;   ///< largest connected share that is flat and dark
  double contrast = 0;     ///< standard deviation of luminance
  std::array<bool, 48> empty_tiles{};  ///< 8 x 6: no structure at all
  /// Per cell: fine against coarse gradient, as a logarithm; NaN where there is nothing to see.
  /// Shade, fog and night take from both, a drop on the glass from the fine one alone.
  static constexpr int cells_across = 40, cells_down = 22;
  std::array<float, static_cast<std::size_t>(cells_across* cells_down)> detail{};
};

QualityMeasures measure(const cv::Mat& bgr);

/// Says why a picture cannot be used, against what this camera usually shows.
class QualityGate {
 public:
  /// Empty when the picture is usable. Once per picture: dirt that stays is learned in the end, so
  /// that neither it nor a view that only looks like it silences the camera for ever.
  std::vector<std::string> refuse(const QualityMeasures& now, bool same_as_last);
  void accept(const QualityMeasures& now);

  /// What was measured and what it was held against.
  std::vector<Measure> numbers(const QualityMeasures& now) const;

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  /// What the camera usually shows; kept over a restart.
  struct History {
    double sharpness = 0;  ///< running mean over accepted pictures; 0 before the first
    std::array<double, 48> structured{};  ///< how often each tile shows structure
    double seen = 0;                      ///< pictures accepted, up to a bound
    std::int32_t dirty = 0;               ///< pictures in a row refused for dirt
    /// The usual detail of a cell, how far it strays from that, and in how many pictures
    /// it was seen.
    struct Cell {
      float usual = 0, spread = 0, seen = 0;
    };
    std::array<Cell, std::tuple_size_v<decltype(QualityMeasures::detail)>> cells{};
  };

  /// How the detail of the cells that are known compares with what it usually is.
  struct Detail {
    double lost = 0;     ///< median, as a logarithm; 0 while too few cells are known
    double smeared = 0;  ///< share of cells that lost theirs in patches
  };

  double missing_share(const QualityMeasures& now) const;
  Detail detail(const QualityMeasures& now) const;
  std::string obstacle(const QualityMeasures& now) const;

  History history_;
};

}  // namespace jieding::vision
