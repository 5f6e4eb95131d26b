#pragma once

#include <vector>

namespace jieding::vision {

/// Each value averaged with those up to `reach` rows away; values below 0 are unknown, and stay so
/// where all are.
std::vector<double> smoothed(const std::vector<double>& rows, int reach);

}  // namespace jieding::vision
