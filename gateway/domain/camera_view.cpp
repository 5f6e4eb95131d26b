#include "gateway/domain/camera_view.hpp"

#include <algorithm>
#include <cmath>

namespace jieding {
namespace {

/// A tall building may stand partly outside the picture: so many of its corners must lie inside,
/// and the others at most one picture's width and height away from it.
constexpr int fewest_corners_inside = 2;
/// Of a facade, px²: a smaller one has no storeys to tell apart.
constexpr double least_facade_area = 100;
/// Times as high as it is wide: a camera on its side has 1.8. Vision works on pictures of one
/// width.
constexpr int most_upright = 2;
/// Of a mask, px²: what is smaller is a slip of the hand.
constexpr double least_mask_area = 1;

bool inside(Point point, std::array<int, 2> size) {
  return point.x >= 0 && point.y >= 0 && point.x <= size[0] && point.y <= size[1];
}

bool enough_inside(const Corners& corners, std::array<int, 2> size) {
  const auto near = [&](Point p) {
    return p.x >= -size[0] && p.y >= -size[1] && p.x <= 2 * size[0] && p.y <= 2 * size[1];
  };
  const auto count =
      std::count_if(corners.begin(), corners.end(), [&](Point p) { return inside(p, size); });
  return count >= fewest_corners_inside && std::all_of(corners.begin(), corners.end(), near);
}

/// Negative where the way a → b → c turns left in the picture (y grows downwards). Unit: px².
double turn(Point a, Point b, Point c) {
  return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
}

/// Within the polygon (shoelace formula). Unit: px².
double area(std::span<const Point> polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto& a = polygon[i];
    const auto& b = polygon[(i + 1) % polygon.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return std::abs(twice) / 2;
}

}  // namespace

std::string size_text(std::array<int, 2> size) {
  return std::to_string(size[0]) + " x " + std::to_string(size[1]);
}

bool all_inside(std::span<const Point> points, std::array<int, 2> size) {
  return std::all_of(points.begin(), points.end(), [&](Point p) { return inside(p, size); });
}

// Every comparison is false for what is no number.
bool go_round(const Corners& corners) {
  const auto& [ground_left, ground_right, roof_right, roof_left] = corners;
  for (std::size_t i = 0; i < 4; ++i) {
    if (!(turn(corners[i], corners[(i + 1) % 4], corners[(i + 2) % 4]) <= -1)) return false;
  }
  return ground_left.y > roof_left.y && ground_right.y > roof_right.y &&
         ground_left.x < ground_right.x && roof_left.x < roof_right.x;
}

std::string wrong_image_size(std::array<int, 2> size) {
  const bool sides = std::all_of(size.begin(), size.end(), [](int side) {
    return side >= fewest_pixels && side <= most_pixels;
  });
  if (!sides)
    return "wrong value; write [WIDTH, HEIGHT] in pixels, " + std::to_string(fewest_pixels) +
           " to " + std::to_string(most_pixels) + " each";
  if (size[1] > most_upright * size[0])
    return "a picture of " + size_text(size) + " pixels is too narrow; it may be " +
           std::to_string(most_upright) + " times as high as wide: write [WIDTH, HEIGHT]";
  if (static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) <= most_pixels_in_all)
    return {};
  return "a picture of " + size_text(size) + " pixels is too large; set the camera to at most " +
         std::to_string(most_pixels_in_all / 1'000'000) + " megapixels";
}

std::string wrong_corners(const Corners& corners, std::array<int, 2> size) {
  if (size[0] > 0 && !enough_inside(corners, size)) {
    return "outside the picture of " + size_text(size) +
           " pixels; at least two must lie inside, the others at most one picture's width and "
           "height away: move them, or correct image_size";
  }
  if (!go_round(corners)) {
    return "do not go round an upright facade; write them in the order " +
           std::string(corner_order);
  }
  if (area(corners) <= least_facade_area) {
    return "enclose hardly anything; write those of the whole facade, or take a longer lens if it "
           "is so small";
  }
  return {};
}

std::string wrong_mask(std::span<const Point> polygon, std::array<int, 2> size) {
  if (polygon.size() < 3 || !(area(polygon) >= least_mask_area))
    return "hides nothing; write three or more points around what must not be seen";
  if (size[0] > 0 && !all_inside(polygon, size)) {
    return "outside the picture of " + size_text(size) +
           " pixels; move the points to its edge, or correct image_size";
  }
  return {};
}

}  // namespace jieding
