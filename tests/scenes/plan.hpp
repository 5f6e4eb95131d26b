#pragma once

#include <optional>
#include <string>

#include "tests/scenes/lens.hpp"
#include "tests/scenes/wishes.hpp"

namespace jieding::scenes {

enum class Kind { Climbing, Wrapped, None };
enum class Cladding { BehindNet, DownInTheOpen, UpInTheOpen };

/// A tower as it is planned. Its facade stands on y = 0 before it is placed.
struct TowerPlan {
  std::uint64_t seed = 0;
  Vec at;
  double angle = 0;
  int storeys = 18;
  double storey_height = 2.9, width = 27, depth = 16;
  int bays = 5, bays_deep = 3;
  double slab = 0.2, beam = 0.45, column = 0.55;
  Kind kind = Kind::Climbing;
  double offset = 1.4;  // top of the net above the last slab, storeys
  double platform_storeys = 4.5;
  double climb_lag = 0.1;    // the share of a storey's cycle after which the scaffold follows
  double poles_above = 0.4;  // scaffold poles above the net, metres
  Vec net;
  double net_density = 0.9, net_fading = 0.2;
  bool hung_floors = true;  // rails at open floors
  double infill_lag = 6;    // storeys between the last slab and the masonry
  Vec infill, facade, accent, glass;
  double window_width = 0.6, window_height = 0.5;  // shares of bay and storey
  bool balconies = false;
  double core_ahead = 0.5, parapet = 1.2, roof_house = 3;
  Cladding cladding = Cladding::BehindNet;
  double height() const { return storeys * storey_height; }
};

struct CranePlan {
  bool there = true;
  Vec at;
  double jib = 45, counter_jib = 14, width = 1.8;
  double above = 12;  // metres over the scaffold
  Vec colour;
};

struct CameraPlan {
  Lens lens;
  double sway = 0.5;      // pixels, standard deviation
  double softness = 0.5;  // blur of a good lens, pixels
  double noise = 1.0;
  double contrast = 0.3;  // of its tone curve, 0..1
  double exposure_spread = 0.1, colour_spread = 0.02;
  int jpeg_quality = 85;
  std::optional<double> knock_px;
  double knock_at = 0.5;  // the share of the pictures before it
  double knock_turn = 0, knock_direction = 0;
  double click_error = 1;
  bool clock = false, foreground = false;
  double smudges = 0;  // lasting dirt on the glass
};

struct SurroundingsPlan {
  bool blocks = true, behind = false, beside = false, rising = false, hills = false, trees = false;
  bool fence = false, hoist = false;
  Vec soil, grass;
  double site_half_width = 45, site_front = -45, site_back = 40;
  double second_side = 1;  // of the tower, where another rises; a finished one stands on the other
  double relief = 0;       // roughness of the soil's colour
};

struct ClimatePlan {
  double cold = 0;  // 0 warm, 1 snow lies all winter
  double fog = 0.1, haze = 0.15, rain = 0.12, overcast = 0.25, clear = 0.4;
  double facing = 0;  // compass direction in which y points, radians from north
  double latitude = radians(31);
  bool cloud_shadows = false;
  double cumulus = 0.4;
};

/// Everything about a site that does not change with time.
struct Plan {
  Wishes wishes;
  TowerPlan tower, second;
  CranePlan crane;
  CameraPlan camera;
  SurroundingsPlan surroundings;
  ClimatePlan climate;
  std::string site_id;
  int start_at = 0;  // storeys that stand when the camera comes
};

Plan draw_plan(const Wishes& wishes);

/// A colour written as in pictures (0xRRGGBB), in linear light.
Vec painted(unsigned rgb);

}  // namespace jieding::scenes
