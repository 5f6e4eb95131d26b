#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <string>
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
};

QualityMeasures measure(const cv::Mat& bgr);

/// Says why a picture cannot be used, against what this camera usually shows.
class QualityGate {
 public:
  /// Empty when the picture is usable.
  std::vector<std::string> refuse(const QualityMeasures& now, bool same_as_last) const;
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
  };

  double missing_share(const QualityMeasures& now) const;

  History history_;
};

}  // namespace jieding::vision
