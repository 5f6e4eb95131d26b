#pragma once

#include <algorithm>
#include <cmath>

namespace jieding::scenes {

/// A point or direction in metres (x along the facade, y away behind it, z up), or a linear colour
/// (r, g, b).
struct Vec {
  double x = 0, y = 0, z = 0;
};

constexpr Vec operator+(Vec a, Vec b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
constexpr Vec operator-(Vec a, Vec b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
constexpr Vec operator-(Vec a) {
  return {-a.x, -a.y, -a.z};
}
constexpr Vec operator*(Vec a, Vec b) {
  return {a.x * b.x, a.y * b.y, a.z * b.z};
}
constexpr Vec operator*(Vec a, double s) {
  return {a.x * s, a.y * s, a.z * s};
}
constexpr Vec operator*(double s, Vec a) {
  return a * s;
}
constexpr Vec& operator+=(Vec& a, Vec b) {
  return a = a + b;
}
constexpr double dot(Vec a, Vec b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
constexpr Vec cross(Vec a, Vec b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline double length(Vec a) {
  return std::sqrt(dot(a, a));
}
inline Vec normalized(Vec a) {
  return a * (1.0 / std::max(1e-12, length(a)));
}
constexpr Vec mix(Vec a, Vec b, double share) {
  return a * (1 - share) + b * share;
}
constexpr double mix(double a, double b, double share) {
  return a * (1 - share) + b * share;
}

/// 0 below `low`, 1 above `high`, smooth between.
constexpr double ramp(double low, double high, double x) {
  const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

constexpr double pi = 3.14159265358979323846;
constexpr double radians(double degrees) {
  return degrees * pi / 180;
}

}  // namespace jieding::scenes
