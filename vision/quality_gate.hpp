#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/domain/observation.hpp"
#include "vision/quality_measures.hpp"
#include "vision/state_blob.hpp"

namespace jieding::vision {

/// Daylight, and no lamps in it.
bool is_by_day(const QualityMeasures& now);

/// Says why a picture cannot be used, against what this camera usually shows.
class QualityGate {
 public:
  /// Empty when the picture is usable. Once per picture: dirt that stays is learned in the end, so
  /// that neither it nor a view that only looks like it silences the camera for ever.
  /// In another view than that of the pictures accepted, soft edges tell nothing of dirt.
  std::vector<std::string> refuse(const QualityMeasures& now, bool same_as_last,
                                  bool other_view = false);
  void accept(const QualityMeasures& now);
  /// The camera looks elsewhere from now on.
  void forget_view();

  /// What was measured and what it was held against.
  std::vector<Measure> numbers(const QualityMeasures& now) const;

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  /// What the camera usually shows; kept over a restart.
  struct History {
    double sharpness = 0;  ///< running mean over accepted pictures; 0 before the first
    QualityMeasures::PerTile<double> structured{};  ///< how often each tile shows structure
    double seen = 0;                                ///< pictures accepted, up to a bound
    std::int32_t dirty = 0;                         ///< pictures in a row refused for dirt
    struct Cell {
      float detail = 0, detail_seen = 0;  ///< the usual one, and in how many pictures there was any
      // By day only:
      float sharp = 0, edges_seen = 0;  ///< usual share of sharp edges; pictures with any edge
      float softest = 0;                ///< part of its edges; wears off
    };
    QualityMeasures::PerCell<Cell> cells{};
    double days = 0;  ///< pictures by day that its edges were learned from, up to a bound
  };

  double missing_share(const QualityMeasures& now) const;
  double detail_lost(const QualityMeasures& now) const;
  double smeared_share(const QualityMeasures& now) const;
  void learn_edges(const QualityMeasures& now);
  void learn_soft_edges(const QualityMeasures& now, float share);
  std::string obstacle(const QualityMeasures& now, bool other_view) const;

  History history_;
};

}  // namespace jieding::vision
