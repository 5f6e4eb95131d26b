#include "tests/scenes/dice.hpp"
#include "tests/scenes/surroundings.hpp"
#include "tests/scenes/tower_parts.hpp"

namespace jieding::scenes {
namespace {

/// The crane's mast grows in steps ahead of the building.
double mast_top(const Moment& m) {
  const TowerPlan& t = m.plan.tower;
  const double reached = std::max<double>(m.tower.cast + t.offset, 3) * t.storey_height;
  const double step = 4 * t.storey_height;
  return std::min(std::ceil(reached / step) * step, t.height() + step) + m.plan.crane.above;
}

void add_crane(Mesh& mesh, const Moment& m) {
  const CranePlan& crane = m.plan.crane;
  Dice dice(m.plan.wishes.seed, "jib", m.number);
  mesh.place(crane.at, 0);
  const Paint paint{crane.colour, Surface::Plain, 0.9, 1, 3.5, 3};
  const double top = mast_top(m);
  mesh.lattice({0, 0, 0}, {0, 0, top}, crane.width, 2.4, 0.22, paint);
  const double angle = dice.between(0, 2 * pi);
  const Vec along{std::cos(angle), std::sin(angle), 0};
  const Vec hinge{0, 0, top + 1}, head{0, 0, top + 8};
  mesh.lattice(hinge, hinge + along * crane.jib, 1.2, 2.2, 0.16, paint);
  mesh.lattice(hinge, hinge - along * 14, 1.2, 2.2, 0.16, paint);
  mesh.strut(hinge, head, 0.9, paint);
  mesh.strut(head, hinge + along * (crane.jib * 0.75), 0.12, paint);
  mesh.strut(head, hinge - along * 13, 0.12, paint);
  const double hook = dice.between(0.25, 0.95) * crane.jib;
  const double rope = dice.between(0.1, 0.8) * top;
  const Vec trolley = hinge + along * hook;
  mesh.strut(trolley, trolley - Vec{0, 0, rope}, 0.1,
             {painted(0x404040), Surface::Plain, 1, 1, 3.5, 3});
  const Vec load = trolley - Vec{0, 0, rope};
  if (dice.chance(0.5))
    mesh.box(load - Vec{1.5, 0.5, 1}, load + Vec{1.5, 0.5, 0},
             {painted(0x8a6a4a), Surface::Plain, 1, 1, 3.5, 3});
  const Vec counter = hinge - along * 12;
  mesh.box(counter - Vec{1.4, 1.4, 1.6}, counter + Vec{1.4, 1.4, 1},
           {painted(0x9a9a94), Surface::Concrete, 1, 1, 3.5, 3});
  const Vec cabin = hinge + along * 1.2;
  mesh.box(cabin - Vec{0.8, 0.8, 1.2}, cabin + Vec{0.8, 0.8, 1},
           {painted(0xd8dde0), Surface::Plain, 1, 1, 3.5, 3});
}

void add_hoist(Mesh& mesh, const Moment& m) {
  const TowerPlan& t = m.plan.tower;
  Dice dice(m.plan.wishes.seed, "hoist"), now(m.plan.wishes.seed, "cage", m.number);
  const double x = dice.between(-0.4, 0.4) * t.width;
  const double top = std::max(1, m.tower.cast - 2) * t.storey_height;
  mesh.place(t.at, t.angle);
  const Paint steel{
      painted(dice.chance(0.5) ? 0xb8a03a : 0x8f9396), Surface::Plain, 0.9, 1, 3.5, 3};
  mesh.lattice({x, -2.6, 0}, {x, -2.6, top}, 0.8, 1.5, 0.1, steel);
  const double z = now.between(0, std::max(0.1, top - 4));
  mesh.box({x + 0.5, -3.4, z}, {x + 2.1, -1.6, z + 2.6},
           {painted(0xc2552e), Surface::Plain, 1, 1, 3.5, 3});
}

}  // namespace

void build_lifts(Mesh& mesh, const Moment& m) {
  if (m.tower.crane && m.plan.crane.there) add_crane(mesh, m);
  if (m.plan.surroundings.hoist && m.tower.hoist) add_hoist(mesh, m);
}

}  // namespace jieding::scenes
