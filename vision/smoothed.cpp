#include "vision/smoothed.hpp"

#include <algorithm>

namespace jieding::vision {

std::vector<double> smoothed(const std::vector<double>& rows, int reach) {
  const int last = static_cast<int>(rows.size()) - 1;
  std::vector<double> out;
  for (int y = 0; y <= last; ++y) {
    double sum = 0;
    int count = 0;
    for (int i = std::max(0, y - reach); i <= std::min(last, y + reach); ++i) {
      if (rows[static_cast<std::size_t>(i)] < 0) continue;
      sum += rows[static_cast<std::size_t>(i)];
      ++count;
    }
    out.push_back(count > 0 ? sum / count : -1);
  }
  return out;
}

}  // namespace jieding::vision
