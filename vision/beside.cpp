#include "vision/beside.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "vision/sky.hpp"
#include "vision/smoothed.hpp"
#include "vision/strip.hpp"
#include "vision/usual_colour.hpp"

namespace jieding::vision {
namespace {

constexpr double side_tolerance = 14.0;  ///< grey levels
constexpr double tolerance_width = 3.0;
constexpr double motley = 0.5;  ///< share of side pixels unlike their own median
constexpr int left_end = side_columns - near_columns;
constexpr int right_begin = side_columns + facade_columns + near_columns;

/// A quarter of the facade's width at its side is left empty if it is filled by less than so much
/// of what the fullest is, which must itself be filled by so much.
constexpr double left_empty = 0.15, filled_enough = 0.4;

/// An upright edge: columns compared on both sides of it, rows taken together.
constexpr int edge_columns = 5, edge_rows = 9;
/// Where the facade's own edge may lie about the clicked one: a scaffold reaches out.
constexpr int edge_out = 6, edge_in = 3;
/// Grey levels that any row has of edges.
constexpr double edge_floor = 1;
/// What the weaker and the stronger of the two edges say, in log-odds per e-fold over the edges
/// beside. From a logistic fit over some 1600 rendered pictures of twenty-two sites.
constexpr double outline_bias = 0.66, weaker_weight = 1.45, stronger_weight = -0.54;
constexpr double outline_most = 2;

cv::Vec3f row_median(const cv::Mat& strip, int y, int from, int to) {
  UsualColour usual(static_cast<std::size_t>(to - from));
  for (int x = from; x < to; ++x)
    usual.add(strip.at<cv::Vec3b>(y, x));
  return usual.median();
}

double unlike(const cv::Vec3b& pixel, const cv::Vec3f& other) {
  double most = 0;
  for (int c = 0; c < 3; ++c)
    most = std::max(most, std::abs(static_cast<double>(static_cast<float>(pixel[c]) - other[c])));
  return most;
}

/// Share of the pixels from `from` to `to` of a row that are like neither side, nor sky.
double unlike_share(const cv::Mat& strip, const cv::Mat& sky, int y, int from, int to,
                    const cv::Vec3f& left, const cv::Vec3f& right) {
  double sum = 0;
  for (int x = from; x < to; ++x) {
    if (sky.at<uchar>(y, x) != 0) continue;
    const float t = static_cast<float>(x) / static_cast<float>(strip_columns);
    const auto& pixel = strip.at<cv::Vec3b>(y, x);
    const double least = std::min(
        {unlike(pixel, left), unlike(pixel, right), unlike(pixel, left * (1 - t) + right * t)});
    sum += 1.0 / (1.0 + std::exp((side_tolerance - least) / tolerance_width));
  }
  return sum / (to - from);
}

/// Share of a row that is unlike both sides; below 0 unknown.
struct Contrast {
  double share = -1;
  std::array<double, 4> quarters{-1, -1, -1, -1};  ///< of the facade's width, from left to right
};

/// A yard, trees, other houses: where the sides are not even like themselves nothing is said.
Contrast contrast_of(const cv::Mat& strip, const cv::Mat& sky, int y) {
  const cv::Vec3f left = row_median(strip, y, 0, left_end);
  const cv::Vec3f right = row_median(strip, y, right_begin, strip_columns);
  const double beside =
      std::min(unlike_share(strip, sky, y, 0, left_end, left, right),
               unlike_share(strip, sky, y, right_begin, strip_columns, left, right));
  Contrast out;
  if (beside > motley) return out;
  constexpr int first = side_columns + margin_columns;
  constexpr int width = facade_columns - 2 * margin_columns;
  double within = 0;
  for (int i = 0; i < 4; ++i) {
    const int from = first + i * width / 4, to = first + (i + 1) * width / 4;
    const double share = unlike_share(strip, sky, y, from, to, left, right);
    out.quarters[static_cast<std::size_t>(i)] = share;
    within += share * (to - from) / width;
  }
  out.share = std::max(0.0, (within - beside) / (1 - beside));
  return out;
}

/// What leaves the quarter at a side to what is beside does not end there: an edge that shows there
/// is another body's.
bool leaves_out(double at_side, double fullest) {
  return fullest > filled_enough && at_side < left_empty * fullest;
}

/// Rows that leave out the quarter at the left and at the right, each judged with the storey it
/// lies in.
struct LeftOut {
  std::vector<bool> left, right;
};

LeftOut left_out(const std::vector<Contrast>& rows) {
  std::array<std::vector<double>, 4> quarters;
  for (const Contrast& row : rows)
    for (std::size_t i = 0; i < quarters.size(); ++i)
      quarters[i].push_back(row.quarters[i]);
  for (auto& quarter : quarters)
    quarter = smoothed(quarter, rows_per_storey / 2);
  LeftOut out;
  for (std::size_t y = 0; y < rows.size(); ++y) {
    double fullest = 0;
    for (const auto& quarter : quarters)
      fullest = std::max(fullest, quarter[y]);
    out.left.push_back(leaves_out(quarters.front()[y], fullest));
    out.right.push_back(leaves_out(quarters.back()[y], fullest));
  }
  return out;
}

/// Step in colour at a column of a smoothed row, grey levels.
double step_at(const cv::Vec3f* row, int x) {
  cv::Vec3f step(0, 0, 0);
  for (int i = 0; i < edge_columns; ++i)
    step += row[x + i] - row[x - 1 - i];
  return std::max({std::abs(step[0]), std::abs(step[1]), std::abs(step[2])}) / edge_columns;
}

double outline_of(const cv::Vec3f* row, bool left_out, bool right_out) {
  double left = 0, right = 0, beside = 0;
  for (int d = -edge_out; d <= edge_in; ++d) {
    left = std::max(left, step_at(row, side_columns + d));
    right = std::max(right, step_at(row, side_columns + facade_columns - d));
  }
  if (left_out) left = 0;
  if (right_out) right = 0;
  for (int x = edge_columns; x < left_end - edge_columns; ++x)
    beside += step_at(row, x) + step_at(row, strip_columns - x);
  beside /= 2 * (left_end - 2 * edge_columns);
  const double usual = std::max(beside, edge_floor) + edge_floor;
  const double l = std::log((left + edge_floor) / usual);
  const double r = std::log((right + edge_floor) / usual);
  const double odds =
      outline_bias + weaker_weight * std::min(l, r) + stronger_weight * std::max(l, r);
  return std::clamp(odds, -outline_most, outline_most);
}

bool is_seen(const cv::Mat& shown, int y) {
  return shown.at<uchar>(y, strip_columns / 2) != 0;
}

}  // namespace

Standing read_standing(const cv::Mat& strip, const cv::Mat& shown) {
  cv::Mat smooth;
  cv::boxFilter(strip, smooth, CV_32F, {1, edge_rows}, {-1, -1}, true, cv::BORDER_REPLICATE);
  const cv::Mat sky = sky_in(strip, shown);
  std::vector<Contrast> contrast(static_cast<std::size_t>(strip.rows));
  for (int y = 0; y < strip.rows; ++y)
    if (is_seen(shown, y)) contrast[static_cast<std::size_t>(y)] = contrast_of(strip, sky, y);
  const LeftOut empty = left_out(contrast);
  Standing out;
  for (int y = 0; y < strip.rows; ++y) {
    const auto row = static_cast<std::size_t>(y);
    const auto* colours = smooth.ptr<cv::Vec3f>(y);
    out.contrast.push_back(contrast[row].share);
    out.outline.push_back(is_seen(shown, y) ? outline_of(colours, empty.left[row], empty.right[row])
                                            : 0);
  }
  return out;
}

}  // namespace jieding::vision
