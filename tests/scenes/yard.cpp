#include "tests/scenes/dice.hpp"
#include "tests/scenes/surroundings.hpp"

namespace jieding::scenes {
namespace {

Paint plain(unsigned rgb) {
  return {painted(rgb), Surface::Plain, 1, 1, 3.5, 3};
}

void add_excavator(Mesh& mesh, Vec at, double angle, Dice& dice) {
  mesh.place(at, angle);
  const Paint body = plain(dice.chance(0.7) ? 0xd9a514 : 0xc4601c), dark = plain(0x2b2b2b);
  mesh.box({-2, -1.4, 0}, {2, -0.8, 0.9}, dark);
  mesh.box({-2, 0.8, 0}, {2, 1.4, 0.9}, dark);
  mesh.box({-2.2, -1.3, 1}, {1.4, 1.3, 2.6}, body);
  mesh.box({0.4, -1.2, 2.6}, {1.6, 0, 3.4}, plain(0x3a4a50));
  const double reach = dice.between(3, 6), lift = dice.between(2.5, 5);
  const Vec elbow{reach, 0.4, 1.8 + lift}, tip{reach + 2, 0.4, 0.6};
  mesh.strut({1, 0.4, 1.8}, elbow, 0.6, body);
  mesh.strut(elbow, tip, 0.5, body);
  mesh.box(tip - Vec{0.7, 0.6, 0.6}, tip + Vec{0.5, 0.6, 0.4}, dark);
}

void add_lorry(Mesh& mesh, Vec at, double angle, Dice& dice) {
  mesh.place(at, angle);
  static constexpr std::array<unsigned, 4> colours{0xb03a2a, 0x3a6a9a, 0xd8d8d4, 0x4a7a4a};
  mesh.box({-4, -1.2, 1}, {1.5, 1.2, 3},
           plain(colours[static_cast<std::size_t>(dice.whole(0, 3))]));
  mesh.box({1.8, -1.2, 0.6}, {3.8, 1.2, 2.9},
           plain(colours[static_cast<std::size_t>(dice.whole(0, 3))]));
  mesh.box({-4, -1.2, 0}, {3.8, 1.2, 0.9}, plain(0x2a2a2a));
}

void add_car(Mesh& mesh, Vec at, double angle, Dice& dice) {
  mesh.place(at, angle);
  static constexpr std::array<unsigned, 5> colours{0xe0e0e0, 0x2c2c30, 0x8a1f1f, 0x3a4f7a,
                                                   0x9a9a9a};
  const Paint paint = plain(colours[static_cast<std::size_t>(dice.whole(0, 4))]);
  mesh.box({-2.2, -0.9, 0.3}, {2.2, 0.9, 0.95}, paint);
  mesh.box({-1.2, -0.8, 0.95}, {1.3, 0.8, 1.5}, plain(0x2f363a));
}

void add_person(Mesh& mesh, Vec at, Dice& dice) {
  mesh.place(at, 0);
  mesh.box({-0.2, -0.15, 0}, {0.2, 0.15, 0.85}, plain(0x2f3340));
  mesh.box({-0.27, -0.18, 0.85}, {0.27, 0.18, 1.5}, plain(dice.chance(0.6) ? 0xe0701c : 0xc8d02a));
  mesh.box({-0.14, -0.14, 1.5}, {0.14, 0.14, 1.78}, plain(dice.chance(0.5) ? 0xe8c020 : 0xd8d8d8));
}

void add_huts(Mesh& mesh, const Moment& m, Dice& dice) {
  const SurroundingsPlan& around = m.plan.surroundings;
  const double side = dice.chance(0.5) ? 1 : -1;
  const int count = dice.whole(2, 6), floors = dice.whole(1, 2);
  const unsigned trim = dice.chance(0.6) ? 0x3f74b0 : 0x8a3a2a;
  for (int i = 0; i < count; ++i) {
    mesh.place({side * (around.site_half_width - 8), around.site_front * 0.5 + 7.0 * i, 0}, 0);
    const double high = 2.8 * floors;
    Paint wall{painted(0xe4e6e4), Surface::Windows, 1, 1, 3, 2.8};
    mesh.box({-3, 0, 0}, {3, 6, high}, wall);
    mesh.box({-3.2, -0.2, high}, {3.2, 6.2, high + 0.35}, plain(trim));
  }
}

void add_stacks(Mesh& mesh, const Moment& m, Dice& dice) {
  static constexpr std::array<unsigned, 5> colours{0x8a5a3a, 0xa07a4a, 0x6a6a6a, 0x3a70b0,
                                                   0xb8b8b0};
  const SurroundingsPlan& around = m.plan.surroundings;
  const int count = dice.whole(4, 14);
  for (int i = 0; i < count; ++i) {
    const double x = dice.between(-0.85, 0.85) * around.site_half_width;
    mesh.place({x, dice.between(around.site_front * 0.8, -8), 0}, dice.between(0, pi));
    const double length = dice.between(1.5, 6), wide = dice.between(1, 3),
                 high = dice.between(0.5, 2);
    mesh.box({0, 0, 0}, {length, wide, high},
             plain(colours[static_cast<std::size_t>(dice.whole(0, 4))]));
  }
}

void add_fence(Mesh& mesh, const Moment& m, Dice& dice) {
  const SurroundingsPlan& around = m.plan.surroundings;
  mesh.place({}, 0);
  const Paint paint = plain(dice.chance(0.5) ? 0x3c78b4 : dice.chance(0.5) ? 0x3f8a58 : 0xd0d2d0);
  const double high = dice.between(2, 3), y = around.site_front + 1;
  for (double x = -around.site_half_width; x < around.site_half_width - 1; x += 3) {
    Paint panel = paint;
    panel.colour = panel.colour * dice.between(0.85, 1.1);
    mesh.box({x, y, 0}, {x + 2.95, y + 0.1, high}, panel);
  }
}

void add_traffic(Mesh& mesh, const Moment& m) {
  const SurroundingsPlan& around = m.plan.surroundings;
  Dice dice(m.plan.wishes.seed, "traffic", m.number);
  const auto spot = [&] {
    return Vec{dice.between(-0.9, 0.9) * around.site_half_width,
               dice.between(around.site_front * 0.9, -7), 0};
  };
  const bool earthworks = m.tower.cast == 0;
  const int diggers = dice.whole(earthworks ? 1 : 0, earthworks ? 4 : 2);
  for (int i = 0; i < diggers; ++i)
    add_excavator(mesh, spot(), dice.between(0, 6.28), dice);
  const int lorries = dice.whole(0, 3), people = dice.whole(0, 12), cars = dice.whole(0, 5);
  for (int i = 0; i < lorries; ++i)
    add_lorry(mesh, spot(), dice.between(0, 6.28), dice);
  for (int i = 0; i < people; ++i)
    add_person(mesh, spot(), dice);
  for (int i = 0; i < cars; ++i) {
    const Vec at{dice.between(-60, 60), around.site_front - (dice.chance(0.5) ? 12 : 8), 0};
    add_car(mesh, at, dice.chance(0.5) ? 0 : pi, dice);
  }
}

}  // namespace

void build_yard(Mesh& mesh, const Moment& m) {
  if (m.tower.landscape > 0.95) return;
  Dice fixed(m.plan.wishes.seed, "yard");
  if (m.tower.dig > 0 || m.tower.base > 0) add_huts(mesh, m, fixed);
  // What lies about stays for some weeks.
  Dice weeks(m.plan.wishes.seed, "stacks", static_cast<std::uint64_t>(m.day / 24));
  if (m.tower.base > 0) add_stacks(mesh, m, weeks);
  if (m.plan.surroundings.fence) add_fence(mesh, m, fixed);
  add_traffic(mesh, m);
}

}  // namespace jieding::scenes
