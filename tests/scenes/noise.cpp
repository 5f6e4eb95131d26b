#include "tests/scenes/noise.hpp"

#include <array>

namespace jieding::scenes {
namespace {

constexpr int side = 256;

struct Lattice {
  Lattice() {
    Dice dice(4711, "noise");
    for (float& value : values)
      value = static_cast<float>(dice.unit());
  }
  double at(int x, int y) const {
    return static_cast<double>(values[static_cast<std::size_t>((y & 255) * side + (x & 255))]);
  }
  std::array<float, static_cast<std::size_t>(side) * side> values{};
};

const Lattice lattice;

/// std::floor is a call where the compiler may not assume SSE 4.1.
int whole_below(double x) {
  const int toward_zero = static_cast<int>(x);
  return x < toward_zero ? toward_zero - 1 : toward_zero;
}

}  // namespace

double noise(double x, double y) {
  const int ix = whole_below(x), iy = whole_below(y);
  const double tx = x - ix, ty = y - iy;
  const double sx = tx * tx * (3 - 2 * tx), sy = ty * ty * (3 - 2 * ty);
  const double top = lattice.at(ix, iy) * (1 - sx) + lattice.at(ix + 1, iy) * sx;
  const double bottom = lattice.at(ix, iy + 1) * (1 - sx) + lattice.at(ix + 1, iy + 1) * sx;
  return top * (1 - sy) + bottom * sy;
}

double rough_noise(double x, double y, int octaves) {
  double sum = 0, weight = 1, weights = 0;
  for (int i = 0; i < octaves; ++i) {
    sum += weight * noise(x + 17.3 * i, y - 9.1 * i);
    weights += weight;
    weight *= 0.5;
    x *= 2;
    y *= 2;
  }
  return sum / weights;
}

}  // namespace jieding::scenes
