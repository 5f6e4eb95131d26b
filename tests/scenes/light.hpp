#pragma once

#include <string>
#include <vector>

#include "tests/scenes/dice.hpp"
#include "tests/scenes/plan.hpp"

namespace jieding::scenes {

enum class Condition {
  Clear,
  LowSun,
  Overcast,
  Hazy,
  Fog,
  DenseFog,
  Rain,
  Snow,
  Night,
  Dusk,
};

/// As in truth.csv.
std::string name_of(Condition condition);
Condition condition_of(const std::string& name);

struct Lamp {
  Vec at, colour;
  double radius = 0.25;  // metres, as it is seen
};

/// The light of one picture.
struct Light {
  Condition condition = Condition::Clear;
  Vec to_sun{0, 0, 1};
  Vec sun, zenith, horizon, ground;  // radiances
  double cloud_cover = 0, cloud_contrast = 0;
  Vec cloud_drift;
  double haze = 0;      // extinction per metre
  double low_mist = 0;  // more of it near the ground
  double exposure = 1;
  Vec balance{1, 1, 1};   // white balance of the sensor
  double gain_noise = 1;  // more at night
  double wet = 0, snow_cover = 0, cloud_shadow = 0;
  double greenness = 1, autumn = 0;  // of leaves and grass
  bool lamps_on = false;
  std::vector<Lamp> lamps;
};

/// Where the sun is, as seen on the site. `day_of_year` counts from 0, `hour` is local solar time.
Vec sun_direction(const ClimatePlan& climate, double day_of_year, double hour);

/// Weather by chance; what the sun's height forces (night, dusk, low sun) comes first.
Condition draw_condition(const ClimatePlan& climate, Vec to_sun, double day_of_year, Dice& dice);

Light light_of(const Plan& plan, Condition condition, double day_of_year, double hour, Dice& dice);

}  // namespace jieding::scenes
