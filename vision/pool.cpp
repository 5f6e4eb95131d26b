#include "vision/pool.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "vision/decode.hpp"
#include "vision/pattern.hpp"
#include "vision/slope.hpp"

namespace jieding::vision {
namespace {

constexpr int sample_step_px = 9;
constexpr std::size_t light_step = 4;  ///< of the samples, for telling the kind of light
constexpr std::size_t best_pictures = 4;
constexpr std::size_t nearest_fitted = 4;  ///< in light
constexpr std::size_t emptier_fitted = 2;  ///< that show rows which none of those shows
constexpr std::size_t fewest_points = 50;
constexpr float noise_floor = 1.5F;  ///< grey levels
constexpr float noise_ceiling = 9.0F;
/// Grey levels by which a fit misses most of what lies beside the buildings, from which it explains
/// nothing: another season, a neighbour that has risen over it.
constexpr double hopeless_misfit = 30;
/// Half a pixel of misplacement is forgiven at edges of the background.
constexpr float edge_tolerance_px = 0.5F;
constexpr int stored_quality = 90;
constexpr float unexplained = 1e12F;  ///< squared distance before any picture was asked

/// Where something may lie that is no farther than a pixel off: the steepest slope so near.
cv::Mat edges_near(const cv::Mat& strip) {
  cv::Mat grey, out;
  cv::cvtColor(strip, grey, cv::COLOR_BGR2GRAY);
  cv::dilate(slope(grey), out, cv::Mat());
  return out;
}

cv::Mat grey_of(const cv::Mat& colours) {
  cv::Mat grey, out;
  cv::cvtColor(colours, grey, colours.channels() == 4 ? cv::COLOR_BGRA2GRAY : cv::COLOR_BGR2GRAY);
  grey.convertTo(out, CV_32F);
  return out;
}

/// Lowers the squared `distance` where the picture's row explains what is seen better.
void explain_row(const cv::Vec3b* seen, const cv::Vec4f* expected, const float* same,
                 const float* edges, const uchar* shown, const cv::Vec3f& variance, int columns,
                 float* distance) {
  const cv::v_float32x4 noise(variance[0], variance[1], variance[2], 1);
  for (int x = 0; x < columns; ++x) {
    if (shown[x] == 0) continue;
    const float blur = edge_tolerance_px * edges[x], other = 1 - same[x];
    const cv::v_float32x4 d =
        cv::v_float32x4(seen[x][0], seen[x][1], seen[x][2], 0) - cv::v_load(expected[x].val);
    const float sum = cv::v_reduce_sum(d * d / (noise + cv::v_setall_f32(blur * blur)));
    distance[x] = std::min(distance[x], sum / 3.0F * other * other);
  }
}

}  // namespace

double Pool::Picture::hidden() const {
  return std::accumulate(empty_above.begin(), empty_above.end(), 0.0);
}

Pool::Pool(const std::vector<Facade>& facades, const cv::Mat& shown)
    : facades_(facades),
      beside_([&] {
        cv::Mat beside = shown.clone();
        for (const Facade& facade : facades)
          beside.setTo(0, facade.footprint());
        return beside;
      }()),
      registration_(beside_) {
  const cv::Size size = shown.size();
  for (const Facade& facade : facades) {
    cv::Mat rows(size, CV_32F);
    for (int y = 0; y < size.height; ++y)
      rows.row(y).setTo(static_cast<float>(y) / static_cast<float>(size.height));
    row_of_.push_back(facade.strip(rows));
  }
  for (int y = 4; y < size.height - 4; y += sample_step_px)
    for (int x = 4; x < size.width - 4; x += sample_step_px)
      if (beside_.at<uchar>(y, x) != 0) points_.emplace_back(x, y);
}

std::vector<cv::Mat> Pool::shown_from(const Placing& placing) const {
  std::vector<cv::Mat> out;
  for (const Facade& facade : facades_)
    out.push_back(placing.is_still() ? facade.inside() : facade.inside(placing.matrix()));
  return out;
}

std::vector<uchar> Pool::points_shown(const Placing& placing) const {
  std::vector<uchar> out(points_.size(), 255);
  const cv::Rect2d within = readable(beside_.size());
  for (std::size_t i = 0; i < points_.size() && !placing.is_still(); ++i)
    if (!within.contains(placing.now(cv::Point2d(points_[i])))) out[i] = 0;
  return out;
}

std::vector<Pool::Fitted> Pool::fits(const cv::Mat& bgr, const Placing& placing) const {
  const std::vector<uchar> shown = points_shown(placing);
  std::vector<Fitted> out;
  double hidden = std::numeric_limits<double>::max();
  std::size_t tried = 0;
  for (const std::size_t i : order_of_light(colours(bgr))) {
    if (out.size() == nearest_fitted + emptier_fitted || tried == most_tried) break;
    if (out.size() >= nearest_fitted && pictures_[i].hidden() >= hidden) continue;
    hidden = std::min(hidden, pictures_[i].hidden());
    std::vector<cv::Point> both;
    for (std::size_t p = 0; p < points_.size(); ++p)
      if (shown[p] != 0 && pictures_[i].points_shown[p] != 0) both.push_back(points_[p]);
    if (both.size() < fewest_points) continue;
    ++tried;
    const ColourFit fit = ColourFit::between(pictures_[i].bgr, bgr, both);
    if (fit.misfit() < hopeless_misfit) out.push_back({i, fit});
  }
  std::sort(out.begin(), out.end(), [](const Fitted& a, const Fitted& b) {
    return std::pair(a.fit.misfit(), a.picture) < std::pair(b.fit.misfit(), b.picture);
  });
  return out;
}

Change Pool::compare(std::size_t facade, const cv::Mat& bgr, const cv::Mat& shown,
                     const std::vector<Fitted>& fits) const {
  Change out;
  out.seen = facades_[facade].strip(bgr);
  const cv::Mat& seen = out.seen;
  const Pattern pattern = Pattern::of(grey_of(seen));
  out.distance = cv::Mat(seen.size(), CV_32F, cv::Scalar(unexplained));
  out.witnesses = static_cast<int>(fits.size());
  out.shown = shown;
  std::vector<std::size_t> votes(static_cast<std::size_t>(seen.rows), 0);
  out.misfit.assign(votes.size(), 0);
  for (const auto& [i, fit] : fits) {
    const Picture& picture = pictures_[i];
    const auto first =
        static_cast<int>(std::clamp(std::lround(picture.empty_above[facade] * rows_per_storey), 0L,
                                    static_cast<long>(seen.rows)));
    cv::Vec3f variance;
    for (int c = 0; c < 3; ++c) {
      const float sigma = std::clamp(fit.noise()[c], noise_floor, noise_ceiling);
      variance[c] = sigma * sigma;
    }
    int end = seen.rows;  // rows that enough better pictures have explained need no other
    while (end > first && votes[static_cast<std::size_t>(end - 1)] >= best_pictures)
      --end;
    if (first == end) continue;
    const cv::Range rows(first, end);
    const cv::Mat expected =
        fit.apply(picture.strips[facade].rowRange(rows), row_of_[facade].rowRange(rows));
    const cv::Mat same = same_pattern(pattern, rows, Pattern::of(grey_of(expected)));
    for (int y = first; y < end; ++y) {
      const auto row = static_cast<std::size_t>(y);
      if (votes[row] >= best_pictures) continue;
      if (votes[row]++ == 0) out.misfit[row] = fit.misfit();
      explain_row(seen.ptr<cv::Vec3b>(y), expected.ptr<cv::Vec4f>(y - first),
                  same.ptr<float>(y - first), picture.edges[facade].ptr<float>(y),
                  picture.shown[facade].ptr<uchar>(y), variance, seen.cols,
                  out.distance.ptr<float>(y));
    }
  }
  out.known = shown.clone();
  out.known.setTo(0, out.distance >= unexplained);
  cv::sqrt(out.distance, out.distance);
  return out;
}

std::vector<Change> Pool::compare(const cv::Mat& bgr, const Placing& placing) const {
  const std::vector<Fitted> found = fits(bgr, placing);
  const std::vector<cv::Mat> shown = shown_from(placing);
  std::vector<Change> out;
  for (std::size_t f = 0; f < facades_.size(); ++f)
    out.push_back(compare(f, bgr, shown[f], found));
  return out;
}

void Pool::add(const cv::Mat& bgr, const Placing& placing, std::vector<double> empty_above) {
  if (pictures_.size() >= capacity) {
    const std::size_t out =
        superfluous(colours(bgr), std::accumulate(empty_above.begin(), empty_above.end(), 0.0));
    if (out == pictures_.size()) return;  // the new one itself: it need not be encoded
    pictures_.erase(pictures_.begin() + static_cast<std::ptrdiff_t>(out));
  }
  add_stored(encode_jpeg(bgr, stored_quality), placing, std::move(empty_above));
}

bool Pool::add_stored(std::string jpeg, const Placing& placing, std::vector<double> empty_above) {
  const auto picture = decode_jpeg(jpeg, {1U << 20U, 1U << 20U});
  if (!picture || picture->size() != beside_.size() || empty_above.size() != facades_.size())
    return false;
  Picture entry;
  entry.jpeg = std::move(jpeg);
  entry.empty_above = std::move(empty_above);
  entry.placing = placing;
  entry.bgr = *picture;
  entry.colours = colours(entry.bgr);
  entry.points_shown = points_shown(placing);
  entry.shown = shown_from(placing);
  for (const Facade& facade : facades_) {
    entry.strips.push_back(facade.strip(entry.bgr));
    entry.edges.push_back(edges_near(entry.strips.back()));
  }
  pictures_.push_back(std::move(entry));
  return true;
}

cv::Mat Pool::colours(const cv::Mat& bgr) const {
  cv::Mat out(1, static_cast<int>(points_.size() / light_step + 1), CV_8UC3, cv::Scalar());
  for (std::size_t i = 0; i < points_.size(); i += light_step)
    out.at<cv::Vec3b>(0, static_cast<int>(i / light_step)) = bgr.at<cv::Vec3b>(points_[i]);
  return out;
}

/// The same of a picture that lies elsewhere, without putting all of it back.
cv::Mat Pool::colours(const cv::Mat& bgr, const Placing& placing) const {
  if (placing.is_still()) return colours(bgr);
  cv::Mat now(1, static_cast<int>(points_.size() / light_step + 1), CV_32FC2, cv::Scalar()), out;
  for (std::size_t i = 0; i < points_.size(); i += light_step) {
    const cv::Point2f at = placing.now(cv::Point2d(points_[i]));
    now.at<cv::Vec2f>(0, static_cast<int>(i / light_step)) = {at.x, at.y};
  }
  cv::remap(bgr, out, now, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  return out;
}

std::vector<std::size_t> Pool::order_of_light(const cv::Mat& now) const {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < pictures_.size(); ++i)
    order.emplace_back(cv::norm(pictures_[i].colours, now, cv::NORM_L1), i);
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> out;
  out.reserve(order.size());
  for (const auto& [unlike, i] : order)
    out.push_back(i);
  return out;
}

std::vector<const Landmarks*> Pool::likest(const cv::Mat& bgr, const Placing& last,
                                           std::size_t count) const {
  std::vector<const Landmarks*> out;
  for (const std::size_t i : order_of_light(colours(bgr, last))) {
    if (out.size() == count) break;
    const Picture& picture = pictures_[i];
    if (!picture.landmarks) picture.landmarks = registration_.landmarks(picture.bgr);
    out.push_back(&*picture.landmarks);
  }
  return out;
}

/// Which goes when one of these colours comes, which hides so many storeys: its own number is that
/// behind the last. Of the two most alike the one that shows less, of equals the older: the
/// surroundings have changed since.
std::size_t Pool::superfluous(const cv::Mat& colours, double hidden) const {
  const std::size_t newest = pictures_.size();
  const auto colours_of = [&](std::size_t i) -> const cv::Mat& {
    return i == newest ? colours : pictures_[i].colours;
  };
  std::pair<std::size_t, std::size_t> closest{0, newest};
  double least = std::numeric_limits<double>::max();
  for (std::size_t a = 0; a < newest; ++a) {
    for (std::size_t b = a + 1; b <= newest; ++b) {
      const double d = cv::norm(colours_of(a), colours_of(b), cv::NORM_L1);
      if (d >= least) continue;
      least = d;
      closest = {a, b};
    }
  }
  const auto [a, b] = closest;
  const double more = b == newest ? hidden : pictures_[b].hidden();
  return more > pictures_[a].hidden() + 1e-9 ? b : a;
}

}  // namespace jieding::vision
