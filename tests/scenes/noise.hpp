#pragma once

#include <cstdint>

#include "tests/scenes/dice.hpp"

namespace jieding::scenes {

/// Smooth noise in [0, 1] with a cell of 1; repeats after 256 cells.
double noise(double x, double y);

/// Noise with finer and finer detail, in [0, 1].
double rough_noise(double x, double y, int octaves);

/// The same random number in [0, 1) for everything in one cell of a plane.
constexpr double cell_number(std::int64_t x, std::int64_t y, std::uint64_t salt = 0) {
  return unit(mixed(static_cast<std::uint64_t>(x) * 0x9E3779B1ULL +
                    static_cast<std::uint64_t>(y) * 0x85EBCA77C2B2AE63ULL + salt));
}

}  // namespace jieding::scenes
