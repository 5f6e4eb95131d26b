#include "vision/pool.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "vision/colour_fit.hpp"
#include "vision/decode.hpp"

namespace jieding::vision {
namespace {

constexpr int sample_step_px = 6;
constexpr std::size_t best_pictures = 4;
constexpr float noise_floor = 1.5F;  ///< grey levels
constexpr float noise_ceiling = 9.0F;
/// Half a pixel of misplacement is forgiven at edges of the background.
constexpr float edge_tolerance_px = 0.5F;
constexpr int stored_quality = 90;

cv::Mat gradient(const cv::Mat& strip) {
  cv::Mat grey, dx, dy, sum;
  cv::cvtColor(strip, grey, cv::COLOR_BGR2GRAY);
  cv::Sobel(grey, dx, CV_32F, 1, 0, 3, 0.125);
  cv::Sobel(grey, dy, CV_32F, 0, 1, 3, 0.125);
  cv::magnitude(dx, dy, sum);
  cv::dilate(sum, sum, cv::Mat());
  return sum;
}

cv::Mat residual(const cv::Mat& seen, const cv::Mat& expected, const cv::Mat& edges,
                 const cv::Vec3f& noise) {
  cv::Mat out(seen.size(), CV_32F);
  cv::Vec3f sigma;
  for (int c = 0; c < 3; ++c)
    sigma[c] = std::clamp(noise[c], noise_floor, noise_ceiling);
  for (int y = 0; y < seen.rows; ++y) {
    for (int x = 0; x < seen.cols; ++x) {
      const auto& a = seen.at<cv::Vec3b>(y, x);
      const auto& b = expected.at<cv::Vec3f>(y, x);
      const float blur = edge_tolerance_px * edges.at<float>(y, x);
      float sum = 0;
      for (int c = 0; c < 3; ++c) {
        const float d = static_cast<float>(a[c]) - b[c];
        sum += d * d / (sigma[c] * sigma[c] + blur * blur);
      }
      out.at<float>(y, x) = std::sqrt(sum / 3.0F);
    }
  }
  return out;
}

}  // namespace

Pool::Pool(const std::vector<Facade>& facades, cv::Size size, std::size_t capacity)
    : facades_(facades), capacity_(capacity) {
  beside_ = cv::Mat(size, CV_8U, cv::Scalar(255));
  for (const Facade& facade : facades) {
    beside_.setTo(0, facade.footprint(0.12, storeys_above_roof - 0.5));
    cv::Mat rows(size, CV_32F);
    for (int y = 0; y < size.height; ++y)
      rows.row(y).setTo(static_cast<float>(y) / static_cast<float>(size.height));
    row_of_.push_back(facade.strip(rows));
  }
  for (int y = 4; y < size.height - 4; y += sample_step_px)
    for (int x = 4; x < size.width - 4; x += sample_step_px)
      if (beside_.at<uchar>(y, x) != 0) points_.emplace_back(x, y);
}

std::vector<Change> Pool::compare(const cv::Mat& bgr) const {
  std::vector<ColourFit> fits;
  for (const Picture& picture : pictures_)
    fits.push_back(ColourFit::between(picture.bgr, bgr, points_));
  std::vector<std::size_t> order(fits.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    return std::pair(fits[a].misfit(), a) < std::pair(fits[b].misfit(), b);
  });
  std::vector<Change> out;
  for (std::size_t f = 0; f < facades_.size(); ++f) {
    const cv::Mat seen = facades_[f].strip(bgr);
    Change change;
    change.distance = cv::Mat(seen.size(), CV_32F, cv::Scalar(1e6F));
    cv::Mat votes = cv::Mat::zeros(seen.rows, 1, CV_8U);
    if (!order.empty()) change.misfit = fits[order[0]].misfit();
    for (const std::size_t i : order) {
      const Picture& picture = pictures_[i];
      const int first = std::clamp(static_cast<int>(picture.empty_above[f] * rows_per_storey + 0.5),
                                   0, seen.rows);
      if (first >= seen.rows) continue;
      double fewest = 0;
      cv::minMaxLoc(votes.rowRange(first, seen.rows), &fewest, nullptr);
      if (fewest >= static_cast<double>(best_pictures)) continue;
      const cv::Mat old = picture.strips[f];
      const cv::Mat d =
          residual(seen, fits[i].apply(old, row_of_[f]), gradient(old), fits[i].noise());
      for (int y = first; y < seen.rows; ++y) {
        if (votes.at<uchar>(y) >= best_pictures) continue;
        ++votes.at<uchar>(y);
        cv::Mat row = change.distance.row(y);
        cv::min(row, d.row(y), row);
      }
    }
    change.known = facades_[f].inside().clone();
    for (int y = 0; y < seen.rows; ++y)
      if (votes.at<uchar>(y) == 0) change.known.row(y).setTo(0);
    out.push_back(std::move(change));
  }
  return out;
}

void Pool::add(const cv::Mat& bgr, std::vector<double> empty_above) {
  if (add_stored(encode_jpeg(bgr, stored_quality), std::move(empty_above))) make_room();
}

bool Pool::add_stored(std::string jpeg, std::vector<double> empty_above) {
  const auto picture = decode_jpeg(jpeg, {1U << 20U, 1U << 20U});
  if (!picture || picture->size() != beside_.size() || empty_above.size() != facades_.size())
    return false;
  Picture entry{std::move(jpeg), *picture, std::move(empty_above), {}};
  for (const Facade& facade : facades_)
    entry.strips.push_back(facade.strip(entry.bgr));
  pictures_.push_back(std::move(entry));
  return true;
}

/// Compared on a coarse grid of the surroundings: light, weather, season.
double Pool::unlike(const cv::Mat& a, const cv::Mat& b) const {
  double sum = 0;
  for (std::size_t i = 0; i < points_.size(); i += 5)
    sum += cv::norm(a.at<cv::Vec3b>(points_[i]), b.at<cv::Vec3b>(points_[i]), cv::NORM_L1);
  return sum;
}

std::vector<cv::Mat> Pool::likest(const cv::Mat& bgr, std::size_t count) const {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < pictures_.size(); ++i)
    order.emplace_back(unlike(pictures_[i].bgr, bgr), i);
  std::sort(order.begin(), order.end());
  std::vector<cv::Mat> out;
  for (std::size_t i = 0; i < std::min(count, order.size()); ++i)
    out.push_back(pictures_[order[i].second].bgr);
  return out;
}

void Pool::make_room() {
  if (pictures_.size() <= capacity_) return;
  const auto hidden = [](const Picture& p) {
    return std::accumulate(p.empty_above.begin(), p.empty_above.end(), 0.0);
  };
  std::pair<std::size_t, std::size_t> closest{0, 1};
  double least = std::numeric_limits<double>::max();
  for (std::size_t a = 0; a < pictures_.size(); ++a) {
    for (std::size_t b = a + 1; b < pictures_.size(); ++b) {
      const double d = unlike(pictures_[a].bgr, pictures_[b].bgr);
      if (d >= least) continue;
      least = d;
      closest = {a, b};
    }
  }
  const auto [a, b] = closest;
  // Of two equals the older goes: the surroundings have changed since.
  const std::size_t out = hidden(pictures_[b]) > hidden(pictures_[a]) + 1e-9 ? b : a;
  pictures_.erase(pictures_.begin() + static_cast<std::ptrdiff_t>(out));
}

}  // namespace jieding::vision
