#include "vision/pool.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "vision/decode.hpp"
#include "vision/slope.hpp"
#include "vision/strip.hpp"

namespace jieding::vision {
namespace {

constexpr int sample_step_px = 9;
constexpr std::size_t light_step = 4;      ///< of the samples, for telling the kind of light
constexpr std::size_t nearest_fitted = 4;  ///< in light
constexpr std::size_t emptier_fitted = 2;  ///< that show rows which none of those shows
constexpr std::size_t fewest_points = 50;
/// Grey levels by which a fit misses most of what lies beside the buildings, from which it explains
/// nothing: another season, a neighbour that has risen over it.
constexpr double hopeless_misfit = 30;
constexpr int stored_quality = 90;
/// Fewer samples beside the buildings are filled up with some that lie before them: columns and
/// rows of a strip between those.
constexpr std::size_t fewest_beside = 200;
constexpr int column_step = facade_columns / 10, row_step = rows_per_storey / 3;

/// Where something may lie that is no farther than a pixel off: the steepest slope so near.
cv::Mat edges_near(const cv::Mat& strip) {
  cv::Mat grey, out;
  cv::cvtColor(strip, grey, cv::COLOR_BGR2GRAY);
  cv::dilate(slope(grey), out, cv::Mat());
  return out;
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
  if (points_.size() < fewest_beside) add_points_before(shown);
}

void Pool::add_points_before(const cv::Mat& shown) {
  const cv::Rect picture({}, shown.size());
  for (std::size_t f = 0; f < facades_.size(); ++f) {
    for (int row = 0; row < facades_[f].rows(); row += row_step) {
      const double height = Facade::height_of_row(row);
      for (int column = column_step / 2; column < facade_columns; column += column_step) {
        const cv::Point at(facades_[f].at(static_cast<double>(column) / facade_columns, height));
        if (!picture.contains(at) || shown.at<uchar>(at) == 0) continue;
        points_.push_back(at);
        before_.push_back({f, height});
      }
    }
  }
}

/// Each sample beside the buildings does; one before a facade where neither picture has works.
bool Pool::shows_background(std::size_t point, const Picture& picture,
                            const std::vector<double>& empty_above) const {
  const std::size_t beside = points_.size() - before_.size();
  if (point < beside) return true;
  const auto& [facade, height] = before_[point - beside];
  return height > std::max(picture.empty_above[facade], empty_above[facade]);
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

std::vector<Pool::Fitted> Pool::fits(const cv::Mat& bgr, const Placing& placing,
                                     const std::vector<double>& empty_above) const {
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
      if (shown[p] != 0 && pictures_[i].points_shown[p] != 0 &&
          shows_background(p, pictures_[i], empty_above))
        both.push_back(points_[p]);
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

std::vector<FittedStrip> Pool::strips_of(std::size_t facade,
                                         const std::vector<Fitted>& fits) const {
  std::vector<FittedStrip> out;
  for (const Fitted& fitted : fits) {
    const Picture& picture = pictures_[fitted.picture];
    out.push_back({picture.strips[facade], picture.edges[facade], picture.shown[facade],
                   picture.empty_above[facade], picture.built_below[facade], fitted.fit});
  }
  return out;
}

std::vector<Change> Pool::compare(const cv::Mat& bgr, const Placing& placing,
                                  const std::vector<double>& empty_above) const {
  const std::vector<Fitted> found = fits(bgr, placing, empty_above);
  const std::vector<cv::Mat> shown = shown_from(placing);
  std::vector<Change> out;
  for (std::size_t f = 0; f < facades_.size(); ++f)
    out.push_back(
        vision::compare(facades_[f].strip(bgr), shown[f], row_of_[f], strips_of(f, found)));
  return out;
}

void Pool::add(const cv::Mat& bgr, const Placing& placing, std::vector<double> empty_above,
               std::vector<int> built_below) {
  if (pictures_.size() >= capacity) {
    const std::size_t out =
        superfluous(colours(bgr), std::accumulate(empty_above.begin(), empty_above.end(), 0.0));
    if (out == pictures_.size()) return;  // the new one itself: it need not be encoded
    pictures_.erase(pictures_.begin() + static_cast<std::ptrdiff_t>(out));
  }
  add_stored(encode_jpeg(bgr, stored_quality), placing, std::move(empty_above),
             std::move(built_below));
}

void Pool::confirm(std::size_t facade, int storeys) {
  for (Picture& picture : pictures_)
    picture.built_below[facade] = std::min(picture.built_below[facade], storeys);
}

bool Pool::add_stored(std::string jpeg, const Placing& placing, std::vector<double> empty_above,
                      std::vector<int> built_below) {
  const auto picture = decode_jpeg(jpeg, {1U << 20U, 1U << 20U});
  if (!picture || picture->size() != beside_.size() || empty_above.size() != facades_.size() ||
      built_below.size() != facades_.size())
    return false;
  Picture entry;
  entry.jpeg = std::move(jpeg);
  entry.empty_above = std::move(empty_above);
  entry.built_below = std::move(built_below);
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
