#include "vision/colour_fit.hpp"

#include <algorithm>
#include <cmath>

namespace jieding::vision {
namespace {

ColourFit::Row features(const cv::Vec3b& colour, float row) {
  const float b = static_cast<float>(colour[0]) / 128.0F - 1.0F;
  const float g = static_cast<float>(colour[1]) / 128.0F - 1.0F;
  const float r = static_cast<float>(colour[2]) / 128.0F - 1.0F;
  const float y = 2.0F * row - 1.0F;
  return {1, b, g, r, b * b, g * g, r * r, y, y * y, y * b, y * g, y * r};
}

constexpr int rounds = 4;
constexpr double ridge = 1e-3;  ///< per sample; keeps colours that the points lack from running off

struct Samples {
  std::vector<ColourFit::Row> from;
  std::vector<cv::Vec3b> to;
};

using Normal = cv::Matx<double, ColourFit::terms, ColourFit::terms>;
using Column = cv::Matx<double, ColourFit::terms, 1>;

std::array<Column, 3> solve(const Samples& samples, const std::vector<double>& trust) {
  Normal a = Normal::zeros();
  std::array<Column, 3> b{Column::zeros(), Column::zeros(), Column::zeros()};
  for (std::size_t i = 0; i < samples.from.size(); ++i) {
    for (int j = 0; j < ColourFit::terms; ++j) {
      const double wj = trust[i] * static_cast<double>(samples.from[i][static_cast<size_t>(j)]);
      for (int k = 0; k <= j; ++k)
        a(j, k) += wj * static_cast<double>(samples.from[i][static_cast<size_t>(k)]);
      for (int c = 0; c < 3; ++c)
        b[static_cast<size_t>(c)](j) += wj * samples.to[i][c];
    }
  }
  const double weight = ridge * static_cast<double>(samples.from.size());
  for (int j = 0; j < ColourFit::terms; ++j) {
    for (int k = j + 1; k < ColourFit::terms; ++k)
      a(j, k) = a(k, j);
    if (j > 3) a(j, j) += weight;
  }
  a(0, 0) += 1e-6;
  for (int c = 0; c < 3; ++c)
    b[static_cast<size_t>(c)] = a.solve(b[static_cast<size_t>(c)], cv::DECOMP_CHOLESKY);
  return b;
}

double predict(const Column& weights, const ColourFit::Row& row) {
  double sum = 0;
  for (int j = 0; j < ColourFit::terms; ++j)
    sum += weights(j) * static_cast<double>(row[static_cast<size_t>(j)]);
  return std::clamp(sum, 0.0, 255.0);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

ColourFit ColourFit::between(const cv::Mat& from, const cv::Mat& to,
                             const std::vector<cv::Point>& points) {
  ColourFit fit;
  if (points.size() < 50) return fit;
  Samples samples;
  for (const cv::Point& p : points) {
    const float row = static_cast<float>(p.y) / static_cast<float>(from.rows);
    samples.from.push_back(features(from.at<cv::Vec3b>(p), row));
    samples.to.push_back(to.at<cv::Vec3b>(p));
  }
  std::vector<double> trust(points.size(), 1.0), off(points.size());
  std::array<std::vector<double>, 3> residual;
  for (int round = 0; round < rounds; ++round) {
    fit.weights_ = solve(samples, trust);
    for (auto& channel : residual)
      channel.assign(points.size(), 0);
    for (std::size_t i = 0; i < points.size(); ++i) {
      off[i] = 0;
      for (std::size_t c = 0; c < 3; ++c) {
        residual[c][i] = std::abs(predict(fit.weights_[c], samples.from[i]) -
                                  static_cast<double>(samples.to[i][static_cast<int>(c)]));
        off[i] = std::max(off[i], residual[c][i]);
      }
    }
    fit.misfit_ = median(off);
    const double scale = std::max(2.0, 2.0 * fit.misfit_);
    for (std::size_t i = 0; i < points.size(); ++i)
      trust[i] = 1.0 / (1.0 + (off[i] / scale) * (off[i] / scale));
  }
  for (std::size_t c = 0; c < 3; ++c)
    fit.noise_[static_cast<int>(c)] = static_cast<float>(1.48 * median(residual[c]));
  return fit;
}

cv::Mat ColourFit::apply(const cv::Mat& bgr, const cv::Mat& row_of) const {
  cv::Mat out(bgr.size(), CV_32FC3);
  for (int y = 0; y < bgr.rows; ++y) {
    for (int x = 0; x < bgr.cols; ++x) {
      const Row row = features(bgr.at<cv::Vec3b>(y, x), row_of.at<float>(y, x));
      auto& pixel = out.at<cv::Vec3f>(y, x);
      for (std::size_t c = 0; c < 3; ++c)
        pixel[static_cast<int>(c)] = static_cast<float>(predict(weights_[c], row));
    }
  }
  return out;
}

}  // namespace jieding::vision
