#include "vision/colour_fit.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core/hal/intrin.hpp>

namespace jieding::vision {
namespace {

constexpr int terms = ColourFit::terms;
constexpr int rounds = 4;
constexpr double ridge = 1e-3;  ///< per sample; keeps colours that the points lack from running off
constexpr std::size_t fewest_points = 50;
/// Sums are kept in single precision over so many samples, then added up in double.
constexpr std::size_t samples_per_sum = 256;

ColourFit::Row features(const cv::Vec3b& colour, float row) {
  const float b = static_cast<float>(colour[0]) / 128.0F - 1.0F;
  const float g = static_cast<float>(colour[1]) / 128.0F - 1.0F;
  const float r = static_cast<float>(colour[2]) / 128.0F - 1.0F;
  const float y = 2.0F * row - 1.0F;
  return {1, b, g, r, b * b, g * g, r * r, y, y * y, y * b, y * g, y * r};
}

/// The twelve terms of one point, the three colours it has in the other picture, and padding.
using Sample = std::array<float, terms + 4>;

cv::v_float32x4 predict(const ColourFit::Weights& weights, const float* row) {
  cv::v_float32x4 sum = cv::v_setall_f32(row[0]) * cv::v_load(weights[0].data());
  for (std::size_t j = 1; j < terms; ++j)
    sum = cv::v_fma(cv::v_setall_f32(row[j]), cv::v_load(weights[j].data()), sum);
  return cv::v_min(cv::v_max(sum, cv::v_setzero_f32()), cv::v_setall_f32(255));
}

/// The normal equations of all three channels, each row of them one term against all of a sample.
using Sums = std::array<std::array<double, terms + 4>, terms>;

/// Those of three terms from `term` on over some samples, from the lane of the first of them on
/// (the rest follows by symmetry): so many sums as stay in registers.
template <int term>
void add_sums(const Sample* samples, const float* trust, std::size_t count, Sums& out) {
  constexpr int first_lane = term / 4, lanes = 4 - first_lane;
  cv::v_float32x4 sums[3][lanes];
  for (auto& row : sums)
    for (auto& sum : row)
      sum = cv::v_setzero_f32();
  for (std::size_t i = 0; i < count; ++i) {
    const float* s = samples[i].data();
    for (int j = 0; j < 3; ++j) {
      const cv::v_float32x4 w = cv::v_setall_f32(trust[i] * s[term + j]);
      for (int k = 0; k < lanes; ++k)
        sums[j][k] = cv::v_fma(w, cv::v_load(s + std::ptrdiff_t{4} * (first_lane + k)), sums[j][k]);
    }
  }
  for (int j = 0; j < 3; ++j) {
    for (int k = 0; k < lanes; ++k) {
      float part[4];
      cv::v_store(part, sums[j][k]);
      for (int i = 0; i < 4; ++i)
        out[std::size_t{term} + static_cast<std::size_t>(j)]
           [std::size_t{4} * static_cast<std::size_t>(first_lane + k) +
            static_cast<std::size_t>(i)] += static_cast<double>(part[i]);
    }
  }
}

Sums sums_of(const std::vector<Sample>& samples, const std::vector<float>& trust) {
  static_assert(terms == 12);
  Sums out{};
  for (std::size_t first = 0; first < samples.size(); first += samples_per_sum) {
    const std::size_t count = std::min(samples.size() - first, samples_per_sum);
    add_sums<0>(&samples[first], &trust[first], count, out);
    add_sums<3>(&samples[first], &trust[first], count, out);
    add_sums<6>(&samples[first], &trust[first], count, out);
    add_sums<9>(&samples[first], &trust[first], count, out);
  }
  return out;
}

ColourFit::Weights solve(const std::vector<Sample>& samples, const std::vector<float>& trust) {
  const Sums sums = sums_of(samples, trust);
  cv::Matx<double, terms, terms> a;
  cv::Matx<double, terms, 3> b, x;
  const double weight = ridge * static_cast<double>(samples.size());
  for (int j = 0; j < terms; ++j) {
    for (int k = j; k < terms; ++k)
      a(j, k) = a(k, j) = sums[static_cast<std::size_t>(j)][static_cast<std::size_t>(k)];
    for (int c = 0; c < 3; ++c)
      b(j, c) = sums[static_cast<std::size_t>(j)][std::size_t{terms} + static_cast<std::size_t>(c)];
    if (j > 3) a(j, j) += weight;
  }
  a(0, 0) += 1e-6;
  x = a.solve(b, cv::DECOMP_CHOLESKY);
  ColourFit::Weights out{};
  for (int j = 0; j < terms; ++j)
    for (int c = 0; c < 3; ++c)
      out[static_cast<std::size_t>(j)][static_cast<std::size_t>(c)] = static_cast<float>(x(j, c));
  return out;
}

/// Median of grey levels, to an eighth: sorting takes longer than all that is worked out from them.
float median_level(const std::vector<float>& levels) {
  constexpr std::size_t steps = 8;
  std::array<std::size_t, 256 * steps> bins{};
  for (const float level : levels)
    ++bins[static_cast<std::size_t>(level * float{steps})];
  std::size_t bin = 0, below = bins[0];
  while (2 * below <= levels.size())
    below += bins[++bin];
  return (static_cast<float>(bin) + 0.5F) / float{steps};
}

}  // namespace

ColourFit ColourFit::between(const cv::Mat& from, const cv::Mat& to,
                             const std::vector<cv::Point>& points) {
  ColourFit fit;
  if (points.size() < fewest_points) return fit;
  std::vector<Sample> samples(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const float y = static_cast<float>(points[i].y) / static_cast<float>(from.rows);
    const ColourFit::Row row = features(from.at<cv::Vec3b>(points[i]), y);
    std::copy(row.begin(), row.end(), samples[i].begin());
    const auto& seen = to.at<cv::Vec3b>(points[i]);
    for (int c = 0; c < 3; ++c)
      samples[i][std::size_t{terms} + static_cast<std::size_t>(c)] = seen[c];
  }
  std::vector<float> trust(points.size(), 1.0F), off(points.size());
  std::array<std::vector<float>, 3> residual;
  for (auto& channel : residual)
    channel.resize(points.size());
  for (int round = 0; round < rounds; ++round) {
    fit.weights_ = solve(samples, trust);
    for (std::size_t i = 0; i < points.size(); ++i) {
      float gap[4];
      cv::v_store(gap, cv::v_absdiff(predict(fit.weights_, samples[i].data()),
                                     cv::v_load(samples[i].data() + terms)));
      for (std::size_t c = 0; c < 3; ++c)
        residual[c][i] = gap[c];
      off[i] = std::max({gap[0], gap[1], gap[2]});
    }
    fit.misfit_ = static_cast<double>(median_level(off));
    const float scale = std::max(2.0F, 2.0F * static_cast<float>(fit.misfit_));
    for (std::size_t i = 0; i < points.size(); ++i)
      trust[i] = 1.0F / (1.0F + (off[i] / scale) * (off[i] / scale));
  }
  for (std::size_t c = 0; c < 3; ++c)
    fit.noise_[static_cast<int>(c)] = 1.48F * median_level(residual[c]);
  return fit;
}

cv::Mat ColourFit::apply(const cv::Mat& bgr, const cv::Mat& row_of) const {
  cv::Mat out(bgr.size(), CV_32FC4);
  for (int y = 0; y < bgr.rows; ++y) {
    const auto* in = bgr.ptr<cv::Vec3b>(y);
    const auto* at = row_of.ptr<float>(y);
    auto* pixel = out.ptr<cv::Vec4f>(y);
    for (int x = 0; x < bgr.cols; ++x) {
      const Row row = features(in[x], at[x]);
      cv::v_store(pixel[x].val, predict(weights_, row.data()));
    }
  }
  return out;
}

}  // namespace jieding::vision
