#include "tests/scenes/framing.hpp"

#include <algorithm>

namespace jieding::scenes {
namespace {

/// What of the picture the finished tower is to fill.
struct Composition {
  double height_share, ground_row_share;  // of the picture's height
  double column_share;                    // where its middle lies
};

Composition compose(const Wishes& wishes, Dice& dice) {
  const double column = dice.between(0.36, 0.64);
  const int drawn = dice.weighted({0.78, 0.14, 0.08});
  const double share = dice.between(0.52, 0.8), beyond = dice.between(1.15, 1.6);
  const double low = dice.between(0.84, 0.94);
  const std::string view = wishes.view.value_or(drawn == 0   ? "whole"
                                                : drawn == 1 ? "no_roof"
                                                             : "no_ground");
  if (view == "no_roof") return {beyond, low, column};
  if (view == "no_ground") return {beyond * 0.8, 1.02 + beyond * 0.12, column};
  return {share, std::min(low, 0.5 + share / 2 + 0.06), column};
}

}  // namespace

Lens framed(const Plan& plan, Dice& dice) {
  const Wishes& wishes = plan.wishes;
  const TowerPlan& tower = plan.tower;
  const double drawn_yaw = dice.chance(0.3) ? dice.between(-5, 5) : dice.between(-35, 35);
  const double yaw = radians(wishes.yaw_deg.value_or(drawn_yaw));
  const double size = std::max(tower.height(), tower.width * 1.1);
  const double distance =
      wishes.distance_m.value_or(std::clamp(size * dice.between(1.5, 2.8), 60.0, 320.0));
  const double high = dice.chance(0.3) ? dice.between(20, 50) : dice.between(4, 20);
  const double height = wishes.camera_height_m.value_or(std::min(high, tower.height() * 0.8));
  const Composition wanted = compose(wishes, dice);
  const double roll = radians(dice.between(-0.8, 0.8));

  const Vec eye{distance * std::sin(yaw), -distance * std::cos(yaw), height};
  const Vec ground{0, 0, 0}, roof{0, 0, tower.height()};
  Vec target{0, 0, tower.height() / 2};
  double focal = wishes.height * 1.3;
  const Vec right = normalized(cross(target - eye, {0, 0, 1}));
  for (int step = 0; step < 40; ++step) {
    const Lens lens(eye, target, focal, wishes.width, wishes.height, roll);
    const Spot low = lens.project(ground), high_spot = lens.project(roof);
    focal *= wanted.height_share * wishes.height / std::max(1.0, low.y - high_spot.y);
    const double metres = distance / focal;
    target.z += (wanted.ground_row_share * wishes.height - low.y) * metres * 0.8;
    target += right * ((low.x - wanted.column_share * wishes.width) * metres * 0.8);
  }
  // No lens of a site camera is longer than this, so a low house stays small in the picture.
  return Lens(eye, target, std::min(focal, wishes.width * 3.0), wishes.width, wishes.height, roll);
}

}  // namespace jieding::scenes
