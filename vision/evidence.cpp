#include "vision/evidence.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

namespace jieding::vision {
namespace {

constexpr double changed_at = 3.0;  ///< residual over noise at which a pixel is half "changed"
constexpr double changed_width = 0.6;
constexpr double half_filled = 0.42;  ///< share of a row above which it speaks for a building
/// Share of the width that a closed band fills, and how much more or less of it weighs.
constexpr double solid_filled = 0.72, solid_weight = 6;
constexpr double block_filled = 0.5;     ///< mean share of the width that makes rows a block
constexpr double side_tolerance = 14.0;  ///< grey levels
constexpr int near_columns = facade_columns / 8;  ///< scaffolds reach out by some percent
constexpr int margin_columns = 3;  ///< beside the corners people click a few pixels off

/// Share of the columns from `from` to `to` in a row that the pool cannot explain; -1 unknown.
double changed_share(const Change& change, int y, int from, int to) {
  const auto* distance = change.distance.ptr<float>(y);
  const auto* known = change.known.ptr<uchar>(y);
  double sum = 0;
  int count = 0;
  for (int x = from; x < to; ++x) {
    if (known[x] == 0) continue;
    sum += 1.0 / (1.0 + std::exp((changed_at - static_cast<double>(distance[x])) / changed_width));
    ++count;
  }
  return 2 * count < to - from ? -1.0 : sum / count;
}

std::vector<double> changed_rows(const Change& change, int from, int to) {
  std::vector<double> out;
  for (int y = 0; y < change.distance.rows; ++y)
    out.push_back(changed_share(change, y, from, to));
  return out;
}

/// What lies beside the building in the same rows changes with light and weather as what lies
/// behind it does. The quieter side counts: on the other one a neighbour or the building's own side
/// face may stand. Smoothed over a storey.
std::vector<double> restless_rows(const Change& change) {
  const std::vector<double> left = changed_rows(change, 0, side_columns - near_columns);
  const std::vector<double> right =
      changed_rows(change, side_columns + facade_columns + near_columns, strip_columns);
  std::vector<double> least, out;
  for (std::size_t y = 0; y < left.size(); ++y)
    least.push_back(left[y] < 0 ? right[y] : right[y] < 0 ? left[y] : std::min(left[y], right[y]));
  const int reach = rows_per_storey / 3, last = static_cast<int>(least.size()) - 1;
  for (int y = 0; y <= last; ++y) {
    double sum = 0;
    const int from = std::max(0, y - reach), to = std::min(last, y + reach);
    for (int i = from; i <= to; ++i)
      sum += std::max(0.0, least[static_cast<std::size_t>(i)]);
    out.push_back(sum / (to - from + 1));
  }
  return out;
}

cv::Vec3f row_median(const cv::Mat& strip, int y, int from, int to) {
  std::array<std::vector<uchar>, 3> channels;
  for (int x = from; x < to; ++x)
    for (std::size_t c = 0; c < 3; ++c)
      channels[c].push_back(strip.at<cv::Vec3b>(y, x)[static_cast<int>(c)]);
  cv::Vec3f out;
  for (std::size_t c = 0; c < 3; ++c) {
    std::nth_element(channels[c].begin(), channels[c].begin() + (to - from) / 2, channels[c].end());
    out[static_cast<int>(c)] = channels[c][static_cast<std::size_t>(to - from) / 2];
  }
  return out;
}

double unlike(const cv::Vec3b& pixel, const cv::Vec3f& other) {
  double most = 0;
  for (int c = 0; c < 3; ++c)
    most = std::max(most, std::abs(static_cast<double>(static_cast<float>(pixel[c]) - other[c])));
  return most;
}

std::vector<double> contrast_rows(const cv::Mat& strip, const Facade& facade) {
  std::vector<double> out;
  for (int y = 0; y < strip.rows; ++y) {
    if (facade.inside().at<uchar>(y, strip_columns / 2) == 0) {
      out.push_back(-1);
      continue;
    }
    const cv::Vec3f left = row_median(strip, y, 0, side_columns - near_columns);
    const cv::Vec3f right =
        row_median(strip, y, side_columns + facade_columns + near_columns, strip_columns);
    double sum = 0;
    for (int x = side_columns + margin_columns; x < side_columns + facade_columns - margin_columns;
         ++x) {
      const float t = static_cast<float>(x) / static_cast<float>(strip_columns);
      const auto& pixel = strip.at<cv::Vec3b>(y, x);
      const double least = std::min(
          {unlike(pixel, left), unlike(pixel, right), unlike(pixel, left * (1 - t) + right * t)});
      sum += 1.0 / (1.0 + std::exp((side_tolerance - least) / 3.0));
    }
    out.push_back(sum / (facade_columns - 2 * margin_columns));
  }
  return out;
}

/// Formwork is timber: warmer than the concrete of the storey below it, in the same light.
/// Compared inside one picture, so that lamps and low sun do not count.
std::vector<double> timber_rows(const cv::Mat& strip) {
  std::vector<double> warm;
  for (int y = 0; y < strip.rows; ++y) {
    double sum = 0;
    for (int x = side_columns + margin_columns; x < side_columns + facade_columns - margin_columns;
         ++x) {
      const auto& p = strip.at<cv::Vec3b>(y, x);
      sum += (p[2] - p[0]) / (p[0] + p[1] + p[2] + 30.0);
    }
    warm.push_back(sum / (facade_columns - 2 * margin_columns));
  }
  const auto mean = [&](int from, int to) {
    double sum = 0;
    for (int y = from; y < to; ++y)
      sum += warm[static_cast<std::size_t>(y)];
    return sum / (to - from);
  };
  std::vector<double> out(warm.size(), 0);
  for (int top = 2 * rows_per_storey; top < strip.rows; ++top) {
    const double upper = mean(top - rows_per_storey + 2, top - 1);
    const double lower = mean(top - 2 * rows_per_storey + 2, top - rows_per_storey - 1);
    out[static_cast<std::size_t>(top)] = (upper - lower - 0.02) / 0.01;
  }
  return out;
}

/// A building fills its row; what stands behind it seldom does.
double vote(double share, double weight) {
  return share < 0 ? 0 : std::clamp(weight * (share - half_filled), -0.5 * weight, 0.5 * weight);
}

/// Columns and rebar let the background through, a parapet or a net does not.
std::vector<double> solid_rows(const std::vector<double>& filled, double trust) {
  constexpr int reach = rows_per_storey / 3;
  std::vector<double> out(filled.size(), 0);
  for (std::size_t y = reach + 1; y < filled.size(); ++y) {
    double sum = 0;
    for (std::size_t i = y - reach - 1; i < y - 1; ++i)
      sum += filled[i];
    out[y] = trust * solid_weight * (sum / reach - solid_filled);
  }
  return out;
}

/// Upper end of the highest closed block of rows that reaches no higher than `most` storeys.
double block_top(const std::vector<double>& changed, double most) {
  constexpr int reach = rows_per_storey * 2 / 3;
  const int last = std::min(static_cast<int>(changed.size()),
                            static_cast<int>(std::lround(most * rows_per_storey)));
  for (int end = last; end >= reach; --end)
    if (std::accumulate(changed.begin() + end - reach, changed.begin() + end, 0.0) >=
        block_filled * reach)
      return static_cast<double>(end) / rows_per_storey;
  return 0;
}

}  // namespace

RowEvidence read_rows(const cv::Mat& strip, const Change& change, const Facade& facade) {
  RowEvidence out;
  out.changed = changed_rows(change, side_columns + margin_columns,
                             side_columns + facade_columns - margin_columns);
  out.restless = restless_rows(change);
  out.contrast = contrast_rows(strip, facade);
  out.timber = timber_rows(strip);
  double sum = 0, known = 0, restless = 0;
  std::vector<double> filled, surely;
  for (std::size_t y = 0; y < out.changed.size(); ++y) {
    out.top_score.push_back(sum);
    const double calm = out.changed[y] < 0 ? 0 : 1 - out.restless[y];
    const double more = calm > 0 ? std::max(0.0, out.changed[y] - out.restless[y]) / calm : 0;
    surely.push_back(calm * more);
    filled.push_back(calm * more + (1 - calm) * std::max(0.0, out.contrast[y]));
    sum += vote(more, 3.0 * calm) + vote(out.contrast[y], 0.5 * calm + 2.0 * (1 - calm));
    known += out.changed[y] >= 0;
    restless += out.changed[y] >= 0 ? out.restless[y] : 0;
  }
  const auto top = static_cast<std::size_t>(
      std::max_element(out.top_score.begin(), out.top_score.end()) - out.top_score.begin());
  out.top = static_cast<double>(top) / rows_per_storey;
  if (top > rows_per_storey / 2)
    out.filled = std::accumulate(filled.begin() + rows_per_storey / 2,
                                 filled.begin() + static_cast<std::ptrdiff_t>(top), 0.0) /
                 static_cast<double>(top - rows_per_storey / 2);
  out.low_block = known > 0 ? block_top(surely, first_storeys) : 0;
  // One or two pictures know one or two kinds of light.
  const double lights =
      std::min(1.0, change.witnesses / static_cast<double>(Change::enough_witnesses));
  out.trust = known > 0 ? lights * (1 - restless / known) : 0.5;
  out.solid = solid_rows(filled, out.trust);
  return out;
}

}  // namespace jieding::vision
