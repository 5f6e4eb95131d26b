#include "vision/quality_gate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace jieding::vision {
namespace {

constexpr int tiles_across = 8, tiles_down = 6;

constexpr double darkest_lit = 40;  ///< luminance that the brightest 0.5 % must reach
constexpr double blown_share_most = 0.6;
constexpr double settled = 4;            ///< accepted pictures that make a history
constexpr double soft_share = 0.6;       ///< of the camera's usual sharpness
constexpr double softest_unknown = 2.4;  ///< a sharp step measures about 4, see sharpness()
constexpr double fog_structure = 1.7;    ///< grey levels per pixel at the strongest edges
constexpr double fog_brightness = 70;
/// Standard deviation of luminance below which only what hangs close before the lens, or is
/// written into the picture, can still be sharp.
constexpr double fog_contrast = 6.5;

constexpr double sharp_sigma = 3;     ///< pixels
constexpr double coarse_sigma = 4;    ///< pixels
constexpr double least_coarse = 0.9;  ///< grey levels per pixel, of a cell that can speak
constexpr double gradient_noise = 0.3;
constexpr float longest_memory = 20;

constexpr double strong_edge = 1.4;   ///< grey levels per pixel after the blur
constexpr double soft_edge = 2.5;     ///< fine against coarse, below; a sharp step measures about 4
constexpr float least_edge = 0.04F;   ///< of a cell, that speaks of its edges
constexpr float edges_known = 0.08F;  ///< of a cell, usually
constexpr float beyond = 0.3F;        ///< of a cell's edges: what has never been soft before
constexpr float wears_off = 0.1F;     ///< of that most, with each picture
constexpr float edge_memory = 12;     ///< pictures
/// Share of all known edges that have run together in a dirty picture. The fewer pictures were
/// seen, the less is known of what else is soft.
constexpr double smeared = 0.007, smeared_first = 20;
constexpr float fewest_edges = 60;  ///< cells full of them
/// Mean luminance, and that of the brightest, between which no lamps light the picture: they have
/// halos, and what they light has other outlines.
constexpr double daylight = 130, lamps = 250;
constexpr float taught = 0.12F;      ///< of what is soft, by a picture refused for it
constexpr int dirt_stays = 8;        ///< pictures in a row after which dirt is what is usual
constexpr double focus_lost = 0.25;  ///< of the median cell
constexpr std::size_t fewest_cells = 25;

double percentile(const cv::Mat& grey8, double share) {
  std::array<int, 256> bins{};
  for (int y = 0; y < grey8.rows; ++y) {
    const uchar* row = grey8.ptr<uchar>(y);
    for (int x = 0; x < grey8.cols; ++x)
      ++bins[row[x]];
  }
  double left = share * static_cast<double>(grey8.total());
  for (std::size_t value = 0; value < bins.size(); ++value)
    if ((left -= bins[value]) <= 0) return static_cast<double>(value);
  return 255;
}

cv::Mat slope(const cv::Mat& grey) {
  cv::Mat dx, dy, out;
  cv::Sobel(grey, dx, CV_32F, 1, 0, 3, 0.125);
  cv::Sobel(grey, dy, CV_32F, 0, 1, 3, 0.125);
  cv::magnitude(dx, dy, out);
  return out;
}

/// Slopes after a blur of `sigma`, both in pixels of the whole picture: a strong blur loses nothing
/// at half size.
cv::Mat coarse_slope(const cv::Mat& half, double sigma) {
  cv::Mat blurred;
  cv::GaussianBlur(half, blurred, {}, sigma / 2);
  return slope(blurred) * 0.5;
}

cv::Mat to_bytes(const cv::Mat& values, double scale) {
  cv::Mat out;
  values.convertTo(out, CV_8U, scale);
  return out;
}

/// Slopes of a half size picture after a known blur, and beside them the steepest before it.
struct Edges {
  Edges(const cv::Mat& half, const cv::Mat& fine)
      : coarse(coarse_slope(half, sharp_sigma)), sharpest(half.size(), CV_32F) {
    cv::Mat steepest;
    cv::dilate(fine, steepest, cv::Mat::ones(5, 5, CV_8U));
    for (int y = 0; y < sharpest.rows; ++y)
      for (int x = 0; x < sharpest.cols; ++x)
        sharpest.at<float>(y, x) = steepest.at<float>(2 * y, 2 * x);
  }

  cv::Mat coarse, sharpest;
};

/// A step keeps its height when blurred, only its slope falls: the ratio of slopes before and
/// after a known blur tells the blur that was there already, whatever light and contrast.
double sharpness(const Edges& edges) {
  const double strong = std::max(1.0, percentile(to_bytes(edges.coarse, 8), 0.97)) / 8;
  std::vector<double> ratios;
  for (int y = 0; y < edges.coarse.rows; ++y) {
    const auto* slopes = edges.coarse.ptr<float>(y);
    const auto* sharp = edges.sharpest.ptr<float>(y);
    for (int x = 0; x < edges.coarse.cols; ++x)
      if (const auto c = static_cast<double>(slopes[x]); c >= strong)
        ratios.push_back(static_cast<double>(sharp[x]) / c);
  }
  if (ratios.empty()) return 0;
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  return *middle;
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
  cv::Mat smooth, dark, empty, labels, stats, centres;
  cv::resize(fine, smooth, half.size(), 0, 0, cv::INTER_AREA);
  cv::blur(smooth, smooth, {5, 5});
  cv::threshold(smooth, empty, 2.0, 255, cv::THRESH_BINARY_INV);
  empty.convertTo(empty, CV_8U);
  cv::threshold(half, dark, 75, 255, cv::THRESH_BINARY_INV);
  cv::bitwise_and(empty, dark, empty);
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

bool by_day(const QualityMeasures& now) {
  return now.brightness > daylight && now.brightest < lamps;
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
  out.brightest = percentile(grey, 0.995);
  out.blown_share = cv::countNonZero(grey >= 250) / static_cast<double>(grey.total());
  out.structure = percentile(to_bytes(fine, 4), 0.97) / 4;
  cv::Mat half;
  cv::resize(grey, half, {grey.cols / 2, grey.rows / 2}, 0, 0, cv::INTER_AREA);
  const Edges edges(half, fine);
  out.sharpness = sharpness(edges);
  edges_of_cells(edges, out);
  out.void_share = largest_void(half, fine);
  detail(half, fine, out);
  for (int i = 0; i < tiles_across * tiles_down; ++i) {
    const cv::Rect tile(i % tiles_across * grey.cols / tiles_across,
                        i / tiles_across * grey.rows / tiles_down, grey.cols / tiles_across,
                        grey.rows / tiles_down);
    out.empty_tiles[static_cast<std::size_t>(i)] = percentile(to_bytes(fine(tile), 8), 0.98) < 24;
  }
  return out;
}

/// Of the tiles that usually show structure; 0 as long as too few are known.
double QualityGate::missing_share(const QualityMeasures& now) const {
  double usual = 0, missing = 0;
  for (std::size_t i = 0; i < now.empty_tiles.size(); ++i) {
    const bool established = history_.seen >= settled && history_.structured[i] > 0.7;
    usual += established;
    missing += established && now.empty_tiles[i];
  }
  return usual >= 6 ? missing / usual : 0;
}

/// Of the cells that are known, the median; as a logarithm. 0 while too few are known.
double QualityGate::detail_lost(const QualityMeasures& now) const {
  std::vector<double> lost;
  for (std::size_t i = 0; i < now.detail.size(); ++i) {
    const History::Cell& cell = history_.cells[i];
    if (static_cast<double>(cell.detail_seen) < settled || std::isnan(now.detail[i])) continue;
    lost.push_back(static_cast<double>(cell.detail - now.detail[i]));
  }
  if (lost.size() < fewest_cells) return 0;
  const auto middle = lost.begin() + static_cast<std::ptrdiff_t>(lost.size() / 2);
  std::nth_element(lost.begin(), middle, lost.end());
  return *middle;
}

/// Of the edges where sharp ones are known: how many are softer than any was there before. Haze and
/// a low sun leave edges sharp, and other ones in the same place are edges as well.
double QualityGate::smeared_share(const QualityMeasures& now) const {
  if (history_.days < settled || !by_day(now)) return 0;
  float usual = 0, known = 0, run_together = 0;
  for (std::size_t i = 0; i < now.edges.size(); ++i) {
    const History::Cell& cell = history_.cells[i];
    if (cell.sharp < edges_known || cell.edges_seen < 2) continue;
    usual += cell.sharp;
    known += now.edges[i];
    run_together += std::max(0.0F, now.soft_edges[i] - (cell.softest + beyond) * now.edges[i]);
  }
  return static_cast<double>(run_together / std::max({usual, known, fewest_edges}));
}

/// What lies between the site and the sensor; empty for nothing.
std::string QualityGate::obstacle(const QualityMeasures& now, bool other_view) const {
  const bool covered = missing_share(now) > 0.5;
  const bool known = history_.seen >= settled;
  const double lost = detail_lost(now);
  // Where the strongest edges are others than usual, cell by cell tells whether they are softer.
  const double sharp_enough = known ? soft_share * history_.sharpness : softest_unknown;
  const bool soft = now.sharpness < sharp_enough && (lost == 0 || lost > focus_lost);
  if (now.void_share > 0.25 && (covered || soft)) return "blocked";
  if (now.structure < fog_structure || (covered && now.contrast < fog_contrast))
    return now.brightness > fog_brightness ? "fog" : "dark";
  if (soft) return "defocus";
  const bool gone = known && now.structure > 2 * fog_structure && covered && now.contrast > 20;
  const double most = smeared * (1 + smeared_first / std::max(history_.days, 1.0));
  return gone || (!other_view && smeared_share(now) > most) ? "dirty_lens" : "";
}

std::vector<std::string> QualityGate::refuse(const QualityMeasures& now, bool same_as_last,
                                             bool other_view) {
  std::vector<std::string> reasons;
  if (same_as_last) reasons.emplace_back("frozen");
  // Night with lamps is no reason: what matters is whether anything is lit.
  if (now.brightest < darkest_lit) return reasons.emplace_back("dark"), reasons;
  if (now.blown_share > blown_share_most) reasons.emplace_back("blown_out");
  const std::string fault = obstacle(now, other_view);
  if (!fault.empty()) reasons.push_back(fault);
  const bool dirty = fault == "dirty_lens";
  history_.dirty = dirty ? history_.dirty + 1 : 0;
  // Were it a light that was not seen before, and no dirt, the next of it shall pass sooner.
  if (dirty && by_day(now)) learn_soft_edges(now, taught);
  if (history_.dirty == dirt_stays) {
    history_.dirty = 0;
    forget_view();
  }
  return reasons;
}

void QualityGate::forget_view() {
  history_.cells = {};
  history_.days = 0;
}

void QualityGate::accept(const QualityMeasures& now) {
  history_.seen = std::min(history_.seen + 1, 50.0);
  const double share = 1.0 / history_.seen;
  history_.sharpness += share * (now.sharpness - history_.sharpness);
  for (std::size_t i = 0; i < history_.structured.size(); ++i)
    history_.structured[i] += share * ((now.empty_tiles[i] ? 0.0 : 1.0) - history_.structured[i]);
  for (std::size_t i = 0; i < history_.cells.size(); ++i) {
    if (std::isnan(now.detail[i])) continue;
    History::Cell& cell = history_.cells[i];
    cell.detail_seen = std::min(cell.detail_seen + 1, longest_memory);
    cell.detail += (now.detail[i] - cell.detail) / cell.detail_seen;
  }
  if (by_day(now)) learn_edges(now);
}

void QualityGate::learn_edges(const QualityMeasures& now) {
  history_.days = std::min(history_.days + 1, 50.0);
  for (std::size_t i = 0; i < history_.cells.size(); ++i) {
    History::Cell& cell = history_.cells[i];
    const float edges = now.edges[i], soft = now.soft_edges[i];
    const float memory = std::min(static_cast<float>(history_.days), edge_memory);
    cell.sharp += (edges - soft - cell.sharp) / memory;
    if (edges < least_edge) continue;
    cell.edges_seen = std::min(cell.edges_seen + 1, edge_memory);
  }
  learn_soft_edges(now, 1);
}

void QualityGate::learn_soft_edges(const QualityMeasures& now, float share) {
  for (std::size_t i = 0; i < history_.cells.size(); ++i) {
    if (now.edges[i] < least_edge) continue;
    float& softest = history_.cells[i].softest;
    const float beyond_it = now.soft_edges[i] / now.edges[i] - softest;
    softest += beyond_it * (beyond_it > 0 ? share : share * wears_off);
  }
}

std::vector<Measure> QualityGate::numbers(const QualityMeasures& now) const {
  return {{"brightness", now.brightness},
          {"brightest", now.brightest},
          {"contrast", now.contrast},
          {"blown_share", now.blown_share},
          {"structure", now.structure},
          {"sharpness", now.sharpness},
          {"usual_sharpness", history_.sharpness},
          {"void_share", now.void_share},
          {"missing_share", missing_share(now)},
          {"detail_lost", detail_lost(now)},
          {"smeared_share", smeared_share(now)}};
}

void QualityGate::save(BlobWriter& out) const {
  out.put(history_.sharpness);
  out.put(history_.seen);
  for (const double tile : history_.structured)
    out.put(tile);
  out.put(history_.dirty);
  out.put(history_.days);
  for (const auto& cell : history_.cells)
    for (const float number :
         {cell.detail, cell.detail_seen, cell.sharp, cell.edges_seen, cell.softest})
      out.put(number);
}

bool QualityGate::restore(BlobReader& in) {
  history_.sharpness = in.get<double>();
  history_.seen = in.get<double>();
  for (double& tile : history_.structured)
    tile = in.get<double>();
  history_.dirty = in.get<std::int32_t>();
  history_.days = in.get<double>();
  for (auto& cell : history_.cells) {
    for (float* number :
         {&cell.detail, &cell.detail_seen, &cell.sharp, &cell.edges_seen, &cell.softest})
      if (!std::isfinite(*number = in.get<float>())) return false;
    if (cell.detail_seen < 0 || cell.detail_seen > longest_memory) return false;
  }
  if (history_.dirty < 0 || history_.dirty >= dirt_stays) return false;
  return in.ok();
}

}  // namespace jieding::vision
