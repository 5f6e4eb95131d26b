#include "tests/scenes/site.hpp"

#include <algorithm>
#include <array>

#include "tests/scenes/clock.hpp"
#include "tests/scenes/dice.hpp"
#include "tests/scenes/shading.hpp"
#include "tests/scenes/surroundings.hpp"
#include "tests/scenes/tower.hpp"

namespace jieding::scenes {
namespace {

double second_delay(std::uint64_t seed) {
  return Dice(seed, "delay").between(0, 260);
}

}  // namespace

std::string Shot::file() const {
  return file_stamp(at) + ".jpg";
}

std::string Shot::conditions() const {
  const std::string light = scenes::name_of(condition), fault_name = scenes::name_of(fault);
  return fault_name.empty() ? light : light + "+" + fault_name;
}

char Shot::usable() const {
  if (fault != Fault::None || condition == Condition::DenseFog) return '0';
  const bool hard =
      condition == Condition::Fog || condition == Condition::Night || condition == Condition::Dusk;
  return hard ? '?' : '1';
}

Site::Site(const Wishes& wishes)
    : plan_(draw_plan(wishes)),
      schedule_(plan_.tower, wishes, wishes.seed),
      second_schedule_(plan_.second, wishes, wishes.seed + 1, second_delay(wishes.seed)) {
  Dice dice(wishes.seed, "calendar");
  constexpr std::int64_t first = 1609459200;  // 2021-01-01
  begins_ = first + 86400LL * dice.whole(0, 5 * 365);
  draw_shots();
  draw_faults();
}

std::int64_t Site::time_of(double day) const {
  return begins_ + static_cast<std::int64_t>(day * 86400);
}

std::size_t Site::knocked_at() const {
  if (!plan_.camera.knock_px) return shots_.size();
  return static_cast<std::size_t>(plan_.camera.knock_at * static_cast<double>(shots_.size()));
}

std::vector<double> Site::draw_days(Dice& dice) const {
  const int count = plan_.wishes.frames;
  static constexpr std::array<const char*, 3> names{"phases", "even", "sparse"};
  const std::string series = plan_.wishes.series.value_or(
      names[static_cast<std::size_t>(dice.weighted({0.6, 0.34, 0.06}))]);
  const double late = plan_.start_at > 0 ? schedule_.cast_day(plan_.start_at) + 0.5 : 0;
  const double cast = schedule_.first_cast_day(), topped = schedule_.topping_out_day();
  std::vector<double> days;
  const auto spread = [&](double from, double to, double share) {
    const int part = std::max(1, static_cast<int>(std::lround(share * count)));
    from = std::max(from, late);
    for (int i = 0; i < part && to > from; ++i)
      days.push_back(mix(from, to, (i + dice.between(0.1, 0.9)) / part));
  };
  if (series == "sparse") {
    const double from = std::max(late, mix(cast, topped - 77, dice.between(0.1, 0.9)));
    for (int i = 0; i < std::min(10, count); ++i)
      days.push_back(from + 7.7 * i + dice.between(0, 5));
  } else if (series == "even") {
    spread(0, schedule_.last_day(), 1);
  } else {
    const double nearly = schedule_.cast_day(plan_.tower.storeys - 1);
    spread(0, cast, 0.13);
    spread(cast, nearly, 0.5);
    spread(nearly, topped + 14, 0.2);
    spread(topped + 14, schedule_.last_day(), 0.17);
  }
  std::sort(days.begin(), days.end());
  return days;
}

/// An hour of the day (local solar time) that fits the light asked for.
double Site::draw_hour(double day, Dice& dice) const {
  const auto& wished = plan_.wishes.condition;
  const bool night = wished ? *wished == "night" : dice.chance(0.1);
  double hour = dice.between(6.2, 17.8);
  if (night) return dice.between(19.5, 23.5);
  if (!wished && dice.chance(0.93)) return hour;
  double low = 0.25, high = 1.0;
  if (wished && *wished == "low_sun") low = 0.05, high = 0.22;
  if (!wished || *wished == "dusk") low = -0.1, high = 0.01;
  for (int i = 0; i < 200; ++i) {
    const double sun = sun_direction(plan_.climate, day_of_year(time_of(day)), hour).z;
    if (sun > low && sun < high) break;
    hour = dice.between(4, 21);
  }
  return hour;
}

void Site::draw_shots() {
  Dice dice(plan_.wishes.seed, "shots");
  std::int64_t last = 0;
  for (const double drawn : draw_days(dice)) {
    const double hour = draw_hour(drawn, dice);
    Shot shot;
    const double local = std::floor(drawn) + (hour - local_offset_hours) / 24;
    shot.at = std::max(time_of(local) / 60 * 60, last + 600);
    last = shot.at;
    shot.day = static_cast<double>(shot.at - begins_) / 86400;
    const Vec sun = sun_direction(plan_.climate, day_of_year(shot.at), hour);
    shot.condition = plan_.wishes.condition
                         ? condition_of(*plan_.wishes.condition)
                         : draw_condition(plan_.climate, sun, day_of_year(shot.at), dice);
    shot.tower = schedule_.at(shot.day);
    if (plan_.start_at > 0 && shot.tower.cast < plan_.start_at) continue;
    shot.shown = shots_.size();
    shots_.push_back(shot);
  }
}

void Site::draw_faults() {
  Dice dice(plan_.wishes.seed, "faults");
  const double share = plan_.wishes.bad_share.value_or(dice.between(0.03, 0.13));
  for (std::size_t i = 2; i < shots_.size(); ++i) {
    if (!dice.chance(share)) continue;
    Shot& shot = shots_[i];
    static constexpr std::array<Fault, 7> faults{Fault::Dark,    Fault::BlownOut,  Fault::Defocus,
                                                 Fault::Blocked, Fault::DirtyLens, Fault::Torn,
                                                 Fault::Frozen};
    const int kind = dice.weighted({0.09, 0.09, 0.2, 0.18, 0.12, 0.16, 0.08, 0.08});
    if (kind == 7) {
      if (!plan_.wishes.condition) shot.condition = Condition::DenseFog;
      continue;
    }
    shot.fault = faults[static_cast<std::size_t>(kind)];
    const bool wet_or_dark = shot.condition == Condition::Night;
    if (shot.fault == Fault::BlownOut && wet_or_dark) shot.fault = Fault::Defocus;
    if (shot.fault == Fault::Frozen) {
      shot.shown = shots_[i - 1].shown;
      shot.condition = shots_[i - 1].condition;
      if (shots_[i - 1].fault == Fault::Torn) shot.fault = Fault::None, shot.shown = i;
    }
  }
}

Lens Site::lens(std::size_t number) const {
  Lens lens = plan_.camera.lens;
  Dice sway(plan_.wishes.seed, "sway", number);
  const CameraPlan& camera = plan_.camera;
  lens.nudge({camera.sway * sway.normal(), camera.sway * sway.normal()},
             radians(0.01) * camera.sway * sway.normal());
  if (number >= knocked_at())
    lens.nudge({*camera.knock_px * std::cos(camera.knock_direction),
                *camera.knock_px * std::sin(camera.knock_direction)},
               camera.knock_turn);
  return lens;
}

Mesh Site::mesh(std::size_t number, const Light& light) const {
  const Shot& shot = shots_[number];
  const Progress second = second_schedule_.at(shot.day);
  const Moment moment{plan_, light, shot.tower, second, shot.day, number};
  Mesh mesh;
  build_surroundings(mesh, moment);
  build_tower(mesh, plan_.tower, shot.tower);
  build_scaffold(mesh, plan_.tower, shot.tower);
  if (plan_.surroundings.rising && second.cast > 0) {
    build_tower(mesh, plan_.second, second);
    build_scaffold(mesh, plan_.second, second);
  }
  build_lifts(mesh, moment);
  build_yard(mesh, moment);
  mesh.place({}, 0);
  for (const Lamp& lamp : light.lamps) {
    const Vec half{lamp.radius, lamp.radius, lamp.radius};
    mesh.box(lamp.at - half, lamp.at + half, {lamp.colour * 0.1, Surface::Lamp, 1, 1, 3.5, 3});
  }
  return mesh;
}

cv::Mat Site::picture(std::size_t number) const {
  const std::size_t shown = shots_[number].shown;
  const Shot& shot = shots_[shown];
  const std::uint64_t seed = plan_.wishes.seed;
  Dice light_dice(seed, "light", shown), sensor(seed, "sensor", shown);
  Light light =
      light_of(plan_, shot.condition, day_of_year(shot.at), local_hour(shot.at), light_dice);
  if (shot.tower.landscape > 0.95) light.lamps.clear();  // nobody works there any more
  const double radius = std::max(70.0, 0.75 * plan_.tower.height() + plan_.tower.width) + 30;
  cv::Mat picture = light_on_picture(mesh(shown, light), lens(shown), light, radius);
  add_weather(picture, light, sensor);
  add_lens(picture, plan_.camera, seed, shot.fault, sensor);
  cv::Mat out = developed(picture, plan_.camera, light, shot.fault, sensor);
  if (plan_.camera.clock) write_clock(out, camera_clock(shot.at));
  return out;
}

std::string Site::jpeg(std::size_t number) const {
  std::string bytes = jpeg_of(picture(number), plan_.camera.jpeg_quality);
  if (shots_[number].fault != Fault::Torn) return bytes;
  Dice dice(plan_.wishes.seed, "torn", number);
  bytes.resize(
      static_cast<std::size_t>(static_cast<double>(bytes.size()) * dice.between(0.2, 0.85)));
  return bytes;
}

std::array<Spot, 4> Site::clicked_corners() const {
  const TowerPlan& t = plan_.tower;
  Dice dice(plan_.wishes.seed, "clicks");
  const double w = t.width / 2, h = t.height();
  std::array<Spot, 4> corners;
  const std::array<Vec, 4> points{{{-w, 0, 0}, {w, 0, 0}, {w, 0, h}, {-w, 0, h}}};
  for (std::size_t i = 0; i < 4; ++i) {
    const Spot exact = plan_.camera.lens.project(points[i]);
    const double error = plan_.camera.click_error;
    corners[i] = {exact.x + error * dice.normal(), exact.y + error * dice.normal()};
  }
  return corners;
}

}  // namespace jieding::scenes
