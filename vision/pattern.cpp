#include "vision/pattern.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace jieding::vision {
namespace {

constexpr int window = 11;  ///< strip pixels, a sixth of a facade
/// Correlation at which patterns begin to be, and surely are, the same.
constexpr float alike = 0.45F, same = 0.8F;
constexpr float least_deviation = 1.5F;  ///< grey levels; less is no pattern

cv::Mat averaged(const cv::Mat& values) {
  cv::Mat out;
  cv::boxFilter(values, out, CV_32F, {window, window});
  return out;
}

}  // namespace

Pattern Pattern::of(const cv::Mat& grey) {
  cv::Mat level;
  cv::boxFilter(grey, level, CV_32F, {window, 1});
  const cv::Mat across = grey - level;
  return {across, averaged(across.mul(across))};
}

cv::Mat same_pattern(const Pattern& seen, cv::Range rows, const Pattern& expected) {
  const cv::Mat both = averaged(seen.across.rowRange(rows).mul(expected.across));
  cv::Mat out = cv::Mat::zeros(both.size(), CV_32F);
  for (int y = 0; y < both.rows; ++y) {
    const auto* pa = seen.energy.ptr<float>(rows.start + y);
    const auto *pb = expected.energy.ptr<float>(y), *pab = both.ptr<float>(y);
    auto* to = out.ptr<float>(y);
    for (int x = 0; x < both.cols; ++x) {
      if (std::min(pa[x], pb[x]) < least_deviation * least_deviation) continue;
      const float correlation = pab[x] / std::sqrt(pa[x] * pb[x]);
      to[x] = std::clamp((correlation - alike) / (same - alike), 0.0F, 1.0F);
    }
  }
  return out;
}

}  // namespace jieding::vision
