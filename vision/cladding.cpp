#include "vision/cladding.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "vision/facade.hpp"

namespace jieding::vision {
namespace {

constexpr int blocks = 7;  ///< of the width that are compared
constexpr int edge = 4;    ///< columns left out at both sides
/// Grey levels: less is no step, and so much storeys that look alike differ from each other.
constexpr double least_step = 2.0, noise = 0.5;

/// A step speaks for the edge when it is so many times the usual difference above it.
constexpr double telling_step = 2.0;
constexpr double step_weight = 3.0, least_odds = -1.5, most_odds = 5.0;
constexpr double impossible = -5.0;
/// Per frame: that a third has become clad since the last, and that the rest was finished.
constexpr double begins = 0.08, ends_near_ground = 0.5, ends_elsewhere = 0.04;
constexpr double stays = 1.5;  ///< times as likely as one storey further
constexpr double nothing_clad = 0.7, learning = 0.2;
constexpr int unfinished = 8;  ///< uppermost storeys that look new every day

cv::Mat looks(const cv::Mat& strip, int storeys) {
  cv::Mat out, wide;
  const cv::Rect facade(side_columns + edge, 0, facade_columns - 2 * edge,
                        storeys * rows_per_storey);
  cv::resize(strip(facade), out, {blocks, storeys}, 0, 0, cv::INTER_AREA);
  out.convertTo(wide, CV_32FC3);
  return wide;
}

double difference(const cv::Mat& looks, int n) {
  return cv::norm(looks.row(n), looks.row(n + 1), cv::NORM_L2) / std::sqrt(3.0 * looks.cols);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double odds(double step) {
  if (step < 0) return 0;
  return std::clamp(step_weight * std::log(std::max(step, 1e-3) / telling_step), least_odds,
                    most_odds);
}

}  // namespace

std::vector<double> look_steps(const cv::Mat& strip, const cv::Mat& inside) {
  const int storeys = strip.rows / rows_per_storey - storeys_above_roof;
  const int fewest_above = std::clamp(storeys / 3, 3, 5);
  const cv::Mat look = looks(strip, storeys);
  std::vector<double> differences, out;
  for (int n = 0; n + 1 < storeys; ++n) {
    const cv::Mat both =
        inside(cv::Rect(side_columns, n * rows_per_storey, facade_columns, 2 * rows_per_storey));
    const bool shown = cv::countNonZero(both) == both.rows * both.cols;
    differences.push_back(shown ? difference(look, n) : -1);
  }
  for (int n = 0; n + 1 < storeys; ++n) {
    const double here = differences[static_cast<std::size_t>(n)];
    std::vector<double> above;
    std::copy_if(differences.begin() + n + 1, differences.end(), std::back_inserter(above),
                 [](double d) { return d >= 0; });
    const bool known = here >= 0 && n + fewest_above < storeys && above.size() >= 2;
    if (!known) {
      out.push_back(-1);
    } else {
      const double step = here / (median(above) + noise);
      out.push_back(here < least_step ? std::min(step, 1.0) : step);
    }
  }
  return out;
}

CladdingWatch::CladdingWatch(int storeys)
    : storeys_(storeys),
      highest_(storeys * 2 / 3),
      belief_(static_cast<std::size_t>(storeys) + 1, 0),
      usual_(static_cast<std::size_t>(storeys), 0) {
  belief_.back() = 1;
}

void CladdingWatch::see(const std::vector<double>& steps) {
  std::vector<double> next = predicted();
  for (int k = 1; k < storeys_; ++k) {
    const auto at = static_cast<std::size_t>(k) - 1;
    const double odds_here =
        k > highest_ ? impossible : odds(steps[at]) - std::max(0.0, usual_[at]);
    next[static_cast<std::size_t>(k)] *= std::exp(odds_here);
  }
  const double sum = std::accumulate(next.begin(), next.end(), 0.0);
  for (std::size_t k = 0; k < next.size(); ++k)
    belief_[k] = next[k] / sum;
  if (belief_.back() >= nothing_clad) get_used_to(steps, steps.size());
}

void CladdingWatch::learn(const std::vector<double>& steps, int cast) {
  get_used_to(steps, static_cast<std::size_t>(std::max(0, cast - unfinished)));
}

void CladdingWatch::get_used_to(const std::vector<double>& steps, std::size_t below) {
  for (std::size_t at = 0; at < std::min(below, steps.size()); ++at)
    usual_[at] += learning * (odds(steps[at]) - usual_[at]);
}

/// The edge goes down, by any number of storeys since the last frame, the fewer the likelier.
std::vector<double> CladdingWatch::predicted() const {
  std::vector<double> next(belief_.size(), 0);
  next[0] = belief_[0];
  next.back() = belief_.back() * (1 - begins);
  double all_starts = 0;
  const auto start = [this](int k) { return std::exp((k - highest_) / (storeys_ / 8.0)); };
  for (int k = 1; k <= highest_; ++k)
    all_starts += start(k);
  for (int k = 1; k <= highest_; ++k) {
    next[static_cast<std::size_t>(k)] += belief_.back() * begins * start(k) / all_starts;
    const double here = belief_[static_cast<std::size_t>(k)];
    const double ends = k <= std::max(2, storeys_ / 8) ? ends_near_ground
                        : k <= storeys_ / 3            ? ends_elsewhere
                                                       : 0;
    const auto goes = [&](int by) {
      return (by == 0 ? stays : 1) * std::exp(-by / (storeys_ / 6.0));
    };
    double all_ways = 0;
    for (int by = 0; by < k; ++by)
      all_ways += goes(by);
    next[0] += here * ends;
    for (int by = 0; by < k; ++by)
      next[static_cast<std::size_t>(k - by)] += here * (1 - ends) * goes(by) / all_ways;
  }
  return next;
}

double CladdingWatch::third() const {
  return std::accumulate(belief_.begin(), belief_.begin() + highest_ + 1, 0.0);
}

int CladdingWatch::first_clad() const {
  return static_cast<int>(std::max_element(belief_.begin(), belief_.end()) - belief_.begin());
}

void CladdingWatch::save(BlobWriter& out) const {
  out.put(belief_);
  out.put(usual_);
}

bool CladdingWatch::restore(BlobReader& in) {
  const std::vector<double> belief = in.get_numbers(1024), usual = in.get_numbers(1024);
  if (!in.ok() || belief.size() != belief_.size() || usual.size() != usual_.size()) return false;
  belief_ = belief;
  usual_ = usual;
  return true;
}

}  // namespace jieding::vision
