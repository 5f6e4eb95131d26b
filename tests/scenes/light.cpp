#include "tests/scenes/light.hpp"

#include <array>
#include <stdexcept>

#include "tests/scenes/dice.hpp"
#include "tests/scenes/noise.hpp"

namespace jieding::scenes {
namespace {

constexpr std::array<const char*, 10> names{"clear",     "low_sun", "overcast", "hazy",  "fog",
                                            "dense_fog", "rain",    "snow",     "night", "dusk"};

/// Clear sky and sun by the sun's height.
void set_clear(Light& light, const ClimatePlan& climate, Dice& dice) {
  const double height = std::max(0.02, light.to_sun.z);
  const double air = std::exp(-0.22 / (height + 0.06));
  light.sun = Vec{2.6, 2.6 * (0.55 + 0.45 * air), 2.5 * (0.25 + 0.72 * air)} * (0.35 + 0.65 * air);
  light.zenith = mix(Vec{0.16, 0.24, 0.42}, Vec{0.2, 0.36, 0.72}, air) * dice.between(0.7, 1.1);
  light.horizon = mix(Vec{0.85, 0.62, 0.45}, Vec{0.62, 0.74, 0.86}, air);
  light.cloud_cover = dice.chance(0.7) ? climate.cumulus * dice.between(0.3, 1.2) : 0;
  light.cloud_contrast = 1;
  light.haze = dice.between(0.0001, 0.0008);
  light.cloud_shadow = climate.cloud_shadows ? light.cloud_cover : 0;
}

void set_grey(Light& light, double brightness, double contrast) {
  light.sun = {};
  light.zenith = Vec{0.62, 0.64, 0.67} * brightness;
  light.horizon = Vec{0.66, 0.67, 0.69} * brightness;
  light.cloud_cover = 1;
  light.cloud_contrast = contrast;
}

void set_night(Light& light, Dice& dice, double tower_height) {
  light.sun = {};
  const double glow = dice.between(0.3, 1.5);
  light.zenith = Vec{0.004, 0.005, 0.009} * glow;
  light.horizon = Vec{0.013, 0.011, 0.011} * glow;
  light.haze = dice.between(0.0002, 0.002);
  light.gain_noise = dice.between(2, 4.5);
  light.cloud_cover = dice.chance(0.5) ? 0.6 : 0;
  light.cloud_contrast = 0.3;
  light.lamps_on = true;
  const int count = dice.whole(2, 5);
  for (int i = 0; i < count; ++i) {
    const bool cool = dice.chance(0.6);
    const Vec colour = cool ? Vec{0.95, 1.0, 1.05} : Vec{1.1, 0.85, 0.55};
    const double side = i % 2 == 0 ? 1 : -1;
    const double up = dice.chance(0.3) ? tower_height * dice.between(0.2, 1.0) : 0;
    const Vec at{side * dice.between(16, 42), dice.between(-38, -6), dice.between(8, 18) + up};
    light.lamps.push_back({at, colour * dice.between(200, 900), dice.between(0.25, 0.6)});
  }
}

/// How much of a thing 60 m and more away is still seen, set by the distance of the tower.
double extinction(double transmitted, double distance) {
  return -std::log(transmitted) / distance;
}

void set_weather(Light& light, const Plan& plan, Dice& dice) {
  const double distance = length(plan.camera.lens.eye());
  switch (light.condition) {
    case Condition::Clear:
    case Condition::LowSun:
      return set_clear(light, plan.climate, dice);
    case Condition::Overcast:
      set_grey(light, dice.between(0.8, 1.15), dice.between(0.1, 0.9));
      light.haze = dice.between(0.0003, 0.0015);
      return;
    case Condition::Hazy:
      set_clear(light, plan.climate, dice);
      light.sun = light.sun * dice.between(0.1, 0.6);
      light.zenith = light.horizon = mix(light.horizon, {0.66, 0.66, 0.64}, 0.8);
      light.cloud_cover = 0;
      light.haze = extinction(dice.between(0.5, 0.8), distance);
      return;
    case Condition::Fog:
      set_grey(light, dice.between(0.85, 1.1), 0.05);
      light.haze = extinction(dice.between(0.12, 0.4), distance);
      light.low_mist = dice.chance(0.4) ? dice.between(0.5, 1.5) * light.haze : 0;
      return;
    case Condition::DenseFog:
      set_grey(light, dice.between(0.85, 1.1), 0.02);
      light.haze = extinction(dice.between(0.0005, 0.01), distance);
      return;
    case Condition::Rain:
    case Condition::Snow:
      set_grey(light, dice.between(0.7, 1), 0.2);
      light.haze = extinction(dice.between(0.45, 0.85), distance);
      light.wet = light.condition == Condition::Rain ? 1 : 0;
      return;
    case Condition::Night:
      return set_night(light, dice, plan.tower.height());
    case Condition::Dusk:
      set_night(light, dice, plan.tower.height());
      light.zenith = Vec{0.02, 0.033, 0.075} * dice.between(0.5, 2);
      light.horizon = Vec{0.11, 0.085, 0.09} * dice.between(0.5, 1.6);
      light.gain_noise = dice.between(1.2, 2.2);
      return;
  }
}

void set_season(Light& light, const ClimatePlan& climate, double day_of_year, Dice& dice) {
  const double summer = 0.5 - 0.5 * std::cos(2 * pi * (day_of_year - 20) / 365);
  light.greenness = mix(ramp(0.2, 0.6, summer), 0.8, climate.cold > 0.1 ? 0.0 : 0.6);
  const double late = ramp(265, 300, day_of_year) * (1 - ramp(325, 350, day_of_year));
  light.autumn = late * (0.3 + 0.7 * std::min(1.0, climate.cold * 1.5));
  const double winter = ramp(0.22, 0.08, summer);
  // Snow lies for some weeks and goes again: the same in all pictures of those days.
  const double lies =
      ramp(0.72 - 0.7 * climate.cold, 0.9 - 0.7 * climate.cold, noise(day_of_year / 11.0, 3.3));
  light.snow_cover = climate.cold > 0.05 ? winter * lies : 0;
  if (light.condition == Condition::Snow)
    light.snow_cover = std::max(light.snow_cover, dice.between(0.2, 0.9));
}

/// The exposure that a camera would choose, and how it misses.
void set_exposure(Light& light, const CameraPlan& camera, Dice& dice) {
  const double sky = (light.zenith.y + light.horizon.y) / 2;
  const double lit = sky + 0.4 * light.sun.y * std::max(0.15, light.to_sun.z);
  double key = 0.62 / std::max(0.05, lit);
  if (light.condition == Condition::Night) key = 1.6;
  if (light.condition == Condition::Dusk) key = 1.5;
  light.exposure = key * std::exp(camera.exposure_spread * dice.normal());
  light.balance = {std::exp(camera.colour_spread * dice.normal()), 1,
                   std::exp(camera.colour_spread * dice.normal())};
}

}  // namespace

std::string name_of(Condition condition) {
  return names[static_cast<std::size_t>(condition)];
}

Condition condition_of(const std::string& name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (name == names[i]) return static_cast<Condition>(i);
  throw std::invalid_argument("no such condition: " + name);
}

Vec sun_direction(const ClimatePlan& climate, double day_of_year, double hour) {
  const double declination = radians(-23.44) * std::cos(2 * pi * (day_of_year + 10) / 365);
  const double angle = radians(15 * (hour - 12));
  const double lat = climate.latitude;
  const double east = -std::cos(declination) * std::sin(angle);
  const double north = std::cos(lat) * std::sin(declination) -
                       std::sin(lat) * std::cos(declination) * std::cos(angle);
  const double up = std::sin(lat) * std::sin(declination) +
                    std::cos(lat) * std::cos(declination) * std::cos(angle);
  const double c = std::cos(climate.facing), s = std::sin(climate.facing);
  return normalized({east * c - north * s, east * s + north * c, up});
}

Condition draw_condition(const ClimatePlan& climate, Vec to_sun, double day_of_year, Dice& dice) {
  const double summer = 0.5 - 0.5 * std::cos(2 * pi * (day_of_year - 20) / 365);
  const double snow = summer < 0.2 ? climate.cold * climate.rain * 1.5 : 0;
  const double rain = summer < 0.2 ? climate.rain * (1 - climate.cold) : climate.rain;
  const int weather =
      dice.weighted({climate.clear, climate.overcast, climate.haze, climate.fog, rain, snow});
  if (to_sun.z < -0.1) return Condition::Night;
  if (to_sun.z < 0.01) return Condition::Dusk;
  if (weather == 0) return to_sun.z < 0.22 ? Condition::LowSun : Condition::Clear;
  static constexpr std::array<Condition, 6> kinds{Condition::Clear, Condition::Overcast,
                                                  Condition::Hazy,  Condition::Fog,
                                                  Condition::Rain,  Condition::Snow};
  return kinds[static_cast<std::size_t>(weather)];
}

Light light_of(const Plan& plan, Condition condition, double day_of_year, double hour, Dice& dice) {
  Light light;
  light.condition = condition;
  light.to_sun = sun_direction(plan.climate, day_of_year, hour);
  if (light.to_sun.z < 0.03) light.to_sun = normalized({light.to_sun.x, light.to_sun.y, 0.12});
  set_weather(light, plan, dice);
  set_season(light, plan.climate, day_of_year, dice);
  light.ground = plan.surroundings.soil *
                 ((light.zenith + light.horizon) * 0.5 + light.sun * (0.35 * light.to_sun.z));
  light.cloud_drift = {dice.between(0, 100), dice.between(0, 100), 0};
  set_exposure(light, plan.camera, dice);
  return light;
}

}  // namespace jieding::scenes
