#include "vision/sky.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "vision/strip.hpp"

namespace jieding::vision {
namespace {

/// Grey levels by which sky may differ over two rows or columns, per grey level that the whole
/// strip varies by: haze makes all steps small. Clouds have up to the most of them.
constexpr double step_share = 0.15, least_step = 2, most_step = 9;
constexpr int end_rows = 3;  ///< of the strip's upper end that the sky must show in
/// A tower that reaches the end of what is shown ends at its sides; sky does not, in so many rows.
constexpr int rows_beside = 6;
/// Share of the lowest storeys shown that sky never fills: what runs down so far is haze.
constexpr int low_rows = 3 * rows_per_storey;
constexpr double low_share = 0.3;

/// 255 where neighbours differ in no colour by more than a step of the sky.
cv::Mat smooth_places(const cv::Mat& strip, const cv::Mat& shown) {
  cv::Mat grey, smooth;
  cv::Scalar mean, spread;
  cv::cvtColor(strip, grey, cv::COLOR_BGR2GRAY);
  cv::meanStdDev(grey, mean, spread, shown);
  const double most = std::clamp(step_share * spread[0], least_step, most_step);
  cv::blur(strip, smooth, {3, 3}, {-1, -1}, cv::BORDER_REPLICATE);
  const cv::Rect inner(1, 1, strip.cols - 2, strip.rows - 2);
  cv::Mat out = cv::Mat::zeros(strip.size(), CV_8U);
  shown(inner).copyTo(out(inner));
  for (const cv::Point& one : {cv::Point(1, 0), cv::Point(0, 1)}) {
    cv::Mat apart, within;
    cv::absdiff(smooth(inner + one), smooth(inner - one), apart);
    cv::inRange(apart, cv::Scalar::all(0), cv::Scalar::all(most), within);
    out(inner) &= within;
  }
  return out;
}

/// The rows of the strip that show the middle of the facade.
cv::Range shown_rows(const cv::Mat& shown) {
  const auto is_shown = [&](int row) { return shown.at<uchar>(row, strip_columns / 2) != 0; };
  cv::Range out(0, shown.rows);
  while (out.end > 0 && !is_shown(out.end - 1))
    --out.end;
  while (out.start < out.end && !is_shown(out.start))
    ++out.start;
  return out;
}

/// For each of the `count` regions in `labels`: whether the facade shows it at its upper end.
std::vector<bool> regions_at_end(const cv::Mat& labels, int count, int end) {
  std::vector<bool> out(static_cast<std::size_t>(count), false);
  for (int y = std::max(0, end - end_rows); y < end; ++y)
    for (int x = side_columns; x < side_columns + facade_columns; ++x)
      out[static_cast<std::size_t>(labels.at<int>(y, x))] = true;
  return out;
}

/// Rows in which each region shows beside the facade, where no scaffold reaches.
std::vector<int> rows_shown_beside(const cv::Mat& labels, int count) {
  std::vector<int> out(static_cast<std::size_t>(count), 0), last(out.size(), -1);
  for (int y = 0; y < labels.rows; ++y) {
    const auto* row = labels.ptr<int>(y);
    const auto see = [&](int from, int to) {
      for (int x = from; x < to; ++x) {
        const auto region = static_cast<std::size_t>(row[x]);
        if (last[region] != y) ++out[region];
        last[region] = y;
      }
    };
    see(0, side_columns - near_columns);
    see(side_columns + facade_columns + near_columns, strip_columns);
  }
  return out;
}

/// `facade`: the rows that show it.
bool runs_down(const cv::Range& facade, const cv::Mat& sky) {
  const int height = std::min(facade.size(), low_rows);
  const cv::Mat low = sky(cv::Rect(side_columns, facade.start, facade_columns, height));
  return cv::countNonZero(low) > low_share * static_cast<double>(low.total());
}

}  // namespace

cv::Mat sky_in(const cv::Mat& strip, const cv::Mat& shown) {
  cv::Mat labels;
  const int count = cv::connectedComponents(smooth_places(strip, shown), labels, 4, CV_32S);
  const cv::Range facade = shown_rows(shown);
  // What is not smooth is region 0; nor is the outermost shown row, for want of a neighbour.
  const int end = facade.end - 1;
  const std::vector<bool> at_end = regions_at_end(labels, count, end);
  const std::vector<int> beside = rows_shown_beside(labels, count);
  const double end_above_roof =
      storeys_above_roof - static_cast<double>(strip.rows - end) / rows_per_storey;
  const bool open_end = end_above_roof > highest_works;
  cv::Mat out = cv::Mat::zeros(strip.size(), CV_8U);
  for (int y = 0; y < strip.rows; ++y) {
    for (int x = 0; x < strip.cols; ++x) {
      const auto region = static_cast<std::size_t>(labels.at<int>(y, x));
      if (region == 0 || !at_end[region]) continue;
      if (open_end || beside[region] >= rows_beside) out.at<uchar>(y, x) = 255;
    }
  }
  if (facade.empty() || runs_down(facade, out)) return cv::Mat::zeros(strip.size(), CV_8U);
  cv::dilate(out, out, cv::Mat::ones(3, 3, CV_8U));  // what the smoothing took of its edges
  return out;
}

}  // namespace jieding::vision
