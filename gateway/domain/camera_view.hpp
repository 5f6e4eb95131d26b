#pragma once
// What a camera's pictures and what people mark in them may be: one law for the file, the page,
// `jieding calibrate` and vision.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace jieding {

/// A point in the picture, pixels from the upper left corner.
struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};

/// Of a facade, in this order everywhere.
using Corners = std::array<Point, 4>;
inline constexpr std::string_view corner_order = "ground left, ground right, roof right, roof left";

/// Of a side of a picture, px: with fewer a facade has no storeys to tell apart, more is beyond
/// what site cameras give.
inline constexpr int fewest_pixels = 64, most_pixels = 8192;
/// Of a whole picture: more is refused by its header, before it is decoded.
inline constexpr std::size_t most_pixels_in_all = 16'000'000;
/// Of one camera: each has a drawing of its own with every picture.
inline constexpr std::size_t most_facades = 16;
/// Planned above ground, beyond any building that people live in.
inline constexpr int most_storeys = 120;
/// Of a building, bytes: as of every text in the file (config/table.cpp).
inline constexpr std::size_t longest_name = 1000;
inline constexpr double least_storey_height_m = 2, most_storey_height_m = 10;

/// "1280 x 720"; `size`: width and height in px, here and below.
std::string size_text(std::array<int, 2> size);

bool all_inside(std::span<const Point> points, std::array<int, 2> size);

/// Whether corners go round an upright facade: only left turns, each of its sides from the ground
/// up, left on the left. The page looks at this before it asks (page/src/homography.ts).
bool go_round(const Corners& corners);

// Each says what is wrong and what to do; empty: nothing is. A size of zero is not known.

std::string wrong_image_size(std::array<int, 2> size);
/// Of a finished facade.
std::string wrong_corners(const Corners& corners, std::array<int, 2> size);
std::string wrong_mask(std::span<const Point> polygon, std::array<int, 2> size);

}  // namespace jieding
