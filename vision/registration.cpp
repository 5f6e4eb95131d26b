#include "vision/registration.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "vision/shifted.hpp"
#include "vision/slope.hpp"

namespace jieding::vision {
namespace {

constexpr int halving = 2;  ///< outlines are kept at half the working size
/// An outline is the slope over the mean slope around it: in a square of so many half-size pixels,
/// and with so many grey levels per pixel added, that noise on flat ground makes no outline. One
/// edge on flat ground counts no more than so many usual ones.
constexpr int surroundings_px = 15;
constexpr double slope_noise = 0.8, most_outline = 4.0;
constexpr int patch_px = 64, patch_step_px = 43;
constexpr double least_beside = 0.75;  ///< of a patch
constexpr double least_relief = 0.25;  ///< standard deviation of outlines in a patch that can speak
constexpr double agreement_px = 0.7;   ///< of a patch with the motion, half-size pixels
constexpr int fewest_agreeing = 4;
constexpr double agreeing_share = 0.3;
constexpr double most_turn = 0.12;  ///< radians, and share of zoom
/// A turn or zoom must explain so many more patches than a plain shift does.
constexpr int turn_is_worth = 2;
/// Below this the placing of before stands: a measured sway of less is noise.
constexpr double still_px = 0.35;
constexpr double same_shift_px = 1.0;
constexpr double sway_px = 3.0;  ///< half-size pixels
/// Likeness from which two references are one: a day has been laid over the lamps of two pictures
/// of one night, 0.95 alike, by the same 100 pixels.
constexpr double one_witness = 0.9;
/// Likeness of outlines (-1..1): below `alike` a motion proves nothing; a picture with strong
/// outlines that are nowhere like any reference shows another place. Of 277 good pictures of four
/// rendered sites none is less alike than 0.203 at the place found for it; of 1,045 of the other
/// three sites the median is 0.16. As little as `foreign` is else seen in fog only.
constexpr double alike = 0.2;
constexpr double foreign = 0.08;
/// Buildings change, but where they fill the picture they are alike, too, unless it shows another
/// place: pictures of those are no more than 0.15 alike as a whole.
constexpr double whole_alike = 0.25;
/// A jump is farther than a sway. It takes the picture along: of the squares of so many half-size
/// pixels that are alike in either place, at least so many must be more alike there by so much, and
/// so many times as many as are more alike where the last picture lay. A crane that has climbed
/// takes along what hangs on it, and it may have the strongest outlines beside.
constexpr double jump_px = 8;
constexpr int square_px = 16, fewest_squares = 5, outvoted = 2;
constexpr double alike_square = 0.3, more_alike = 0.1;
/// Mean gradient of a plain sky, grey levels per pixel: who sees no more looks nowhere else.
constexpr double plain = 0.8;
/// Two ways to lay one picture over another may differ in likeness by so much for the resampling.
constexpr double refining_costs = 0.02;
/// Of a reference's outlines. Night shows other ones than day, and fewer: that is no other place.
/// Of the same pictures good ones have 0.63 of the weakest reference's or more, half of the foggy
/// ones less than 0.42.
constexpr double strong = 0.6;

struct Match {
  cv::Point2d then, now;
};

using Matches = std::vector<Match>;

int agreeing(const Matches& matches, const cv::Matx23d& m) {
  int count = 0;
  for (const Match& match : matches)
    count += cv::norm(Placing(m).now(match.then) - match.now) < agreement_px;
  return count;
}

/// The similarity through two matches; nothing when it turns or zooms more than a knock would.
std::optional<cv::Matx23d> through(const Match& a, const Match& b) {
  const cv::Point2d d = b.then - a.then, e = b.now - a.now;
  const double length = d.dot(d);
  if (length < patch_px * patch_px) return {};
  const double p = (d.x * e.x + d.y * e.y) / length, q = (d.x * e.y - d.y * e.x) / length;
  if (std::abs(p - 1) > most_turn || std::abs(q) > most_turn) return {};
  return cv::Matx23d(p, -q, a.now.x - p * a.then.x + q * a.then.y,  //
                     q, p, a.now.y - q * a.then.x - p * a.then.y);
}

/// Least squares over the matches that agree with `m`.
cv::Matx23d fitted(const Matches& matches, const cv::Matx23d& m, bool turn) {
  cv::Point2d then, now;
  Matches used;
  for (const Match& match : matches) {
    if (cv::norm(Placing(m).now(match.then) - match.now) >= agreement_px) continue;
    used.push_back(match);
    then += match.then;
    now += match.now;
  }
  const double n = static_cast<double>(used.size());
  then /= n;
  now /= n;
  double p = 0, q = 0, length = 0;
  for (const Match& match : used) {
    const cv::Point2d d = match.then - then, e = match.now - now;
    p += d.x * e.x + d.y * e.y;
    q += d.x * e.y - d.y * e.x;
    length += d.dot(d);
  }
  p = turn && length > 0 ? p / length : 1;
  q = turn && length > 0 ? q / length : 0;
  return {p, -q, now.x - p * then.x + q * then.y, q, p, now.y - q * then.x - p * then.y};
}

std::optional<cv::Matx23d> consensus(const Matches& matches) {
  int best_shift = 0, best_turn = 0;
  cv::Matx23d shift, turn;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const cv::Point2d by = matches[i].now - matches[i].then;
    const cv::Matx23d plain(1, 0, by.x, 0, 1, by.y);
    if (const int count = agreeing(matches, plain); count > best_shift) {
      best_shift = count;
      shift = plain;
    }
    for (std::size_t j = 0; j < i; ++j) {
      const auto both = through(matches[i], matches[j]);
      if (!both) continue;
      if (const int count = agreeing(matches, *both); count > best_turn) {
        best_turn = count;
        turn = *both;
      }
    }
  }
  const bool turned = best_turn >= best_shift + turn_is_worth;
  const int count = std::max(best_shift, turned ? best_turn : 0);
  if (count < fewest_agreeing || count < agreeing_share * static_cast<double>(matches.size()))
    return {};
  return turned ? fitted(matches, turn, true) : fitted(matches, shift, false);
}

/// Of two pictures where `used` is not 0, -1..1; 0 when one of them is flat there.
double correlation(const cv::Mat& a, const cv::Mat& b, const cv::Mat& used) {
  constexpr double flat = 1e-12;  // variance
  double n = 0, sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
  for (int y = 0; y < used.rows; ++y) {
    const auto* in_a = a.ptr<float>(y);
    const auto* in_b = b.ptr<float>(y);
    const auto* in = used.ptr<uchar>(y);
    for (int x = 0; x < used.cols; ++x) {
      if (in[x] == 0) continue;
      const auto va = static_cast<double>(in_a[x]), vb = static_cast<double>(in_b[x]);
      n += 1;
      sum_a += va;
      sum_b += vb;
      sum_aa += va * va;
      sum_bb += vb * vb;
      sum_ab += va * vb;
    }
  }
  const double spread_a = n * sum_aa - sum_a * sum_a, spread_b = n * sum_bb - sum_b * sum_b;
  if (n == 0 || std::min(spread_a, spread_b) < n * n * flat) return 0;
  return (n * sum_ab - sum_a * sum_b) / std::sqrt(spread_a * spread_b);
}

/// Where the inverse transform of a normalised cross spectrum peaks, to a fraction of a pixel.
cv::Point2d peak_of(const cv::Mat& surface) {
  cv::Point top;
  cv::minMaxLoc(surface, nullptr, nullptr, nullptr, &top);
  double sum = 0;
  cv::Point2d centre;
  for (int dy = -2; dy <= 2; ++dy) {
    for (int dx = -2; dx <= 2; ++dx) {
      const int y = (top.y + dy + surface.rows) % surface.rows;
      const int x = (top.x + dx + surface.cols) % surface.cols;
      const double v = std::max(0.0F, surface.at<float>(y, x));
      sum += v;
      centre += v * cv::Point2d(top.x + dx, top.y + dy);
    }
  }
  centre /= std::max(sum, 1e-12);
  if (centre.x > surface.cols / 2.0) centre.x -= surface.cols;
  if (centre.y > surface.rows / 2.0) centre.y -= surface.rows;
  return centre;
}

/// Each frequency of a packed real spectrum brought to length one, as phase correlation wants it.
void normalise(cv::Mat& spectrum) {
  const int rows = spectrum.rows, cols = spectrum.cols;
  const auto unit = [](float& re, float& im) {
    const float length = std::sqrt(re * re + im * im) + 1e-9F;
    re /= length;
    im /= length;
  };
  for (int y = 0; y < rows; ++y) {
    auto* row = spectrum.ptr<float>(y);
    for (int x = 1; x + 1 < cols; x += 2)
      unit(row[x], row[x + 1]);
  }
  for (const int x : {0, cols % 2 == 0 ? cols - 1 : 0}) {
    for (int y = 1; y + 1 < rows; y += 2)
      unit(spectrum.at<float>(y, x), spectrum.at<float>(y + 1, x));
    for (const int y : {0, rows % 2 == 0 ? rows - 1 : 0}) {
      float& corner = spectrum.at<float>(y, x);
      corner = corner > 0 ? 1.0F : -1.0F;
    }
    if (cols % 2 != 0) break;
  }
}

}  // namespace

cv::Point2d Placing::now(cv::Point2d p) const {
  const auto& m = to_now_;
  return {m(0, 0) * p.x + m(0, 1) * p.y + m(0, 2), m(1, 0) * p.x + m(1, 1) * p.y + m(1, 2)};
}

Placing Placing::scaled(double factor) const {
  cv::Matx23d m = to_now_;
  m(0, 2) *= factor;
  m(1, 2) *= factor;
  return Placing(m);
}

cv::Point2d Placing::shift(cv::Size size) const {
  const cv::Point2d middle(size.width / 2.0, size.height / 2.0);
  return now(middle) - middle;
}

double Placing::apart(const Placing& a, const Placing& b, cv::Size size) {
  double most = 0;
  for (const double x : {0.0, static_cast<double>(size.width)})
    for (const double y : {0.0, static_cast<double>(size.height)})
      most = std::max(most, cv::norm(a.now({x, y}) - b.now({x, y})));
  return most;
}

bool Placing::is_plain_shift() const {
  return to_now_.get_minor<2, 2>(0, 0) == cv::Matx22d::eye();
}

cv::Mat Placing::put_back(const cv::Mat& picture) const {
  if (is_still()) return picture;
  if (is_plain_shift()) return vision::shifted(picture, {to_now_(0, 2), to_now_(1, 2)});
  cv::Mat out;
  cv::warpAffine(picture, out, to_now_, picture.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  return out;
}

cv::Mat Placing::shown(cv::Size size) const {
  cv::Mat out(size, CV_8U, cv::Scalar(255));
  if (is_still()) return out;
  cv::Mat moved;
  cv::warpAffine(out, moved, to_now_, size, cv::INTER_NEAREST | cv::WARP_INVERSE_MAP,
                 cv::BORDER_CONSTANT, cv::Scalar(0));
  cv::erode(moved, out, cv::Mat::ones(3, 3, CV_8U), {-1, -1}, 1, cv::BORDER_CONSTANT,
            cv::Scalar(255));
  return out;
}

Registration::Registration(const cv::Mat& beside) : size_(beside.size()) {
  const cv::Size half(size_.width / halving, size_.height / halving);
  cv::resize(beside, beside_, half, 0, 0, cv::INTER_NEAREST);
  cv::createHanningWindow(window_, half, CV_32F);
  cv::createHanningWindow(patch_window_, {patch_px, patch_px}, CV_32F);
  for (int y = 0; y + patch_px <= half.height; y += patch_step_px) {
    for (int x = 0; x + patch_px <= half.width; x += patch_step_px) {
      const cv::Rect patch(x, y, patch_px, patch_px);
      if (cv::countNonZero(beside_(patch)) >= least_beside * patch.area())
        patches_.push_back(patch);
    }
  }
}

Landmarks Registration::landmarks(const cv::Mat& bgr) const {
  cv::Mat half, grey, local;
  cv::resize(bgr, half, beside_.size(), 0, 0, cv::INTER_AREA);
  cv::cvtColor(half, grey, cv::COLOR_BGR2GRAY);
  const cv::Mat steep = slope(grey);
  cv::blur(steep, local, {surroundings_px, surroundings_px});
  Landmarks out;
  out.strength = cv::mean(steep, beside_)[0];
  local += slope_noise;
  cv::divide(steep, local, out.outline);
  cv::min(out.outline, most_outline, out.outline);
  // What stands at the buildings grows; filled with the mean it makes no outline of its own.
  cv::Mat masked = out.outline.clone();
  masked.setTo(cv::mean(out.outline, beside_), beside_ == 0);
  cv::multiply(masked, window_, masked);
  cv::dft(masked, out.spectrum);
  return out;
}

cv::Point2d Registration::whole_shift(const Landmarks& then, const Landmarks& now) const {
  cv::Mat cross, surface;
  cv::mulSpectrums(now.spectrum, then.spectrum, cross, 0, true);
  normalise(cross);
  cv::dft(cross, surface, cv::DFT_INVERSE | cv::DFT_REAL_OUTPUT | cv::DFT_SCALE);
  return peak_of(surface);
}

Registration::Laid Registration::lay(const Landmarks& then, const Landmarks& now,
                                     const Placing& placing) const {
  const Placing small = placing.scaled(1.0 / halving);
  Laid out{placing, small.put_back(now.outline), {}, 0};
  // A sway's strip at the border is too thin to weigh.
  if (small.farthest(beside_.size()) > sway_px) out.shown = small.shown(beside_.size());
  const cv::Mat used = out.shown.empty() ? beside_ : cv::Mat(beside_ & out.shown);
  out.likeness = correlation(then.outline, out.outline, used);
  return out;
}

bool Registration::is_same_as_a_whole(const Landmarks& then, const Landmarks& now,
                                      const Placing& last) const {
  const cv::Mat everywhere(beside_.size(), CV_8U, cv::Scalar(255));
  return correlation(then.outline, lay(then, now, last).outline, everywhere) > whole_alike;
}

bool Registration::takes_all_along(const Landmarks& then, const Laid& stayed,
                                   const Laid& moved) const {
  const cv::Mat used = moved.shown.empty() ? beside_ : cv::Mat(beside_ & moved.shown);
  int go = 0, stay = 0;
  for (int y = 0; y + square_px <= used.rows; y += square_px) {
    for (int x = 0; x + square_px <= used.cols; x += square_px) {
      const cv::Rect square(x, y, square_px, square_px);
      if (2 * cv::countNonZero(used(square)) < square.area()) continue;
      const double there = correlation(then.outline(square), moved.outline(square), used(square));
      const double here = correlation(then.outline(square), stayed.outline(square), used(square));
      if (std::max(there, here) < alike_square) continue;
      go += there > here + more_alike;
      stay += here > there + more_alike;
    }
  }
  return go >= fewest_squares && go >= outvoted * stay;
}

std::optional<Placing> Registration::refine(const Landmarks& then, const Laid& now) const {
  const Placing small = now.placing.scaled(1.0 / halving);
  Matches matches;
  for (const cv::Rect& patch : patches_) {
    if (!now.shown.empty() && cv::countNonZero(now.shown(patch)) < least_beside * patch.area())
      continue;
    cv::Scalar mean, relief;
    cv::meanStdDev(then.outline(patch), mean, relief);
    if (relief[0] < least_relief) continue;
    // OpenCV lays its window over the arguments themselves, so they are copied.
    const cv::Point2d by =
        cv::phaseCorrelate(then.outline(patch).clone(), now.outline(patch).clone(), patch_window_);
    const cv::Point2d middle(patch.x + patch_px / 2.0, patch.y + patch_px / 2.0);
    matches.push_back({middle, small.now(middle + by)});
  }
  const auto motion = consensus(matches);
  if (!motion) return {};
  return Placing(*motion).scaled(halving);
}

/// Unless it jumps with one thing alone.
bool Registration::may_lie(const Landmarks& then, const Laid& stayed, const Laid& there) const {
  return Placing::apart(stayed.placing, there.placing, size_) < jump_px ||
         takes_all_along(then, stayed, there);
}

/// Where patches agree on a motion from `start` that makes the pictures alike.
std::optional<Registration::Laid> Registration::verified(const Landmarks& then,
                                                         const Landmarks& now, const Laid& stayed,
                                                         const Laid& start) const {
  const auto moved = refine(then, start);
  if (!moved) return {};
  Laid out = lay(then, now, *moved);
  const bool alike_there = out.likeness >= std::max(alike, start.likeness - refining_costs);
  return alike_there && may_lie(then, stayed, out) ? std::optional(std::move(out)) : std::nullopt;
}

/// Most pictures sway: what lies about where the last one did need not be looked for elsewhere.
Registration::Sighting Registration::sight(const Landmarks& then, const Landmarks& now,
                                           const Placing& last) const {
  Sighting out;
  out.stayed = lay(then, now, last);
  out.verified = verified(then, now, out.stayed, out.stayed);
  if (out.verified) return out;
  Laid there = lay(then, now, Placing::shifted(whole_shift(then, now) * halving));
  out.likeness_there = there.likeness;
  if (there.likeness <= out.stayed.likeness) return out;
  out.jumps_alone = !may_lie(then, out.stayed, there);
  if (out.jumps_alone) return out;
  out.verified = verified(then, now, out.stayed, there);
  out.moved = std::move(there);
  return out;
}

Placement Registration::place(const Landmarks& now, const std::vector<const Landmarks*>& references,
                              const Placing& last) const {
  Placement out{last, false, false, 0};
  if (references.empty()) return {Placing(), true, false, 1};
  std::vector<std::pair<const Landmarks*, Placing>> found;
  double best = -1, best_moved = -1, best_stayed = -1;  // likeness
  bool strong_enough = false;
  for (const Landmarks* then : references) {
    const Sighting seen = sight(*then, now, last);
    strong_enough |= now.strength > std::max(plain, strong * then->strength);
    best_stayed = std::max(best_stayed, seen.stayed.likeness);
    best = std::max({best, best_stayed, seen.likeness_there});
    if (seen.verified) {
      out.likeness = seen.verified->likeness;
      out.verified = true;
      if (Placing::apart(seen.verified->placing, last, size_) > still_px)
        out.placing = seen.verified->placing;
      return out;
    }
    if (seen.moved) best_moved = std::max(best_moved, seen.moved->likeness);
    const Laid& likest = seen.moved ? *seen.moved : seen.stayed;
    if (likest.likeness < alike || seen.jumps_alone) continue;
    // Too little to see for patches: two references that say the same of the whole, or one that
    // says that nothing moved.
    for (const auto& [other, placing] : found)
      if (Placing::apart(placing, likest.placing, size_) < same_shift_px &&
          correlation(other->outline, then->outline, beside_) < one_witness)
        return {likest.placing, true, false, likest.likeness};
    found.emplace_back(then, likest.placing);
  }
  out.likeness = best;
  for (const auto& [then, placing] : found)
    out.verified |= Placing::apart(placing, last, size_) < same_shift_px;
  const auto is_same = [&](const Landmarks* then) { return is_same_as_a_whole(*then, now, last); };
  out.lost = (out.likeness < foreign && strong_enough &&
              std::none_of(references.begin(), references.end(), is_same)) ||
             (best_moved > alike && best_moved > 2 * best_stayed);
  return out;
}

}  // namespace jieding::vision
