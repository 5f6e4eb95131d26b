#pragma once

#include <optional>
#include <vector>

#include "gateway/domain/observation.hpp"
#include "vision/row_evidence.hpp"
#include "vision/state_blob.hpp"
#include "vision/storey_filter.hpp"

namespace jieding::vision {

/// Why a building is held to be as high as it is said to be, in numbers that people can follow:
/// what the last counted picture shows, and what was held of it. Each only where it applies:
///
///   top_edge       storeys; height to which the building reaches in that picture
///   works_ahead    storeys by which scaffold or formwork stand above the last slab, as learned
///   roof_stands    probability that the roof stands complete (then in place of works_ahead)
///   no_storey      probability that nothing stands above the ground (in place of works_ahead)
///   outweighed     storeys that this picture alone would say: earlier ones say otherwise and count
///   told           storeys that people told of its start, while the pictures have not counted it
///                  (in place of outweighed)
///   view_ends      storeys up to which the picture shows the facade, once works have reached that
///                  (in place of outweighed)
///   light_unknown  share of the facade's surroundings in light that no empty picture explains
///   counted        storeys that people counted last
///   beyond_plan    storeys; highest top edge of works that stand above all that were planned
///                  (works_ahead, roof_stands and outweighed are those of the plan, and left out)
///
/// Others add by_pace (storeys that are likely to stand by now, some of them above the end of the
/// picture), stood_before (storeys that stood when the camera came, which nobody told) and
/// went_back_from (storeys that were shown before the figure was corrected).
class Grounds {
 public:
  void see(const RowEvidence& rows, const StoreyBelief& belief);
  void confirm(int storeys, const StoreyBelief& belief);
  /// For a building that is said to have so many storeys. Empty before the first picture.
  /// `instead`: what is said in place of outweighed.
  std::vector<Measure> tell(int storeys, const std::optional<Measure>& instead) const;
  /// For one that stands higher than it was planned.
  std::vector<Measure> tell_beyond(double highest) const;

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  void hold(const StoreyBelief& belief);

  std::optional<double> top_;
  double trust_ = 1, works_ahead_ = 0, roof_ = 0, no_storey_ = 1;
  std::optional<int> counted_;
};

}  // namespace jieding::vision
