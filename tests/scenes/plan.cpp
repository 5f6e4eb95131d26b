#include "tests/scenes/plan.hpp"

#include <array>

#include "tests/scenes/dice.hpp"
#include "tests/scenes/framing.hpp"

namespace jieding::scenes {
namespace {

template <std::size_t n>
Vec one_of(Dice& dice, const std::array<unsigned, n>& colours) {
  const Vec base = painted(colours[static_cast<std::size_t>(dice.whole(0, n - 1))]);
  return base * dice.between(0.85, 1.15);
}

Kind kind_of(const std::string& word) {
  if (word == "climbing") return Kind::Climbing;
  return word == "wrapped" ? Kind::Wrapped : Kind::None;
}

Vec net_colour(Dice& dice, const std::optional<std::string>& wish) {
  static constexpr std::array<const char*, 5> names{"green", "blue", "grey", "white", "orange"};
  static constexpr std::array<std::array<unsigned, 3>, 5> shades{{{0x2f8a45, 0x1e6b3a, 0x4f9a5a},
                                                                  {0x2f6fb0, 0x3d85c0, 0x1f4f8a},
                                                                  {0x8a8f90, 0x6f7678, 0xa3a49e},
                                                                  {0xd8dad6, 0xc6cac8, 0xe2e0d8},
                                                                  {0xd8762c, 0xc9642a, 0xe08c4a}}};
  int index = dice.weighted({0.4, 0.2, 0.18, 0.12, 0.1});
  for (int i = 0; wish && i < 5; ++i)
    if (*wish == names[static_cast<std::size_t>(i)]) index = i;
  return one_of(dice, shades[static_cast<std::size_t>(index)]);
}

void draw_scaffold(TowerPlan& tower, Dice& dice, const Wishes& wishes) {
  tower.kind = static_cast<Kind>(dice.weighted({0.42, 0.3, 0.28}));
  if (wishes.kind) tower.kind = kind_of(*wishes.kind);
  const bool climbing = tower.kind == Kind::Climbing;
  tower.offset = climbing ? dice.between(1.2, 1.7) : dice.between(0.7, 1.2);
  if (wishes.offset) tower.offset = *wishes.offset;
  tower.platform_storeys = dice.between(4, 5);
  tower.climb_lag = dice.between(0, 0.12);
  tower.poles_above = dice.chance(0.6) ? dice.between(0.2, 1.3) : 0;
  tower.net_density = dice.between(0.84, 0.99);
  tower.net_fading = dice.between(0, 0.5);
  const int cladding =
      tower.kind == Kind::None ? dice.weighted({0, 0.6, 0.4}) : dice.weighted({0.75, 0.15, 0.1});
  tower.cladding = static_cast<Cladding>(cladding);
  if (wishes.cladding)
    tower.cladding = *wishes.cladding == "net"    ? Cladding::BehindNet
                     : *wishes.cladding == "down" ? Cladding::DownInTheOpen
                                                  : Cladding::UpInTheOpen;
}

void draw_looks(TowerPlan& tower, Dice& dice) {
  tower.infill = one_of(dice, std::array{0xb06a4cU, 0xc7b7a3U, 0xb9bcbaU, 0x9a5a44U, 0xcfcac0U});
  tower.facade =
      one_of(dice, std::array{0xd9cbb0U, 0xe4e2dcU, 0xb98a6aU, 0xa7a39bU, 0xcfd6d8U, 0x8f6a55U});
  tower.accent = one_of(dice, std::array{0x8c5a44U, 0x6f7a80U, 0xe8e6e0U, 0xb7862cU, 0x4d565cU});
  tower.glass = one_of(dice, std::array{0x4b5a63U, 0x6b8794U, 0x39444bU});
  tower.window_width = dice.between(0.42, 0.75);
  tower.window_height = dice.between(0.4, 0.6);
  tower.balconies = dice.chance(0.4);
}

TowerPlan draw_tower(std::uint64_t seed, const Wishes& wishes) {
  TowerPlan tower;
  tower.seed = seed;
  Dice dice(seed, "tower");
  tower.storeys = dice.chance(0.7) ? dice.whole(11, 33) : dice.whole(6, 40);
  if (wishes.storeys) tower.storeys = *wishes.storeys;
  tower.storey_height = dice.between(2.8, 3.15);
  tower.bays = dice.whole(4, 9);
  tower.bays_deep = dice.whole(2, 4);
  const double slender = std::max(16.0, tower.height() * dice.between(0.28, 0.5));
  tower.width = std::min(64.0, std::max(tower.bays * dice.between(3.6, 6.2), slender));
  tower.bays = std::max(tower.bays, static_cast<int>(tower.width / 6.5));
  tower.depth = tower.bays_deep * dice.between(4, 6.5);
  tower.slab = dice.between(0.15, 0.25);
  tower.beam = dice.between(0.25, 0.6);
  tower.column = dice.between(0.4, 0.8);
  tower.infill_lag = dice.between(3, 11);
  tower.hung_floors = dice.chance(0.6);
  tower.core_ahead = dice.between(0, 0.9);
  tower.parapet = dice.between(1.0, 1.6);
  tower.roof_house = dice.chance(0.8) ? dice.between(2.5, 5) : 0;
  Dice scaffold(seed, "scaffold");
  tower.net = net_colour(scaffold, wishes.net);
  draw_scaffold(tower, scaffold, wishes);
  Dice looks(seed, "looks");
  draw_looks(tower, looks);
  return tower;
}

void draw_second(Plan& plan, Dice& dice) {
  Wishes own;
  plan.second = draw_tower(mixed(plan.wishes.seed + 1000), own);
  TowerPlan& second = plan.second;
  if (dice.chance(0.7)) {  // mostly of the same contractor, so with the same scaffold
    second.kind = plan.tower.kind;
    second.net = plan.tower.net;
    second.facade = plan.tower.facade;
    second.infill = plan.tower.infill;
  }
  second.storeys = std::clamp(plan.tower.storeys + dice.whole(-8, 4), 5, 40);
  const double side = plan.surroundings.second_side;
  const double gap = plan.tower.width / 2 + second.width / 2 + dice.between(5, 22);
  second.at = {side * gap, dice.between(-14, 45), 0};
  second.angle = dice.between(-0.15, 0.15);
}

void draw_crane(Plan& plan, Dice& dice) {
  CranePlan& crane = plan.crane;
  const TowerPlan& tower = plan.tower;
  const int place = dice.weighted({0.4, 0.35, 0.25});  // beside, behind, in front
  const double side = dice.chance(0.5) ? 1 : -1;
  if (place == 0)
    crane.at = {side * (tower.width / 2 + dice.between(3, 6)), dice.between(0, 10), 0};
  if (place == 1)
    crane.at = {side * dice.between(0, tower.width / 2), tower.depth + dice.between(3, 5), 0};
  if (place == 2) crane.at = {side * dice.between(2, tower.width / 2), -dice.between(4, 6), 0};
  crane.jib = dice.between(35, 60);
  crane.above = dice.between(7, 20);
  crane.colour = one_of(dice, std::array{0xe0b21cU, 0xd8cf3aU, 0xc23b22U, 0xd9d9d4U, 0xd9822bU});
}

void draw_surroundings(Plan& plan, Dice& dice) {
  SurroundingsPlan& around = plan.surroundings;
  around.blocks = dice.chance(0.7);
  around.behind = dice.chance(0.35);
  around.beside = dice.chance(0.35);
  around.rising = dice.chance(0.5);
  around.hills = dice.chance(0.3);
  around.trees = dice.chance(0.55);
  around.fence = dice.chance(0.3);
  around.hoist = dice.chance(0.4);
  if (const auto& only = plan.wishes.background) {
    around.blocks = *only == "blocks";
    around.behind = *only == "behind";
    around.beside = *only == "beside";
    around.rising = *only == "rising";
    around.hills = *only == "hills";
    around.trees = *only == "trees";
  }
  around.fence = plan.wishes.fence.value_or(around.fence);
  around.hoist = plan.wishes.hoist.value_or(around.hoist);
  around.second_side = dice.chance(0.5) ? 1 : -1;
  around.soil = one_of(dice, std::array{0xa58a6dU, 0x8f7a62U, 0xb59c80U, 0x9a6f50U, 0x8d8578U});
  around.grass = one_of(dice, std::array{0x6f8a45U, 0x5f7a3dU, 0x8a8f55U, 0x7d9a58U});
  around.site_half_width = plan.tower.width / 2 + dice.between(20, 50);
  around.site_front = -dice.between(25, 60);
  around.site_back = plan.tower.depth + dice.between(10, 40);
  around.relief = dice.between(0.1, 0.5);
}

void draw_climate(Plan& plan, Dice& dice) {
  ClimatePlan& climate = plan.climate;
  const int kind = dice.weighted({0.35, 0.4, 0.25});
  climate.cold = kind == 2 ? dice.between(0.6, 1) : kind == 1 ? dice.between(0, 0.35) : 0;
  if (const auto& word = plan.wishes.climate)
    climate.cold = *word == "cold" ? 0.9 : *word == "mild" ? 0.25 : 0;
  climate.latitude = radians(climate.cold > 0.5 ? dice.between(40, 56) : dice.between(23, 37));
  climate.fog = dice.between(0.03, 0.14);
  climate.haze = dice.between(0.05, 0.25);
  climate.rain = dice.between(0.05, 0.16);
  climate.overcast = dice.between(0.15, 0.4);
  climate.clear = dice.between(0.25, 0.55);
  climate.facing = dice.between(0, 2 * pi);
  climate.cumulus = dice.chance(0.6) ? dice.between(0.2, 0.75) : 0;
  climate.cloud_shadows = plan.wishes.cloud_shadows.value_or(dice.chance(0.35));
}

void draw_camera(Plan& plan, Dice& dice) {
  CameraPlan& camera = plan.camera;
  camera.lens = framed(plan, dice);
  camera.sway = plan.wishes.sway_px.value_or(dice.between(0.1, 0.9));
  camera.softness = dice.between(0.3, 0.9);
  camera.contrast = dice.between(0.1, 0.7);
  camera.noise = dice.between(0.6, 2.2);
  camera.exposure_spread = dice.between(0.03, 0.16);
  camera.colour_spread = dice.between(0.005, 0.04);
  camera.jpeg_quality = dice.whole(68, 92);
  const double size = dice.chance(0.5) ? dice.between(2, 8) : dice.between(8, 30);
  if (dice.chance(0.3)) camera.knock_px = size;
  if (plan.wishes.knock_px) camera.knock_px = *plan.wishes.knock_px;
  if (camera.knock_px && *camera.knock_px <= 0) camera.knock_px.reset();
  camera.knock_at = dice.between(0.2, 0.8);
  camera.knock_direction = dice.between(0, 2 * pi);
  camera.knock_turn = radians(dice.between(-0.35, 0.35)) * std::min(1.0, size / 12);
  camera.click_error = plan.wishes.click_error_px.value_or(1.0);
  camera.clock = plan.wishes.clock_in_picture.value_or(dice.chance(0.3));
  camera.foreground = plan.wishes.foreground.value_or(dice.chance(0.15));
  camera.smudges = dice.chance(0.25) ? dice.between(0.2, 1) : 0;
}

}  // namespace

Vec painted(unsigned rgb) {
  const auto linear = [](unsigned byte) { return std::pow(byte / 255.0, 2.2); };
  return {linear(rgb >> 16U & 255U), linear(rgb >> 8U & 255U), linear(rgb & 255U)};
}

Plan draw_plan(const Wishes& wishes) {
  Plan plan;
  plan.wishes = wishes;
  plan.site_id = "render-" + std::to_string(wishes.seed);
  plan.tower = draw_tower(wishes.seed, wishes);
  Dice second(wishes.seed, "second"), crane(wishes.seed, "crane");
  Dice around(wishes.seed, "surroundings"), climate(wishes.seed, "climate");
  Dice camera(wishes.seed, "camera"), arrival(wishes.seed, "arrival");
  draw_surroundings(plan, around);
  draw_second(plan, second);
  draw_crane(plan, crane);
  draw_climate(plan, climate);
  draw_camera(plan, camera);
  if (arrival.chance(0.25)) plan.start_at = arrival.whole(2, plan.tower.storeys * 2 / 3);
  plan.start_at = std::min(wishes.storeys_at_start.value_or(plan.start_at), plan.tower.storeys - 1);
  return plan;
}

}  // namespace jieding::scenes
