#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace jieding::scenes {

/// What the caller forces; everything else is drawn from the seed. Words as in --help of
/// render_site.
struct Wishes {
  std::uint64_t seed = 1;
  int frames = 80;
  int width = 1280, height = 720;
  std::optional<std::string> kind, net, view, background, condition, climate, pace, series,
      cladding;
  std::optional<int> storeys, storeys_at_start;
  std::optional<double> yaw_deg, distance_m, camera_height_m, offset, knock_px, bad_share;
  std::optional<double> click_error_px, sway_px;
  std::optional<bool> clock_in_picture, cloud_shadows, foreground, fence, hoist;
  bool tell_start = true;  // write storeys_at_start into site.toml
};

/// Reads `--name value` pairs; what is not an option is returned in order. Throws
/// std::invalid_argument with one line.
std::vector<std::string> read_wishes(int argc, char** argv, Wishes& wishes);

/// What --help prints.
std::string wishes_help();

}  // namespace jieding::scenes
