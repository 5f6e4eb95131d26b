#include "vision/cladding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "vision/at_share.hpp"
#include "vision/facade.hpp"

namespace jieding::vision {
namespace {

constexpr int blocks = 7;  ///< of the width that are compared
constexpr int edge = 4;    ///< columns left out at both sides
/// Boundaries from the ground up that say nothing: fences, huts and machines stand before the first
/// storey and change its look.
constexpr int hidden = 1;
/// Grey levels: less is no step, and so much storeys that look alike differ from each other.
constexpr double least_step = 2.0, noise = 0.5;

/// A step speaks for the edge when it is so many times the usual difference above it.
constexpr double telling_step = 2.0;
constexpr double step_weight = 3.0, least_odds = -1.5, most_odds = 7.0;
constexpr double impossible = -5.0;
/// Per frame: that a third has become clad since the last, and that the rest was finished.
constexpr double begins = 0.15, begins_unknown = 0.01, ends_near_end = 0.5, ends_elsewhere = 0.04;
constexpr double begins_within = 1 / 16.0;  ///< of the storeys, beyond the first third: a scale
constexpr double goes_up = 0.1;             ///< of the buildings
constexpr double stays = 1.5;               ///< times as likely as one storey further
constexpr double nothing_clad = 0.7, learning = 0.2;
constexpr int unfinished = 8;  ///< uppermost storeys that look new every day

/// A step up counts no more than this for each time that the storeys above are as unlike those
/// below as these are unlike each other: masonry that closes an open frame goes up as well.
constexpr double unlike_weight = 0.65;

cv::Mat looks(const cv::Mat& strip, int storeys) {
  cv::Mat out, wide;
  const cv::Rect facade(side_columns + edge, 0, facade_columns - 2 * edge,
                        storeys * rows_per_storey);
  cv::resize(strip(facade), out, {blocks, storeys}, 0, 0, cv::INTER_AREA);
  out.convertTo(wide, CV_32FC3);
  return wide;
}

double difference(const cv::Mat& one, const cv::Mat& other) {
  return cv::norm(one, other, cv::NORM_L2) / std::sqrt(3.0 * one.cols);
}

double odds(double step) {
  if (step < 0) return 0;
  return std::clamp(step_weight * std::log(std::max(step, 1e-3) / telling_step), least_odds,
                    most_odds);
}

/// Per boundary the step of the edge when the rows that follow it are the clad ones; -1 not known.
std::vector<double> steps_along(const cv::Mat& look, const std::vector<bool>& shown) {
  const int storeys = look.rows, fewest_clad = std::clamp(storeys / 3, 3, 5);
  std::vector<double> differences, out;
  for (int n = 0; n + 1 < storeys; ++n) {
    const auto at = static_cast<std::size_t>(n);
    const bool both = shown[at] && shown[at + 1];
    differences.push_back(both ? difference(look.row(n), look.row(n + 1)) : -1);
  }
  for (int n = 0; n + 1 < storeys; ++n) {
    const double here = differences[static_cast<std::size_t>(n)];
    std::vector<double> clad;
    std::copy_if(differences.begin() + n + 1, differences.end(), std::back_inserter(clad),
                 [](double d) { return d >= 0; });
    if (here < 0 || n + fewest_clad >= storeys || clad.size() < 2) {
      out.push_back(-1);
    } else {
      const double step = here / (median(std::move(clad)) + noise);
      out.push_back(here < least_step ? std::min(step, 1.0) : step);
    }
  }
  return out;
}

/// How unlike the storeys below a boundary the one above it is that resembles them most, in parts
/// of what they are unlike each other.
double unlike_below(const cv::Mat& look, const std::vector<bool>& shown, int boundary) {
  cv::Mat below;
  for (int n = 0; n <= boundary; ++n)
    if (shown[static_cast<std::size_t>(n)]) below.push_back(look.row(n));
  if (below.empty()) return 0;
  cv::Mat mean;
  cv::reduce(below, mean, 0, cv::REDUCE_AVG);
  std::vector<double> within;
  within.reserve(static_cast<std::size_t>(below.rows));
  for (int n = 0; n < below.rows; ++n)
    within.push_back(difference(below.row(n), mean));
  double least = std::numeric_limits<double>::max();
  for (int n = boundary + 1; n < look.rows; ++n)
    if (shown[static_cast<std::size_t>(n)]) least = std::min(least, difference(look.row(n), mean));
  return least / (median(std::move(within)) + noise);
}

}  // namespace

LookSteps look_steps(const cv::Mat& strip, const cv::Mat& inside) {
  const int storeys = strip.rows / rows_per_storey - storeys_above_roof;
  const cv::Mat look = looks(strip, storeys);
  std::vector<bool> shown;
  for (int n = 0; n < storeys; ++n) {
    const cv::Mat band =
        inside(cv::Rect(side_columns, n * rows_per_storey, facade_columns, rows_per_storey));
    shown.push_back(cv::countNonZero(band) == band.rows * band.cols);
  }
  LookSteps out;
  out.down = steps_along(look, shown);
  cv::Mat on_its_head;
  cv::flip(look, on_its_head, 0);
  out.up = steps_along(on_its_head, {shown.rbegin(), shown.rend()});
  std::reverse(out.up.begin(), out.up.end());
  for (int n = 0; n + 1 < storeys; ++n) {
    const auto at = static_cast<std::size_t>(n);
    if (n < hidden) out.down[at] = out.up[at] = -1;
    if (out.up[at] >= 0)
      out.up[at] = std::min(out.up[at], unlike_weight * unlike_below(look, shown, n));
  }
  return out;
}

CladdingWatch::CladdingWatch(int storeys)
    : storeys_(storeys),
      farthest_(storeys * 2 / 3),
      belief_(2 * static_cast<std::size_t>(storeys), 0),
      usual_{std::vector<double>(static_cast<std::size_t>(storeys) - 1, 0),
             std::vector<double>(static_cast<std::size_t>(storeys) - 1, 0)} {
  belief_[static_cast<std::size_t>(storeys)] = 1;
}

void CladdingWatch::see(const LookSteps& steps, bool must_be_seen) {
  const auto known = [](double step) { return step >= 0; };
  if (std::none_of(steps.down.begin(), steps.down.end(), known) &&
      std::none_of(steps.up.begin(), steps.up.end(), known))
    return;  // nothing becomes likelier by being out of sight
  std::vector<double> next = predicted(must_be_seen ? &steps : nullptr);
  weigh(next, steps);
  const double sum = std::accumulate(next.begin(), next.end(), 0.0);
  for (std::size_t i = 0; i < next.size(); ++i)
    belief_[i] = next[i] / sum;
  get_used_to_stains(steps);
}

void CladdingWatch::learn(const LookSteps& steps, int cast) {
  for (int at = 0; at < std::min(cast - unfinished, storeys_ - 1); ++at)
    get_used_to(steps, static_cast<std::size_t>(at), 1);
}

void CladdingWatch::get_used_to(const LookSteps& steps, std::size_t boundary, double share) {
  double &down = usual_.down[boundary], &up = usual_.up[boundary];
  down += learning * share * (odds(steps.down[boundary]) - down);
  up += learning * share * (odds(steps.up[boundary]) - up);
}

/// What stands out while nothing is clad, or where the edge has passed, is a stain, a crane or a
/// shadow.
void CladdingWatch::get_used_to_stains(const LookSteps& steps) {
  const auto none = static_cast<std::size_t>(storeys_), boundaries = steps.down.size();
  const bool nothing = belief_[none] >= nothing_clad;
  double down = 0, up = std::accumulate(belief_.begin() + storeys_ + 1, belief_.end(), 0.0);
  for (std::size_t at = 0; at < boundaries; ++at) {
    down += belief_[at];
    up -= belief_[none + boundaries - at];
    get_used_to(steps, at, nothing ? 1 : down + up);
  }
}

/// With `left` storeys left, the edge that comes down lies on boundary left - 1, the one that goes
/// up as far from the roof.
void CladdingWatch::weigh(std::vector<double>& belief, const LookSteps& steps) const {
  for (int left = 1; left < storeys_; ++left) {
    const auto down = static_cast<std::size_t>(left) - 1;
    const auto up = static_cast<std::size_t>(storeys_ - left) - 1;
    const auto here = [&](double step, double usual) {
      return std::exp(left > farthest_ ? impossible : odds(step) - std::max(0.0, usual));
    };
    belief[static_cast<std::size_t>(left)] *= here(steps.down[down], usual_.down[down]);
    belief[static_cast<std::size_t>(storeys_) + static_cast<std::size_t>(left)] *=
        here(steps.up[up], usual_.up[up]);
  }
}

/// The edge goes on, by any number of storeys since the last frame, the fewer the likelier.
std::vector<double> CladdingWatch::predicted(const LookSteps* begins_where_seen) const {
  std::vector<double> next(belief_.size(), 0);
  const auto none = static_cast<std::size_t>(storeys_);
  next[0] = belief_[0];
  const double starts = begins_where_seen ? begins_unknown : begins;
  next[none] = belief_[none] * (1 - starts);
  const auto start = [&](int left) {
    const bool seen =
        !begins_where_seen || begins_where_seen->down[static_cast<std::size_t>(left) - 1] >= 0;
    return seen ? std::exp((left - farthest_) / (storeys_ * begins_within)) : 0.0;
  };
  double all_starts = 0;
  for (int left = 1; left <= farthest_; ++left)
    all_starts += start(left);
  if (all_starts == 0) all_starts = 1;
  for (const bool up : {false, true}) {
    const std::size_t before = up ? none : 0;
    for (int left = 1; left <= farthest_; ++left) {
      const std::size_t at = before + static_cast<std::size_t>(left);
      next[at] += belief_[none] * starts * (up ? goes_up : 1 - goes_up) * start(left) / all_starts;
      const double here = belief_[at];
      const double ends = left <= std::max(2, storeys_ / 8) ? ends_near_end
                          : left <= storeys_ / 3            ? ends_elsewhere
                                                            : 0;
      const auto goes = [&](int by) {
        return (by == 0 ? stays : 1) * std::exp(-by / (storeys_ / 6.0));
      };
      double all_ways = 0;
      for (int by = 0; by < left; ++by)
        all_ways += goes(by);
      next[0] += here * ends;
      for (int by = 0; by < left; ++by)
        next[at - static_cast<std::size_t>(by)] += here * (1 - ends) * goes(by) / all_ways;
    }
  }
  return next;
}

double CladdingWatch::third() const {
  const auto end_of_third = [this](std::ptrdiff_t none) {
    return belief_.begin() + none + farthest_ + 1;
  };
  return std::accumulate(belief_.begin(), end_of_third(0), 0.0) +
         std::accumulate(belief_.begin() + storeys_ + 1, end_of_third(storeys_), 0.0);
}

double CladdingWatch::below(int storey) const {
  return std::accumulate(belief_.begin(), belief_.begin() + std::clamp(storey, 0, farthest_ + 1),
                         0.0);
}

double CladdingWatch::all_if_any() const {
  const double any = 1 - belief_[static_cast<std::size_t>(storeys_)];
  return any > 0 ? all() / any : 0;
}

bool CladdingWatch::is_clad(int storey) const {
  const auto likeliest =
      static_cast<int>(std::max_element(belief_.begin(), belief_.end()) - belief_.begin());
  return likeliest <= storeys_ ? storey >= likeliest : storey < storeys_ - (likeliest - storeys_);
}

void CladdingWatch::save(BlobWriter& out) const {
  out.put(belief_);
  out.put(usual_.down);
  out.put(usual_.up);
}

bool CladdingWatch::restore(BlobReader& in) {
  const std::vector<double> belief = in.get_numbers(1024);
  LookSteps usual;
  usual.down = in.get_numbers(1024);
  usual.up = in.get_numbers(1024);
  if (!in.ok() || belief.size() != belief_.size() || usual.down.size() != usual_.down.size() ||
      usual.up.size() != usual_.up.size())
    return false;
  belief_ = belief;
  usual_ = usual;
  return true;
}

}  // namespace jieding::vision
