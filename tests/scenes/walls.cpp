#include "tests/scenes/noise.hpp"
#include "tests/scenes/tower_parts.hpp"

namespace jieding::scenes {
namespace {

/// One side of the tower: where it begins, in which direction it goes, how many bays it has.
struct Side {
  Vec origin, along, out;
  double length;
  int bays;
};

std::array<Side, 4> sides_of(const TowerPlan& t, double out) {
  const double w = t.width / 2;
  return {{{{-w, -out, 0}, {1, 0, 0}, {0, -1, 0}, t.width, t.bays},
           {{w + out, 0, 0}, {0, 1, 0}, {1, 0, 0}, t.depth, t.bays_deep},
           {{w, t.depth + out, 0}, {-1, 0, 0}, {0, 1, 0}, t.width, t.bays},
           {{-w - out, t.depth, 0}, {0, -1, 0}, {-1, 0, 0}, t.depth, t.bays_deep}}};
}

/// A wall of one bay and storey round its window.
struct Opening {
  double width, height, sill;  // shares of bay and storey
};

void add_wall(Mesh& mesh, Vec at, Vec along, double bay_width, double height, Opening o,
              const Paint& paint) {
  const double left = bay_width * (1 - o.width) / 2, right = bay_width - left;
  const double low = height * o.sill, high = std::min(height, low + height * o.height);
  const auto piece = [&](double x0, double x1, double z0, double z1) {
    if (x1 - x0 < 1e-3 || z1 - z0 < 1e-3) return;
    mesh.quad(at + along * x0 + Vec{0, 0, z0}, at + along * x1 + Vec{0, 0, z0},
              at + along * x1 + Vec{0, 0, z1}, at + along * x0 + Vec{0, 0, z1}, paint);
  };
  piece(0, left, 0, height);
  piece(right, bay_width, 0, height);
  piece(left, right, 0, low);
  piece(left, right, high, height);
}

void add_masonry(Mesh& mesh, const TowerPlan& t, int storey, double share) {
  const Paint paint{t.infill, Surface::Masonry, 0.8, 1, 3.5, 3};
  const double clear = t.storey_height - t.slab;
  for (const Side& side : sides_of(t, -0.12)) {
    const double width = side.length / side.bays;
    for (int i = 0; i < side.bays; ++i) {
      if (cell_number(i, storey, t.seed + 3) > share * 1.2) continue;
      const Vec at = side.origin + side.along * (width * i) + Vec{0, 0, storey * t.storey_height};
      add_wall(mesh, at, side.along, width, clear, {t.window_width, t.window_height, 0.3}, paint);
    }
  }
}

void add_balcony(Mesh& mesh, const TowerPlan& t, Vec at, const Side& side, double width) {
  const Vec a = at + side.along * (width * 0.12), b = at + side.along * (width * 0.88);
  const Vec low{std::min(a.x, b.x), a.y - 1.3, a.z - 0.1},
      high{std::max(a.x, b.x), a.y, a.z + 0.05};
  mesh.box(low, high, {t.facade * 0.9, Surface::Plain, 0.8, 1, 3.5, 3});
  mesh.box({low.x, low.y, high.z}, {high.x, low.y + 0.08, high.z + 1.05},
           {t.accent, Surface::Plain, 0.9, 1, 3.5, 3});
}

void add_facade(Mesh& mesh, const TowerPlan& t, int storey) {
  const Paint glass{t.glass, Surface::Glass, 0.7, 1, 3.5, 3};
  const double h = t.storey_height;
  for (const Side& side : sides_of(t, 0.1)) {
    const double width = side.length / side.bays;
    const bool front = side.out.y < -0.5;
    for (int i = 0; i < side.bays; ++i) {
      const bool band = (i + static_cast<int>(t.seed % 3)) % 3 == 0;
      const Paint paint{band ? t.accent : t.facade, Surface::Plain, 1, 1, 3.5, 3};
      const Vec at = side.origin + side.along * (width * i) + Vec{0, 0, storey * h};
      add_wall(mesh, at, side.along, width, h, {t.window_width, t.window_height, 0.3}, paint);
      const Vec in = at - side.out * 0.2;
      const double x0 = width * (1 - t.window_width) / 2, x1 = width - x0;
      const double z0 = h * 0.3, z1 = z0 + h * t.window_height;
      mesh.quad(in + side.along * x0 + Vec{0, 0, z0}, in + side.along * x1 + Vec{0, 0, z0},
                in + side.along * x1 + Vec{0, 0, z1}, in + side.along * x0 + Vec{0, 0, z1}, glass);
      if (front && t.balconies && i % 2 == 1 && storey > 0) add_balcony(mesh, t, at, side, width);
    }
  }
}

}  // namespace

Reach clad_storeys(const TowerPlan& t, const Progress& p) {
  if (p.facade <= 0) return {0, 0};
  if (t.cladding == Cladding::UpInTheOpen) return {0, p.facade * t.storeys};
  // Behind the net the facade is ready where the net is struck, and a little below.
  const double ahead = t.cladding == Cladding::BehindNet ? 2 : 0;
  return {std::max(0.0, std::floor((1 - p.facade) * t.storeys - ahead)),
          static_cast<double>(t.storeys)};
}

void add_walls(Mesh& mesh, const TowerPlan& t, const Progress& p) {
  const Reach clad = clad_storeys(t, p);
  for (int k = 0; k < p.cast; ++k) {
    if (k >= clad.low && k + 1 <= clad.high) {
      add_facade(mesh, t, k);
    } else if (k < p.infilled) {
      add_masonry(mesh, t, k, std::min(1.0, p.infilled - k));
    }
  }
}

}  // namespace jieding::scenes
