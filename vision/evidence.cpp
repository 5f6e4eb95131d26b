#include "vision/evidence.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace jieding::vision {
namespace {

constexpr double changed_at = 3.0;  ///< residual over noise at which a pixel is half "changed"
constexpr double changed_width = 0.6;
constexpr double side_tolerance = 14.0;  ///< grey levels
constexpr int margin_columns = 3;        ///< beside the corners people click a few pixels off

std::vector<double> changed_rows(const Change& change) {
  std::vector<double> out;
  for (int y = 0; y < change.distance.rows; ++y) {
    double sum = 0;
    int count = 0;
    for (int x = side_columns + margin_columns; x < side_columns + facade_columns - margin_columns;
         ++x) {
      if (change.known.at<uchar>(y, x) == 0) continue;
      const double d = static_cast<double>(change.distance.at<float>(y, x));
      sum += 1.0 / (1.0 + std::exp((changed_at - d) / changed_width));
      ++count;
    }
    out.push_back(count < facade_columns / 2 ? -1.0 : sum / count);
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
  constexpr int near = facade_columns / 8;  // scaffolds reach out by some percent of the width
  for (int y = 0; y < strip.rows; ++y) {
    if (facade.inside().at<uchar>(y, strip_columns / 2) == 0) {
      out.push_back(-1);
      continue;
    }
    const cv::Vec3f left = row_median(strip, y, 0, side_columns - near);
    const cv::Vec3f right =
        row_median(strip, y, side_columns + facade_columns + near, strip_columns);
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

double vote(double share, double weight) {
  return share < 0 ? 0 : std::clamp(weight * (share - 0.4), -0.5 * weight, 0.5 * weight);
}

}  // namespace

RowEvidence read_rows(const cv::Mat& strip, const Change& change, const Facade& facade) {
  RowEvidence out;
  out.changed = changed_rows(change);
  out.contrast = contrast_rows(strip, facade);
  out.timber = timber_rows(strip);
  double sum = 0;
  for (std::size_t y = 0; y < out.changed.size(); ++y) {
    out.top_score.push_back(sum);
    sum += out.changed[y] < 0 ? vote(out.contrast[y], 2.0)
                              : vote(out.changed[y], 3.0) + vote(out.contrast[y], 0.5);
  }
  return out;
}

}  // namespace jieding::vision
