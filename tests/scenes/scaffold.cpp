#include "tests/scenes/noise.hpp"
#include "tests/scenes/tower.hpp"
#include "tests/scenes/tower_parts.hpp"

namespace jieding::scenes {
namespace {

constexpr double gap = 1.2;              // metres between slab edge and net
constexpr double panel = 6, lift = 1.8;  // metres: a sheet of net, a lift of the scaffold

struct Wall {
  Vec from, along;
  double length;
  int number;
};

std::array<Wall, 4> walls_of(const TowerPlan& t) {
  const double w = t.width / 2 + gap, d = t.depth + 2 * gap;
  return {{{{-w, -gap, 0}, {1, 0, 0}, 2 * w, 0},
           {{w, -gap, 0}, {0, 1, 0}, d, 1},
           {{w, t.depth + gap, 0}, {-1, 0, 0}, 2 * w, 2},
           {{-w, t.depth + gap, 0}, {0, -1, 0}, d, 3}}};
}

/// The colour of one sheet: each has faded by its own age and dust.
Paint sheet(const TowerPlan& t, int wall, int across, int up) {
  const std::uint64_t salt = t.seed + static_cast<std::uint64_t>(wall) * 31;
  const double age = cell_number(across, up, salt), dust = cell_number(across, up, salt + 7);
  const Vec faded = mix(t.net, painted(0xa8a89c), t.net_fading * (0.3 + 0.7 * age));
  const double thin = t.net_density - 0.12 * dust;
  return {faded * (0.88 + 0.24 * dust), Surface::Net, 1, thin, panel, lift};
}

void add_nets(Mesh& mesh, const TowerPlan& t, const Wall& wall, double foot, double top) {
  const int across = std::max(1, static_cast<int>(std::lround(wall.length / panel)));
  const double width = wall.length / across;
  const double sheet_height = 2 * lift;
  for (double z = foot; z < top - 1e-6;) {
    const double number = std::floor(z / sheet_height + 1e-6);
    const double next = std::min(top, (number + 1) * sheet_height);
    for (int i = 0; i < across; ++i) {
      const Vec a = wall.from + wall.along * (width * i), b = a + wall.along * width;
      const Vec low{0, 0, z}, high{0, 0, next};
      mesh.quad(a + low, b + low, b + high, a + high,
                sheet(t, wall.number, i, static_cast<int>(number)));
    }
    z = next;
  }
}

void add_poles(Mesh& mesh, const TowerPlan& t, const Wall& wall, double foot, double top) {
  const Vec in = cross({0, 0, 1}, wall.along) * 0.15;
  const Paint steel{painted(0x8a7f6a), Surface::Plain, 0.8, 1, 3.5, 3};
  const int poles = static_cast<int>(wall.length / lift);
  for (int i = 0; i <= poles; ++i) {
    const Vec at = wall.from + in + wall.along * (wall.length * i / poles);
    const double over = t.poles_above * (0.6 + 0.8 * cell_number(i, wall.number, t.seed));
    mesh.strut(at + Vec{0, 0, foot}, at + Vec{0, 0, top + over}, 0.06, steel);
  }
  for (double z = std::ceil(foot / lift) * lift; z <= top; z += lift) {
    const Vec up{0, 0, z};
    const Vec from = wall.from + in + up;
    mesh.strut(from, from + wall.along * wall.length, 0.08, steel);
  }
}

/// Working floors between slab edge and net.
void add_planks(Mesh& mesh, const TowerPlan& t, double foot, double top) {
  const double w = t.width / 2;
  const Paint wood{painted(0x8f7a55), Surface::Timber, 0.5, 1, 3.5, 3};
  for (double z = foot + 0.1; z < top - 0.5; z += t.storey_height) {
    mesh.box({-w - gap, -gap + 0.2, z}, {w + gap, -0.25, z + 0.08}, wood);
    mesh.box({-w - gap, t.depth + 0.25, z}, {w + gap, t.depth + gap - 0.2, z + 0.08}, wood);
    mesh.box({-w - gap + 0.2, -0.25, z}, {-w - 0.25, t.depth + 0.25, z + 0.08}, wood);
    mesh.box({w + 0.25, -0.25, z}, {w + gap - 0.2, t.depth + 0.25, z + 0.08}, wood);
  }
}

}  // namespace

void build_scaffold(Mesh& mesh, const TowerPlan& t, const Progress& p) {
  if (p.scaffold <= p.scaffold_foot) return;
  mesh.place(t.at, t.angle);
  const double foot = p.scaffold_foot * t.storey_height, top = p.scaffold * t.storey_height;
  for (const Wall& wall : walls_of(t)) {
    add_nets(mesh, t, wall, foot, top);
    add_poles(mesh, t, wall, foot, top);
  }
  add_planks(mesh, t, foot, top);
}

}  // namespace jieding::scenes
