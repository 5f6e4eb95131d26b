#include "vision/quality_measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "vision/at_share.hpp"
#include "vision/slope.hpp"

namespace jieding::vision {
namespace {

/// Share of the pixels that lie below what is called the brightest, the strongest edges of a
/// picture, and those of a tile.
constexpr double below_brightest = 0.995, below_strongest = 0.97, below_strongest_of_tile = 0.98;
constexpr double below_sharpest = 0.9;  ///< share of the strongest edges
constexpr int blown_level = 250;        ///< luminance from which on nothing can be told apart

constexpr double sharp_sigma = 3;       ///< pixels
constexpr double coarse_sigma = 4;      ///< pixels
constexpr double least_strong = 0.125;  ///< grey levels per pixel after the blur, of any edge
constexpr double least_coarse = 0.9;    ///< grey levels per pixel, of a cell that can speak
constexpr double gradient_noise = 0.3;
constexpr double strong_edge = 1.4;  ///< grey levels per pixel after the blur
constexpr double soft_edge = 2.5;    ///< fine against coarse, below; a sharp step measures about 4

/// A void: luminance up to which it is dark, grey levels per pixel up to which it is flat.
constexpr double darkest = 75, flattest = 2.0;
constexpr double empty_below = 3;  ///< grey levels per pixel at a tile's strongest edges

double level_at(const cv::Mat& grey8, double share) {
  // Neighbours are alike: counted in one bin, each would wait for the one before it.
  std::array<std::array<int, 4>, 256> bins{};
  for (int y = 0; y < grey8.rows; ++y) {
    const uchar* row = grey8.ptr<uchar>(y);
    for (int x = 0; x < grey8.cols; ++x)
      ++bins[row[x]][static_cast<unsigned>(x) % 4];
  }
  double left = share * static_cast<double>(grey8.total());
  for (std::size_t value = 0; value < bins.size(); ++value)
    if ((left -= std::accumulate(bins[value].begin(), bins[value].end(), 0)) <= 0)
      return static_cast<double>(value);
  return 255;
}

/// The same of slopes, in so many steps a grey level; beyond 255 steps they are all alike.
double slope_at(const cv::Mat& slopes, double share, double steps) {
  cv::Mat bytes;
  slopes.convertTo(bytes, CV_8U, steps);
  return level_at(bytes, share) / steps;
}

/// Slopes after a blur of `sigma`, both in pixels of the whole picture: a strong blur loses nothing
/// at half size.
cv::Mat coarse_slope(const cv::Mat& half, double sigma) {
  cv::Mat blurred;
  cv::GaussianBlur(half, blurred, {}, sigma / 2);
  return slope(blurred) * 0.5;
}

/// Slopes of a half size picture after a known blur, and beside them the steepest before it.
struct Edges {
  Edges(const cv::Mat& half, const cv::Mat& fine) : coarse(coarse_slope(half, sharp_sigma)) {
    cv::Mat steepest;
    cv::dilate(fine, steepest, cv::Mat::ones(5, 5, CV_8U));
    // Every other pixel of it, from the first on.
    cv::resize(steepest, sharpest, half.size(), 0, 0, cv::INTER_NEAREST);
  }

  cv::Mat coarse, sharpest;
};

/// A step keeps its height when blurred, only its slope falls: the ratio of slopes before and
/// after a known blur tells the blur that was there already, whatever light and contrast.
void sharpness(const Edges& edges, QualityMeasures& out) {
  const double strong = std::max(least_strong, slope_at(edges.coarse, below_strongest, 8));
  std::vector<double> ratios;
  for (int y = 0; y < edges.coarse.rows; ++y) {
    const auto* slopes = edges.coarse.ptr<float>(y);
    const auto* sharp = edges.sharpest.ptr<float>(y);
    for (int x = 0; x < edges.coarse.cols; ++x)
      if (const auto c = static_cast<double>(slopes[x]); c >= strong)
        ratios.push_back(static_cast<double>(sharp[x]) / c);
  }
  if (ratios.empty()) return;
  out.sharpest = at_share(ratios, below_sharpest);
  out.sharpness = median(std::move(ratios));
}

/// The same ratio edge by edge. Behind a drop or a smear edges are soft, in any light; the rim of a
/// smear is soft itself.
void edges_of_cells(const Edges& edges, QualityMeasures& out) {
  const cv::Size cells(QualityMeasures::cells_across, QualityMeasures::cells_down);
  const cv::Mat strong = edges.coarse >= strong_edge;
  const cv::Mat soft = strong & (edges.sharpest < soft_edge * edges.coarse);
  for (const auto& [mask, shares] : {std::pair{&strong, &out.edges}, {&soft, &out.soft_edges}}) {
    cv::Mat share;
    cv::resize(*mask, share, cells, 0, 0, cv::INTER_AREA);
    for (std::size_t i = 0; i < shares->size(); ++i)
      (*shares)[i] = static_cast<float>(share.at<uchar>(static_cast<int>(i))) / 255;
  }
}

double largest_void(const cv::Mat& half, const cv::Mat& fine) {
  cv::Mat smooth, labels, stats, centres;
  cv::resize(fine, smooth, half.size(), 0, 0, cv::INTER_AREA);
  cv::blur(smooth, smooth, {5, 5});
  const cv::Mat empty = (smooth <= flattest) & (half <= darkest);
  const int n = cv::connectedComponentsWithStats(empty, labels, stats, centres, 4);
  int most = 0;
  for (int i = 1; i < n; ++i)
    most = std::max(most, stats.at<int>(i, cv::CC_STAT_AREA));
  return most / static_cast<double>(half.total());
}

void detail(const cv::Mat& half, const cv::Mat& fine, QualityMeasures& out) {
  const cv::Size cells(QualityMeasures::cells_across, QualityMeasures::cells_down);
  cv::Mat small_fine, small_coarse;
  cv::resize(fine, small_fine, cells, 0, 0, cv::INTER_AREA);
  cv::resize(coarse_slope(half, coarse_sigma), small_coarse, cells, 0, 0, cv::INTER_AREA);
  for (std::size_t i = 0; i < out.detail.size(); ++i) {
    const double f = static_cast<double>(small_fine.at<float>(static_cast<int>(i)));
    const double c = static_cast<double>(small_coarse.at<float>(static_cast<int>(i)));
    out.detail[i] = c < least_coarse
                        ? std::numeric_limits<float>::quiet_NaN()
                        : static_cast<float>(std::log((f + gradient_noise) / (c + gradient_noise)));
  }
}

void empty_tiles(const cv::Mat& fine, QualityMeasures& out) {
  constexpr int across = QualityMeasures::tiles_across, down = QualityMeasures::tiles_down;
  const cv::Size size(fine.cols / across, fine.rows / down);
  for (int i = 0; i < across * down; ++i) {
    const cv::Point at(i % across * fine.cols / across, i / across * fine.rows / down);
    out.empty_tiles[static_cast<std::size_t>(i)] =
        slope_at(fine(cv::Rect(at, size)), below_strongest_of_tile, 8) < empty_below;
  }
}

}  // namespace

QualityMeasures measure(const cv::Mat& bgr) {
  QualityMeasures out;
  cv::Mat grey;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  const cv::Mat fine = slope(grey);
  cv::Scalar mean, deviation;
  cv::meanStdDev(grey, mean, deviation);
  out.brightness = mean[0];
  out.contrast = deviation[0];
  out.brightest = level_at(grey, below_brightest);
  out.blown_share = cv::countNonZero(grey >= blown_level) / static_cast<double>(grey.total());
  out.structure = slope_at(fine, below_strongest, 4);
  cv::Mat half;
  cv::resize(grey, half, {grey.cols / 2, grey.rows / 2}, 0, 0, cv::INTER_AREA);
  const Edges edges(half, fine);
  sharpness(edges, out);
  edges_of_cells(edges, out);
  out.void_share = largest_void(half, fine);
  detail(half, fine, out);
  empty_tiles(fine, out);
  return out;
}

}  // namespace jieding::vision
