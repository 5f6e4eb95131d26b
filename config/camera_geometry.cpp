#include "config/camera_geometry.hpp"

#include <algorithm>
#include <cmath>

namespace jieding::config {
namespace {

/// A tall building may stand partly outside the picture: so many of its corners must lie inside,
/// and the others at most one picture's width and height away from it.
constexpr int fewest_corners_inside = 2;

bool inside(Point point, std::array<int, 2> size) {
  return point.x >= 0 && point.y >= 0 && point.x <= size[0] && point.y <= size[1];
}

bool all_inside(std::span<const Point> points, std::array<int, 2> size) {
  return std::all_of(points.begin(), points.end(), [&](Point p) { return inside(p, size); });
}

bool enough_inside(std::span<const Point> corners, std::array<int, 2> size) {
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

/// From the ground's left end, to the right, up and back: only left turns, and the roof is above.
bool is_facade_order(const std::array<Point, 4>& corners) {
  for (std::size_t i = 0; i < 4; ++i) {
    if (turn(corners[i], corners[(i + 1) % 4], corners[(i + 2) % 4]) > -1.0) return false;
  }
  const double ground = corners[0].y + corners[1].y;
  const double roof = corners[2].y + corners[3].y;
  const double left = corners[0].x + corners[3].x;
  const double right = corners[1].x + corners[2].x;
  return ground > roof && left < right;
}

/// Twice the area within the polygon (shoelace formula). Unit: px².
double double_area(std::span<const Point> polygon) {
  double sum = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto& a = polygon[i];
    const auto& b = polygon[(i + 1) % polygon.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return std::abs(sum);
}

std::string size_text(std::array<int, 2> size) {
  return std::to_string(size[0]) + " x " + std::to_string(size[1]);
}

}  // namespace

std::string wrong_corners(const std::array<Point, 4>& corners, std::array<int, 2> size) {
  if (size[0] > 0 && !enough_inside(corners, size)) {
    return "outside the picture of " + size_text(size) +
           " pixels; at least two must lie inside, the others at most one picture's width and "
           "height away: move them, or correct image_size";
  }
  if (!is_facade_order(corners)) {
    return "do not go round the facade; write them in the order " + std::string(corner_order);
  }
  return {};
}

std::string wrong_mask(std::span<const Point> polygon, std::array<int, 2> size) {
  if (polygon.size() < 3 || double_area(polygon) < 2.0)
    return "hides nothing; write three or more points around what must not be seen";
  if (size[0] > 0 && !all_inside(polygon, size)) {
    return "outside the picture of " + size_text(size) +
           " pixels; move the points to its edge, or correct image_size";
  }
  return {};
}

}  // namespace jieding::config
