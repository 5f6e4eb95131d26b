#pragma once

#include "tests/scenes/light.hpp"
#include "tests/scenes/mesh.hpp"
#include "tests/scenes/schedule.hpp"

namespace jieding::scenes {

/// What changes from picture to picture, by its own dice.
struct Moment {
  const Plan& plan;
  const Light& light;
  const Progress& tower;
  const Progress& second;
  double day = 0;
  std::uint64_t number = 0;  // of the picture
};

/// Ground, neighbours, hills and trees.
void build_surroundings(Mesh& mesh, const Moment& moment);

/// Crane, hoist, hoarding, huts, machines, stacks, cars and people.
void build_yard(Mesh& mesh, const Moment& moment);

/// Tower crane and hoist mast.
void build_lifts(Mesh& mesh, const Moment& moment);

}  // namespace jieding::scenes
