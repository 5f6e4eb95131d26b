#pragma once

#include <cmath>

namespace jieding::vision {

/// Density of the normal distribution.
inline double gauss(double x, double sigma) {
  return std::exp(-0.5 * x * x / (sigma * sigma)) / (sigma * std::sqrt(2 * M_PI));
}

}  // namespace jieding::vision
