#pragma once
// How far a building is when several cameras see it. Cameras are all the box's: that they agree
// makes the figure firmer, never a milestone independent.

#include <optional>
#include <span>
#include <string>

#include "gateway/domain/observation.hpp"

namespace jieding {

/// A camera's newest word on a building.
struct CameraWord {
  std::string camera;
  Instant at;  ///< of the last picture that could be used
  BuildingEstimate estimate;
};

struct FusedEstimate {
  BuildingEstimate estimate;
  bool disagree = false;  ///< the intervals of two cameras exclude each other
};

/// `words` is not empty; the camera that has just spoken comes first. `before` is the last fused
/// figure: it goes back only when the speaking camera corrects itself. Words older than two days
/// only say how far the building is at least. Pure.
FusedEstimate fuse(std::span<const CameraWord> words,
                   const std::optional<BuildingEstimate>& before);

}  // namespace jieding
