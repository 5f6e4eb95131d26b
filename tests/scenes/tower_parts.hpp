#pragma once

#include "tests/scenes/mesh.hpp"
#include "tests/scenes/schedule.hpp"

namespace jieding::scenes {

constexpr double pit_margin = 3;  // metres round the tower

Paint concrete(const TowerPlan& tower, double ambient);
/// Where a row of columns stands (x, y), metres.
double bay(const TowerPlan& tower, int column);
double row(const TowerPlan& tower, int deep);

/// Storeys from `low` up to below `high`.
struct Reach {
  double low = 0, high = 0;
};

/// The storeys whose facade is on.
Reach clad_storeys(const TowerPlan& tower, const Progress& progress);

/// Rebar, formwork, columns and deck of the storey above the last slab; rails and props below it.
void add_working_storey(Mesh& mesh, const TowerPlan& tower, const Progress& progress);

/// Masonry and facade.
void add_walls(Mesh& mesh, const TowerPlan& tower, const Progress& progress);

}  // namespace jieding::scenes
