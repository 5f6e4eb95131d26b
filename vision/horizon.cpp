#include "vision/horizon.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace jieding::vision {
namespace {

using Corners = std::array<Point, 4>;

constexpr double click_error = 0.0012;  ///< of the picture's width
constexpr double tilt = 0.012;          ///< of a fixed camera to the side, radians
constexpr double steepest_usual = 0.2;  ///< tangent by which cameras look up or down
constexpr double farthest = 4;          ///< heights of the picture that an estimate may lie outside
/// Focal lengths in widths of the picture, for 75, 53 and 37 degrees of view, with their share.
constexpr double focal_lengths[][2] = {{0.65, 0.3}, {1.0, 0.4}, {1.5, 0.3}};

struct Guess {
  double value = 0, sigma = 0;
};

/// Row in which the ground line and the roof line meet.
double level_row(const Corners& c) {
  const double ground = (c[1].y - c[0].y) / (c[1].x - c[0].x);
  const double roof = (c[2].y - c[3].y) / (c[2].x - c[3].x);
  const double turn = ground - roof;
  if (std::abs(turn) < 1e-6) return 1e9;
  const double x = (c[3].y - roof * c[3].x - c[0].y + ground * c[0].x) / turn;
  return c[0].y + ground * (x - c[0].x);
}

/// The level row, and how far an error of the clicks moves it.
Guess measured_level(const Corners& corners, cv::Size image) {
  Guess out{level_row(corners), 0};
  if (!(std::abs(out.value - image.height / 2.0) < farthest * image.height))
    return {image.height / 2.0, 1e6};
  for (std::size_t i = 0; i < 4; ++i) {
    Corners moved = corners;
    moved[i].y += click_error * image.width;
    const double by = level_row(moved) - out.value;
    out.sigma += by * by;
  }
  out.sigma = std::sqrt(out.sigma) + tilt * image.width;
  return out;
}

/// Tangent by which the camera looks up over its focal length, 1/px: upright edges lean by that for
/// each pixel from the picture's middle, and all alike by the camera's tilt.
Guess measured_pitch(const Corners& c, cv::Size image, double usual) {
  double xx = 1 / (usual * usual), x = 0, n = 1 / (tilt * tilt), xy = 0, y = 0;
  for (const auto& [low, high] : {std::pair{c[0], c[3]}, std::pair{c[1], c[2]}}) {
    const double at = (low.x + high.x) / 2 - image.width / 2.0;
    const double lean = (high.x - low.x) / (high.y - low.y);
    const double error = 1.4 * click_error * image.width / (high.y - low.y);
    const double weight = 1 / (error * error);
    xx += weight * at * at, x += weight * at, n += weight;
    xy += weight * at * lean, y += weight * lean;
  }
  const double spread = xx * n - x * x;
  return {(xy * n - x * y) / spread, std::sqrt(n / spread)};
}

Guess both(const Guess& a, const Guess& b) {
  const double wa = 1 / (a.sigma * a.sigma), wb = 1 / (b.sigma * b.sigma);
  return {(a.value * wa + b.value * wb) / (wa + wb), 1 / std::sqrt(wa + wb)};
}

}  // namespace

std::vector<Horizon> horizons_of(const Corners& corners, cv::Size image) {
  const Guess level = measured_level(corners, image);
  std::vector<Horizon> out;
  double sum = 0;
  for (const auto& [focal, share] : focal_lengths) {
    const double f = focal * image.width;
    const Guess pitch = measured_pitch(corners, image, steepest_usual / f);
    const Guess upright{image.height / 2.0 + f * f * pitch.value, f * f * pitch.sigma};
    const double apart = (upright.value - level.value) / std::hypot(upright.sigma, level.sigma);
    out.push_back({both(upright, level).value, share * (std::exp(-0.5 * apart * apart) + 0.02)});
    sum += out.back().weight;
  }
  for (Horizon& horizon : out)
    horizon.weight /= sum;
  return out;
}

}  // namespace jieding::vision
