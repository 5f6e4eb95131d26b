#include "tests/scenes/tower.hpp"

#include "tests/scenes/noise.hpp"
#include "tests/scenes/tower_parts.hpp"

namespace jieding::scenes {

Paint concrete(const TowerPlan& tower, double ambient) {
  const double shade = 0.85 + 0.3 * unit(mixed(tower.seed + 5));
  return {painted(0xa9a7a1) * shade, Surface::Concrete, ambient, 1, 3.5, 3};
}

double bay(const TowerPlan& tower, int column) {
  return -tower.width / 2 + tower.width * column / tower.bays;
}
double row(const TowerPlan& tower, int deep) {
  return tower.depth * deep / tower.bays_deep;
}

namespace {

bool on_edge(const TowerPlan& t, int i, int j) {
  return i == 0 || j == 0 || i == t.bays || j == t.bays_deep;
}

void add_columns(Mesh& mesh, const TowerPlan& t, double foot, double top) {
  const double half = t.column / 2;
  for (int i = 0; i <= t.bays; ++i) {
    for (int j = 0; j <= t.bays_deep; ++j) {
      const double x = std::clamp(bay(t, i), -t.width / 2 + half, t.width / 2 - half);
      const double y = std::clamp(row(t, j), half, t.depth - half);
      mesh.box({x - half, y - half, foot}, {x + half, y + half, top},
               concrete(t, on_edge(t, i, j) ? 0.8 : 0.3));
    }
  }
}

void add_slab(Mesh& mesh, const TowerPlan& t, double top, bool open_above) {
  const double w = t.width / 2;
  Paint floor = concrete(t, open_above ? 1.0 : 0.35);
  mesh.box({-w, 0, top - t.slab}, {w, t.depth, top}, floor);
  const Paint edge = concrete(t, 0.85);
  mesh.box({-w + 0.02, 0.02, top - t.beam}, {w - 0.02, 0.3, top - t.slab}, edge);
  mesh.box({-w + 0.02, t.depth - 0.3, top - t.beam}, {w - 0.02, t.depth - 0.02, top - t.slab},
           edge);
  mesh.box({-w + 0.02, 0.3, top - t.beam}, {-w + 0.3, t.depth - 0.3, top - t.slab}, edge);
  mesh.box({w - 0.3, 0.3, top - t.beam}, {w - 0.02, t.depth - 0.3, top - t.slab}, edge);
}

void add_core(Mesh& mesh, const TowerPlan& t, double top) {
  const double w = t.width * 0.11;
  mesh.box({-w, t.depth * 0.4, 0}, {w, t.depth * 0.8, top}, concrete(t, 0.5));
}

/// The pit before the base is ready: walls and bottom below the ground, and the base slab growing
/// in it.
void add_pit(Mesh& mesh, const TowerPlan& t, const Progress& p) {
  const double deep = 4.5 * p.dig * (1 - p.base);
  const double w = t.width / 2 + pit_margin, front = -pit_margin, back = t.depth + pit_margin;
  const Paint wall{painted(0x7a6047), Surface::Soil, 0.5, 1, 3.5, 3};
  const Paint bottom =
      p.base > 0.1 ? concrete(t, 0.7) : Paint{painted(0x6a523c), Surface::Soil, 0.6, 1, 3.5, 3};
  mesh.quad({-w, front, -deep}, {w, front, -deep}, {w, back, -deep}, {-w, back, -deep}, bottom);
  mesh.quad({-w, back, -deep}, {w, back, -deep}, {w, back, 0}, {-w, back, 0}, wall);
  mesh.quad({-w, front, -deep}, {-w, back, -deep}, {-w, back, 0}, {-w, front, 0}, wall);
  mesh.quad({w, front, -deep}, {w, back, -deep}, {w, back, 0}, {w, front, 0}, wall);
  mesh.quad({-w, front, -deep}, {w, front, -deep}, {w, front, 0}, {-w, front, 0}, wall);
  if (p.base <= 0.15) return;
  add_columns(mesh, t, -deep, -deep + 1.2 + 1.5 * p.base);
}

void add_parapet(Mesh& mesh, const TowerPlan& t, const Paint& paint) {
  const double w = t.width / 2, z = t.height(), top = z + t.parapet;
  mesh.box({-w, 0, z}, {w, 0.2, top}, paint);
  mesh.box({-w, t.depth - 0.2, z}, {w, t.depth, top}, paint);
  mesh.box({-w, 0.2, z}, {-w + 0.2, t.depth - 0.2, top}, paint);
  mesh.box({w - 0.2, 0.2, z}, {w, t.depth - 0.2, top}, paint);
}

void add_roof(Mesh& mesh, const TowerPlan& t, const Progress& p) {
  if (!p.parapet) return;
  const bool clad = p.facade > (t.cladding == Cladding::UpInTheOpen ? 0.98 : 0.05);
  const Paint clad_paint{t.facade, Surface::Plain, 1, 1, 3.5, 3};
  add_parapet(mesh, t, clad ? clad_paint : concrete(t, 1));
  if (!p.roof_house || t.roof_house <= 0) return;
  const double w = t.width * 0.13;
  mesh.box({-w, t.depth * 0.35, t.height()}, {w, t.depth * 0.85, t.height() + t.roof_house},
           clad ? clad_paint : concrete(t, 1));
}

}  // namespace

void build_tower(Mesh& mesh, const TowerPlan& t, const Progress& p) {
  mesh.place(t.at, t.angle);
  if (p.cast == 0 && p.dig > 0 && p.base < 1) return add_pit(mesh, t, p);
  if (p.base < 1) return;
  const double h = t.storey_height, w = t.width / 2;
  mesh.box({-w - 1, -1, -0.2}, {w + 1, t.depth + 1, 0.04}, concrete(t, 0.8));
  const Reach clad = clad_storeys(t, p);
  for (int k = 0; k < p.cast; ++k) {
    const bool closed = k + 1 <= p.infilled || (k >= clad.low && k + 1 <= clad.high);
    if (!closed) add_columns(mesh, t, k * h + 0.02, (k + 1) * h - t.slab);
    add_slab(mesh, t, (k + 1) * h, k + 1 == p.cast);
  }
  const double ahead = p.cast < t.storeys ? p.cast + t.core_ahead + p.cycle * 0.6 : p.cast;
  add_core(mesh, t, std::min<double>(ahead, t.storeys + 0.3) * h);
  add_working_storey(mesh, t, p);
  add_walls(mesh, t, p);
  add_roof(mesh, t, p);
}

}  // namespace jieding::scenes
