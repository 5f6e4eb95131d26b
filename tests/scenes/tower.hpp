#pragma once

#include "tests/scenes/mesh.hpp"
#include "tests/scenes/schedule.hpp"

namespace jieding::scenes {

/// Pit, concrete frame, work on the next storey, masonry, facade and roof of a tower as far as it
/// is.
void build_tower(Mesh& mesh, const TowerPlan& tower, const Progress& progress);

/// Nets, poles and platform round it.
void build_scaffold(Mesh& mesh, const TowerPlan& tower, const Progress& progress);

}  // namespace jieding::scenes
