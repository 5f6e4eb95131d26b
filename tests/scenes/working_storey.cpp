#include "tests/scenes/noise.hpp"
#include "tests/scenes/tower_parts.hpp"

// A storey of a concrete frame, by the share of its time: the slab is fresh; rebar of the columns;
// their formwork, then the columns; the deck of the next slab on props; its rebar and rails; the
// slab is cast and the next storey begins.

namespace jieding::scenes {
namespace {

constexpr double rail_height = 1.1;  // metres
const Vec rust = painted(0x6a4632), timber = painted(0xb98d52), steel = painted(0x7d7f80);

Paint thin(Vec colour) {
  return {colour, Surface::Plain, 0.9, 1, 3.5, 3};
}

void add_rail(Mesh& mesh, const TowerPlan& t, double z, Vec colour) {
  const double w = t.width / 2 - 0.1, back = t.depth - 0.1;
  const std::array<Vec, 4> corners{{{-w, 0.1, z}, {w, 0.1, z}, {w, back, z}, {-w, back, z}}};
  for (std::size_t i = 0; i < 4; ++i) {
    const Vec from = corners[i], to = corners[(i + 1) % 4];
    for (const double up : {0.55, rail_height})
      mesh.strut(from + Vec{0, 0, up}, to + Vec{0, 0, up}, 0.06, thin(colour));
    const int posts = std::max(1, static_cast<int>(length(to - from) / 2));
    for (int k = 0; k < posts; ++k) {
      const Vec foot = mix(from, to, double(k) / posts);
      mesh.strut(foot, foot + Vec{0, 0, rail_height}, 0.07, thin(colour));
    }
  }
}

void add_props(Mesh& mesh, const TowerPlan& t, double left, double right, double foot, double top) {
  const int across = std::max(1, static_cast<int>((right - left) / 1.5));
  const int deep = static_cast<int>(t.depth / 2.5);
  for (int i = 0; i <= across; ++i) {
    for (int j = 0; j <= deep; ++j) {
      const Vec at{mix(left + 0.4, right - 0.4, double(i) / across),
                   mix(0.5, t.depth - 0.5, double(j) / deep), foot};
      mesh.strut(at, {at.x, at.y, top}, 0.07, thin(steel * 0.7));
    }
  }
}

/// One column: rebar, formwork, concrete, by how far the work on all of them is (0..1).
void add_column(Mesh& mesh, const TowerPlan& t, double x, double y, double foot, double done) {
  const double half = t.column / 2, top = foot + t.storey_height - t.beam;
  if (done <= 0) {  // starter bars
    for (const double dx : {-half, half})
      mesh.strut({x + dx, y, foot}, {x + dx, y, foot + 0.9}, 0.07, thin(rust));
  } else if (done < 0.45) {
    for (const double dx : {-half, 0.0, half})
      mesh.strut({x + dx, y, foot}, {x + dx, y, top + 0.8}, 0.08, thin(rust));
  } else if (done < 0.85) {
    const double out = half + 0.08;
    mesh.box({x - out, y - out, foot}, {x + out, y + out, top},
             {timber, Surface::Timber, 0.8, 1, 3.5, 3});
    mesh.strut({x, y, top}, {x, y, top + 0.8}, 0.2, thin(rust));
  } else {
    mesh.box({x - half, y - half, foot}, {x + half, y + half, top}, concrete(t, 0.7));
    mesh.strut({x, y, top}, {x, y, top + 0.7}, 0.2, thin(rust));
  }
}

void add_columns_at_work(Mesh& mesh, const TowerPlan& t, const Progress& p, double foot) {
  const double work = (p.cycle - 0.1) / 0.4;
  for (int i = 0; i <= t.bays; ++i) {
    for (int j = 0; j <= t.bays_deep; ++j) {
      const double turn = 0.5 * cell_number(i, j, t.seed + static_cast<std::uint64_t>(p.cast));
      const double x = std::clamp(bay(t, i), -t.width / 2 + 0.35, t.width / 2 - 0.35);
      const double y = std::clamp(row(t, j), 0.35, t.depth - 0.35);
      add_column(mesh, t, x, y, foot, (work - turn) / 0.5);
    }
  }
}

/// The deck of the next slab, bay after bay.
void add_deck(Mesh& mesh, const TowerPlan& t, const Progress& p, double foot) {
  const double built = (p.cycle - 0.48) / 0.35;
  if (built <= 0) return;
  const bool from_left = (mixed(t.seed + static_cast<std::uint64_t>(p.cast)) & 1U) != 0;
  const double end = std::min(1.0, built) * t.width, w = t.width / 2;
  const double left = from_left ? -w : w - end, right = from_left ? -w + end : w;
  const double top = foot + t.storey_height;
  const Paint wood{timber, Surface::Timber, 0.9, 1, 3.5, 3};
  mesh.box({left, 0, top - t.slab - 0.12}, {right, t.depth, top - t.slab}, wood);
  for (const double y : {-0.12, t.depth})  // edge boards and the forms of the beams
    mesh.box({left - 0.1, y, top - t.beam}, {right + 0.1, y + 0.12, top + 0.05}, wood);
  mesh.box({left - 0.1, 0, top - t.beam}, {left, t.depth, top + 0.05}, wood);
  mesh.box({right, 0, top - t.beam}, {right + 0.1, t.depth, top + 0.05}, wood);
  add_props(mesh, t, left, right, foot, top - t.slab - 0.12);
  if (p.cycle < 0.85) return;
  mesh.quad({-w + 0.3, 0.3, top - 0.1}, {w - 0.3, 0.3, top - 0.1},
            {w - 0.3, t.depth - 0.3, top - 0.1}, {-w + 0.3, t.depth - 0.3, top - 0.1}, thin(rust));
  add_rail(mesh, t, top, steel);
}

/// On the roof slab: rebar of the parapet, then its formwork, until it is cast.
void add_parapet_work(Mesh& mesh, const TowerPlan& t, const Progress& p) {
  const double z = t.height(), w = t.width / 2, high = z + t.parapet;
  if (p.cycle < 0.25) return;
  if (p.cycle > 0.65) {
    const Paint wood{timber, Surface::Timber, 0.9, 1, 3.5, 3};
    mesh.box({-w, 0, z}, {w, 0.25, high}, wood);
    mesh.box({-w, 0.25, z}, {-w + 0.25, t.depth, high}, wood);
    mesh.box({w - 0.25, 0.25, z}, {w, t.depth, high}, wood);
    return;
  }
  const int bars = static_cast<int>(t.width / 0.6);
  for (int i = 0; i <= bars; ++i) {
    const double x = mix(-w + 0.1, w - 0.1, double(i) / bars);
    mesh.strut({x, 0.1, z}, {x, 0.1, high}, 0.06, thin(rust));
  }
}

}  // namespace

void add_working_storey(Mesh& mesh, const TowerPlan& t, const Progress& p) {
  const double h = t.storey_height, top = p.cast * h;
  const int first_propped = std::max(0, p.cast - 2);
  for (int k = first_propped; k < p.cast && !p.parapet; ++k)
    add_props(mesh, t, -t.width / 2, t.width / 2, k * h, (k + 1) * h - t.slab);
  if (t.hung_floors && t.kind == Kind::None) {
    for (int k = std::max(1, static_cast<int>(p.infilled) + 1); k < p.cast; ++k)
      add_rail(mesh, t, k * h, steel * 0.8);
  }
  if (p.parapet) return;
  if (t.kind == Kind::None && p.cast > 0) add_rail(mesh, t, top, painted(0xb0482f));
  if (p.cast == t.storeys) return add_parapet_work(mesh, t, p);
  add_columns_at_work(mesh, t, p, top);
  add_deck(mesh, t, p, top);
}

}  // namespace jieding::scenes
