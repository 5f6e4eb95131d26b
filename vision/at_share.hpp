#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace jieding::vision {

/// The value below which this share (0 up to 1) of `values` lies; there must be at least one.
template <class T>
T at_share(std::vector<T> values, double share) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size()));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// Of an even number of values the upper one in the middle.
template <class T>
T median(std::vector<T> values) {
  return at_share(std::move(values), 0.5);
}

}  // namespace jieding::vision
