#include "tests/scenes/surroundings.hpp"

#include "tests/scenes/dice.hpp"
#include "tests/scenes/noise.hpp"
#include "tests/scenes/tower_parts.hpp"

namespace jieding::scenes {
namespace {

constexpr double far = 3000;  // metres

void add_ground_piece(Mesh& mesh, double x0, double y0, double x1, double y1, const Paint& paint) {
  if (x1 <= x0 || y1 <= y0) return;
  mesh.quad({x0, y0, 0}, {x1, y0, 0}, {x1, y1, 0}, {x0, y1, 0}, paint);
}

struct Area {
  double left, front, right, back;
};

/// `outer` without `hole`.
void add_ring(Mesh& mesh, Area outer, Area hole, const Paint& paint) {
  add_ground_piece(mesh, outer.left, outer.front, outer.right, hole.front, paint);
  add_ground_piece(mesh, outer.left, hole.back, outer.right, outer.back, paint);
  add_ground_piece(mesh, outer.left, hole.front, hole.left, hole.back, paint);
  add_ground_piece(mesh, hole.right, hole.front, outer.right, hole.back, paint);
}

void add_ground(Mesh& mesh, const Moment& m) {
  const SurroundingsPlan& around = m.plan.surroundings;
  const TowerPlan& t = m.plan.tower;
  const Vec meadow = mix(painted(0xa89468), around.grass, m.light.greenness);
  const Vec dead = mix(meadow, painted(0x9a7a3c), m.light.autumn * 0.5);
  const Paint grass{dead, Surface::Grass, 1, 1, 3.5, 3};
  Paint soil{around.soil, Surface::Soil, 1, around.relief, 3.5, 3};
  if (m.tower.landscape > 0.95) soil = {meadow * 1.1, Surface::Grass, 1, 1, 3.5, 3};
  const Area world{-far, -600, far, far};
  const double half = around.site_half_width;
  const Area site{-half, around.site_front, half, around.site_back};
  add_ring(mesh, world, site, grass);
  const double w = t.width / 2 + pit_margin;
  const Area pit{-w, -pit_margin, w, t.depth + pit_margin};
  const bool open = m.tower.dig > 0 && m.tower.base < 1;
  add_ring(mesh, site, pit, soil);
  if (!open) add_ground_piece(mesh, pit.left, pit.front, pit.right, pit.back, soil);
  // The road before the site, and paths once it is ready.
  const Paint road{painted(0x6f6f6e), Surface::Paving, 1, 1, 3.5, 3};
  const double y = around.site_front - 14;
  mesh.quad({-far / 4, y, 0.03}, {far / 4, y, 0.03}, {far / 4, y + 8, 0.03},
            {-far / 4, y + 8, 0.03}, road);
  if (m.tower.landscape > 0.6) {
    const Paint paving{painted(0xa8a39a), Surface::Paving, 1, 1, 3.5, 3};
    mesh.quad({-half * 0.8, -9, 0.04}, {half * 0.8, -9, 0.04}, {half * 0.8, -4, 0.04},
              {-half * 0.8, -4, 0.04}, paving);
  }
}

Paint house_paint(Dice& dice) {
  static constexpr std::array<unsigned, 6> colours{0xd8d2c4, 0xb8aa96, 0xcfd3d6,
                                                   0xa9765a, 0xe6e0d0, 0x9aa2a8};
  Paint paint;
  paint.colour = painted(colours[static_cast<std::size_t>(dice.whole(0, 5))]);
  paint.surface = Surface::Windows;
  paint.pitch_x = dice.between(2.6, 5);
  paint.pitch_y = dice.between(2.8, 3.3);
  return paint;
}

void add_house(Mesh& mesh, Vec at, double angle, double width, double depth, double height,
               Dice& dice) {
  mesh.place(at, angle);
  const Paint paint = house_paint(dice);
  mesh.box({-width / 2, 0, 0}, {width / 2, depth, height}, paint);
  Paint roof{paint.colour * 0.6, Surface::Concrete, 1, 1, 3.5, 3};
  mesh.box({-width / 2 - 0.2, -0.2, height}, {width / 2 + 0.2, depth + 0.2, height + 0.9}, roof);
  if (height > 25)
    mesh.box({-width * 0.15, depth * 0.3, height}, {width * 0.15, depth * 0.7, height + 4}, roof);
}

/// Where something stands that the camera sees `beyond` metres behind the tower, `aside` metres to
/// its right.
Vec behind_tower(const Plan& plan, double beyond, double aside) {
  const Vec eye = plan.camera.lens.eye();
  const Vec away = normalized({-eye.x, -eye.y, 0});
  return away * beyond + Vec{-away.y, away.x, 0} * -aside;
}

void add_neighbours(Mesh& mesh, const Moment& m) {
  const SurroundingsPlan& around = m.plan.surroundings;
  const TowerPlan& t = m.plan.tower;
  Dice dice(m.plan.wishes.seed, "neighbours");
  if (around.blocks) {
    const int count = dice.whole(4, 14);
    for (int i = 0; i < count; ++i) {
      const double beyond = dice.between(90, 420);
      const Vec at = behind_tower(m.plan, beyond, dice.between(-0.9, 0.9) * (beyond + 120));
      add_house(mesh, at, dice.between(-0.5, 0.5), dice.between(18, 60), dice.between(10, 15),
                dice.whole(2, 9) * 3.1, dice);
    }
  }
  if (around.behind) {
    const int count = dice.whole(1, 3);
    for (int i = 0; i < count; ++i) {
      const Vec at = behind_tower(m.plan, dice.between(70, 220), dice.between(-1, 1) * t.width);
      add_house(mesh, at, dice.between(-0.4, 0.4), dice.between(16, 34), dice.between(12, 18),
                t.height() * dice.between(0.5, 1.6), dice);
    }
  }
  if (around.beside) {
    const double side = -around.second_side;
    const double width = dice.between(16, 32);
    const double gap = t.width / 2 + width / 2 + dice.between(4, 18);
    add_house(mesh, {side * gap, dice.between(-12, 30), 0}, dice.between(-0.15, 0.15), width,
              dice.between(12, 18), t.height() * dice.between(0.6, 1.3), dice);
  }
}

void add_hills(Mesh& mesh, const Moment& m) {
  mesh.place({}, 0);
  const Vec eye = m.plan.camera.lens.eye();
  const double straight = std::atan2(-eye.y, -eye.x);
  const std::uint64_t seed = m.plan.wishes.seed;
  for (int ridge = 2; ridge >= 0; --ridge) {
    const double reach = 900 + 700 * ridge, high = 60 + 90 * ridge * unit(mixed(seed + 9));
    const Vec bare = mix(painted(0x77705a), painted(0x4f6340), m.light.greenness);
    const Paint paint{
        mix(bare, painted(0x9a6a35), m.light.autumn * 0.6), Surface::Hill, 1, 1, 3.5, 3};
    constexpr int steps = 90;
    const auto point = [&](int i) {
      const double angle = straight + (double(i) / steps - 0.5) * 2.4;
      const double rise = high * rough_noise(angle * 5 + 31 * ridge, 0.1 * double(seed % 97), 4);
      return Vec{eye.x + reach * std::cos(angle), eye.y + reach * std::sin(angle), rise};
    };
    for (int i = 0; i < steps; ++i) {
      const Vec a = point(i), b = point(i + 1);
      mesh.quad({a.x, a.y, -5}, {b.x, b.y, -5}, b, a, paint);
    }
  }
}

void add_tree(Mesh& mesh, Vec at, double size, Vec leaves, Vec to_eye, Dice& dice) {
  mesh.place({}, 0);
  const Vec side = normalized(cross({0, 0, 1}, to_eye));
  mesh.strut(at, at + Vec{0, 0, size * 0.5}, size * 0.07,
             {painted(0x4c3a2a), Surface::Plain, 0.8, 1, 3.5, 3});
  for (int i = 0; i < 9; ++i) {
    const double turn = dice.between(0, pi), r = size * dice.between(0.14, 0.26);
    const Vec centre = at + side * (size * 0.25 * dice.normal() * 0.8) +
                       Vec{0, 0, size * dice.between(0.4, 0.85)} + to_eye * (0.3 * i);
    const Vec u = side * (r * std::cos(turn)) + Vec{0, 0, r * std::sin(turn)};
    const Vec v = side * (-r * std::sin(turn)) + Vec{0, 0, r * std::cos(turn)};
    const Paint paint{
        leaves * dice.between(0.6, 1.2), Surface::Leaf, dice.between(0.6, 1), 1, 3.5, 3};
    mesh.quad(centre - u, centre - v, centre + u, centre + v, paint);
    mesh.quad(centre - u * 0.75 - v * 0.75, centre + u * 0.75 - v * 0.75,
              centre + u * 0.75 + v * 0.75, centre - u * 0.75 + v * 0.75, paint);
  }
}

void add_trees(Mesh& mesh, const Moment& m) {
  Dice dice(m.plan.wishes.seed, "trees");
  const Vec eye = m.plan.camera.lens.eye();
  const Vec to_eye = normalized({eye.x, eye.y, 0});
  const int count = dice.whole(20, 70);
  const bool evergreen = dice.chance(0.4);
  for (int i = 0; i < count; ++i) {
    const double beyond = dice.between(35, 260);
    const double aside = dice.between(-0.8, 0.8) * (beyond + 110);
    const Vec at = behind_tower(m.plan, beyond, aside);
    const Vec green = mix(painted(0x7a6c52), painted(0x476b2c), evergreen ? 1 : m.light.greenness);
    const Vec turned = painted(dice.chance(0.5) ? 0xb8792a : 0xa8531f);
    const Vec leaves = mix(green, turned, evergreen ? 0 : m.light.autumn);
    const double size = dice.between(5, 13);
    if (std::abs(at.x) < m.plan.surroundings.site_half_width &&
        at.y < m.plan.surroundings.site_back)
      continue;
    add_tree(mesh, at, size, leaves * dice.between(0.8, 1.15), to_eye, dice);
  }
}

}  // namespace

void build_surroundings(Mesh& mesh, const Moment& m) {
  mesh.place({}, 0);
  add_ground(mesh, m);
  if (m.plan.surroundings.hills) add_hills(mesh, m);
  add_neighbours(mesh, m);
  if (m.plan.surroundings.trees) add_trees(mesh, m);
}

}  // namespace jieding::scenes
