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
constexpr double coarse_sigma = 4;    ///< pixels; about the blur of a drop on the glass
constexpr double least_coarse = 0.9;  ///< grey levels per pixel, of a cell that can speak
constexpr double gradient_noise = 0.3;
constexpr float first_spread = 0.2F, longest_memory = 20;
constexpr double detail_lost = 0.6, spreads_lost = 3;  ///< of a smeared cell
constexpr int smallest_patch = 4;                      ///< cells; single ones change with the works
constexpr double smeared_share = 0.08;
constexpr double daylight = 75;   ///< mean luminance below which lamps may light the picture
constexpr int come_for_gone = 2;  ///< cells that lost detail for one that won some, in a new view
constexpr int dirt_stays = 8;     ///< pictures in a row after which dirt is what is usual
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

/// A step keeps its height when blurred, only its slope falls: the ratio of slopes before and
/// after a known blur tells the blur that was there already, whatever light and contrast.
double sharpness(const cv::Mat& half, const cv::Mat& fine) {
  cv::Mat sharpest;
  const cv::Mat coarse = coarse_slope(half, sharp_sigma);
  cv::dilate(fine, sharpest, cv::Mat::ones(5, 5, CV_8U));
  const double strong = std::max(1.0, percentile(to_bytes(coarse, 8), 0.97)) / 8;
  std::vector<double> ratios;
  for (int y = 0; y < coarse.rows; ++y) {
    const auto* slopes = coarse.ptr<float>(y);
    const auto* sharp = sharpest.ptr<float>(2 * y);
    for (int x = 0; x < coarse.cols; ++x)
      if (const auto c = static_cast<double>(slopes[x]); c >= strong)
        ratios.push_back(static_cast<double>(sharp[2 * x]) / c);
  }
  if (ratios.empty()) return 0;
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  return *middle;
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

/// How many of the set cells touch at least so many others that a patch is made.
int in_patches(const cv::Mat& cells) {
  cv::Mat labels, stats, centres;
  const int n = cv::connectedComponentsWithStats(cells, labels, stats, centres, 8);
  int count = 0;
  for (int i = 1; i < n; ++i)
    if (const int area = stats.at<int>(i, cv::CC_STAT_AREA); area >= smallest_patch) count += area;
  return count;
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
  out.sharpness = sharpness(half, fine);
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

QualityGate::Detail QualityGate::detail(const QualityMeasures& now) const {
  cv::Mat less(QualityMeasures::cells_down, QualityMeasures::cells_across, CV_8U, cv::Scalar(0));
  cv::Mat more = less.clone();
  std::vector<double> lost;
  for (int i = 0; i < static_cast<int>(now.detail.size()); ++i) {
    const auto& cell = history_.cells[static_cast<std::size_t>(i)];
    const float detail = now.detail[static_cast<std::size_t>(i)];
    if (static_cast<double>(cell.seen) < settled || std::isnan(detail)) continue;
    const auto loss = static_cast<double>(cell.usual - detail);
    const bool unusual =
        std::abs(loss) > std::max(detail_lost, spreads_lost * static_cast<double>(cell.spread));
    (loss > 0 ? less : more).at<uchar>(i) = unusual;
    lost.push_back(loss);
  }
  if (lost.size() < fewest_cells) return {};
  const auto middle = lost.begin() + static_cast<std::ptrdiff_t>(lost.size() / 2);
  std::nth_element(lost.begin(), middle, lost.end());
  // Dirt only takes. Where as much has come as gone, the camera was knocked or the light is new.
  const int smeared = std::max(0, in_patches(less) - come_for_gone * in_patches(more));
  return {*middle, smeared / static_cast<double>(lost.size())};
}

/// What lies between the site and the sensor; empty for nothing.
std::string QualityGate::obstacle(const QualityMeasures& now) const {
  const bool covered = missing_share(now) > 0.5;
  const bool known = history_.seen >= settled;
  const Detail cells = detail(now);
  // Where the strongest edges are others than usual, cell by cell tells whether they are softer.
  const double sharp_enough = known ? soft_share * history_.sharpness : softest_unknown;
  const bool soft = now.sharpness < sharp_enough && (cells.lost == 0 || cells.lost > focus_lost);
  if (now.void_share > 0.25 && (covered || soft)) return "blocked";
  if (now.structure < fog_structure || (covered && now.contrast < fog_contrast))
    return now.brightness > fog_brightness ? "fog" : "dark";
  if (soft) return "defocus";
  const bool gone = known && now.structure > 2 * fog_structure && covered && now.contrast > 20;
  // Lamps have halos, and what they light has other outlines.
  const bool by_day = now.brightness > daylight;
  return gone || (by_day && cells.smeared > smeared_share) ? "dirty_lens" : "";
}

std::vector<std::string> QualityGate::refuse(const QualityMeasures& now, bool same_as_last) {
  std::vector<std::string> reasons;
  if (same_as_last) reasons.emplace_back("frozen");
  // Night with lamps is no reason: what matters is whether anything is lit.
  if (now.brightest < darkest_lit) return reasons.emplace_back("dark"), reasons;
  if (now.blown_share > blown_share_most) reasons.emplace_back("blown_out");
  const std::string fault = obstacle(now);
  if (!fault.empty()) reasons.push_back(fault);
  history_.dirty = fault == "dirty_lens" ? history_.dirty + 1 : 0;
  if (history_.dirty == dirt_stays) {
    history_.dirty = 0;
    history_.cells = {};
  }
  return reasons;
}

void QualityGate::accept(const QualityMeasures& now) {
  history_.seen = std::min(history_.seen + 1, 50.0);
  const double share = 1.0 / history_.seen;
  history_.sharpness += share * (now.sharpness - history_.sharpness);
  for (std::size_t i = 0; i < history_.structured.size(); ++i)
    history_.structured[i] += share * ((now.empty_tiles[i] ? 0.0 : 1.0) - history_.structured[i]);
  for (std::size_t i = 0; i < history_.cells.size(); ++i) {
    if (std::isnan(now.detail[i])) continue;
    auto& cell = history_.cells[i];
    const float apart = now.detail[i] - cell.usual;
    const bool first = cell.seen == 0;
    cell.seen = std::min(cell.seen + 1, longest_memory);
    cell.usual += apart / cell.seen;
    cell.spread = first ? first_spread : cell.spread + (std::abs(apart) - cell.spread) / cell.seen;
  }
}

std::vector<Measure> QualityGate::numbers(const QualityMeasures& now) const {
  const Detail cells = detail(now);
  return {{"brightness", now.brightness},
          {"brightest", now.brightest},
          {"contrast", now.contrast},
          {"blown_share", now.blown_share},
          {"structure", now.structure},
          {"sharpness", now.sharpness},
          {"usual_sharpness", history_.sharpness},
          {"void_share", now.void_share},
          {"missing_share", missing_share(now)},
          {"detail_lost", cells.lost},
          {"smeared_share", cells.smeared}};
}

void QualityGate::save(BlobWriter& out) const {
  out.put(history_.sharpness);
  out.put(history_.seen);
  for (const double tile : history_.structured)
    out.put(tile);
  out.put(history_.dirty);
  for (const auto& cell : history_.cells)
    for (const float number : {cell.usual, cell.spread, cell.seen})
      out.put(number);
}

bool QualityGate::restore(BlobReader& in) {
  history_.sharpness = in.get<double>();
  history_.seen = in.get<double>();
  for (double& tile : history_.structured)
    tile = in.get<double>();
  history_.dirty = in.get<std::int32_t>();
  for (auto& cell : history_.cells) {
    for (float* number : {&cell.usual, &cell.spread, &cell.seen})
      if (!std::isfinite(*number = in.get<float>())) return false;
    if (cell.seen < 0 || cell.seen > longest_memory) return false;
  }
  if (history_.dirty < 0 || history_.dirty >= dirt_stays) return false;
  return in.ok();
}

}  // namespace jieding::vision
