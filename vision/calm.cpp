#include "vision/calm.hpp"

#include <algorithm>
#include <utility>

#include "vision/at_share.hpp"
#include "vision/facade.hpp"
#include "vision/smoothed.hpp"

namespace jieding::vision {
namespace {

/// So much more than what calm places beside show, within these bounds. On 277 pictures of four
/// rendered sites 4.5 % of the pixels above a building have changed by this, and 82 % of those that
/// hang or stand before what was there.
constexpr double over_calm = 2.5, calm_bias = 1.3;
constexpr double changed_least = 1.6, changed_most = 3.0;
constexpr double calm_share = 0.75;  ///< of the places beside are at least that calm

/// Residual over noise that most of the columns from `from` to `to` of a row keep to; -1 unknown.
double usual_distance(const Change& change, int y, int from, int to) {
  std::vector<float> all;
  for (int x = from; x < to; ++x)
    if (change.known.at<uchar>(y, x) != 0) all.push_back(change.distance.at<float>(y, x));
  if (2 * static_cast<int>(all.size()) < to - from) return -1;
  return static_cast<double>(at_share(std::move(all), calm_share));
}

}  // namespace

std::vector<double> changed_from(const Change& change) {
  std::vector<double> left, right, out;
  for (int y = 0; y < change.distance.rows; ++y) {
    left.push_back(usual_distance(change, y, 0, side_columns - near_columns));
    right.push_back(
        usual_distance(change, y, side_columns + facade_columns + near_columns, strip_columns));
  }
  left = smoothed(left, rows_per_storey / 2);
  right = smoothed(right, rows_per_storey / 2);
  for (const double calm : quieter(left, right)) {
    out.push_back(calm < 0 ? changed_most
                           : std::clamp(calm_bias + over_calm * calm, changed_least, changed_most));
  }
  return out;
}

std::vector<double> quieter(const std::vector<double>& left, const std::vector<double>& right) {
  std::vector<double> out;
  for (std::size_t y = 0; y < left.size(); ++y)
    out.push_back(left[y] < 0 ? right[y] : right[y] < 0 ? left[y] : std::min(left[y], right[y]));
  return out;
}

}  // namespace jieding::vision
