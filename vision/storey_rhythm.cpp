#include "vision/storey_rhythm.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace jieding::vision {
namespace {

constexpr double lowest_storey = 0.012, highest_storey = 0.14;  // of the picture's height
constexpr double least_alike = 0.4;       // likeness of a storey's rows to the next one's
constexpr double surely_alike = 0.45;     // in the mean
constexpr double part_less_alike = 0.12;  // half or a third of the period must be so much worse
constexpr double least_structure = 8;     // squared gradient, grey levels per px
constexpr double least_storeys = 4.5;
constexpr double least_step = 0.4;    // by which likeness ends at the ground
constexpr double most_below = 0.5;    // structure below the ground, as a share of that above
constexpr double fine_range = 0.025;  // of the period, searched in the end

/// The facade laid level: row t is the level line that crosses the middle at t; gradients along
/// and across, side by side, because they stay when the light does not.
class LevelStrip {
 public:
  LevelStrip(const cv::Mat& grey, const LevelGroup& group) {
    const int width = static_cast<int>(group.right - group.left);
    cv::Mat map(grey.rows, width, CV_32FC2), level;
    for (int row = 0; row < grey.rows; ++row)
      for (int column = 0; column < width; ++column) {
        const double x = group.left + column;
        map.at<cv::Vec2f>(row, column) = {static_cast<float>(x),
                                          static_cast<float>(group.row_at(row, x))};
      }
    cv::remap(grey, level, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::GaussianBlur(level, level, {}, 1.2);
    cv::Mat down, across;
    cv::Sobel(level, down, CV_32F, 0, 1, 1, 0.5);
    cv::Sobel(level, across, CV_32F, 1, 0, 1, 0.5);
    for (int row = 0; row < level.rows; ++row)
      edge_.push_back(cv::norm(down.row(row)) / std::sqrt(width));
    cv::hconcat(down, across, features_);
    energy_ = products(0);
  }

  int rows() const { return features_.rows; }
  double edge(int row) const { return edge_[static_cast<std::size_t>(row)]; }
  double energy(int row) const { return energy_[static_cast<std::size_t>(row)]; }

  /// Likeness of the `lag` rows from t on to the `lag` rows below them, for each t.
  std::vector<double> likeness(int lag) const {
    const auto shared = sums(products(lag), lag), own = sums(energy_, lag);
    const double floor = least_structure * lag * features_.cols / 2;
    std::vector<double> out(shared.size());
    for (std::size_t t = 0; t < out.size(); ++t) {
      const double upper = own[t], lower = own[t + static_cast<std::size_t>(lag)];
      out[t] = std::min(upper, lower) < floor ? 0 : shared[t] / std::sqrt(upper * lower);
    }
    return out;
  }

  /// Likeness of rows [from, to) to themselves `lag` rows lower.
  double likeness(int from, int to, int lag) const {
    double shared = 0, upper = 0, lower = 0;
    for (int row = from; row + lag < to; ++row) {
      shared += features_.row(row).dot(features_.row(row + lag));
      upper += energy(row);
      lower += energy(row + lag);
    }
    return shared / std::sqrt(upper * lower + 1e-3);
  }

 private:
  std::vector<double> products(int lag) const {
    std::vector<double> out;
    for (int row = 0; row + lag < features_.rows; ++row)
      out.push_back(features_.row(row).dot(features_.row(row + lag)));
    return out;
  }
  static std::vector<double> sums(const std::vector<double>& values, int window) {
    std::vector<double> out;
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      sum += values[i];
      if (i + 1 < static_cast<std::size_t>(window)) continue;
      out.push_back(sum);
      sum -= values[i + 1 - static_cast<std::size_t>(window)];
    }
    return out;
  }

  cv::Mat features_;
  std::vector<double> edge_, energy_;
};

/// Rows first..last over which storeys of `period` rows repeat.
struct Run {
  int period, first, last;
  double mean;  ///< likeness
  int bottom() const { return last + 2 * period; }
  double worth() const { return (mean - 0.35) * (last - first + 1); }
};

double mean_of(const std::vector<double>& values, const Run& run) {
  if (run.last >= static_cast<int>(values.size())) return 0;
  double sum = 0;
  for (int t = run.first; t <= run.last; ++t)
    sum += values[static_cast<std::size_t>(t)];
  return sum / (run.last - run.first + 1);
}

/// The two lowest runs of at least three storeys.
std::vector<Run> runs_of(const std::vector<double>& likeness, int period) {
  std::vector<Run> out;
  for (int t = static_cast<int>(likeness.size()) - 1; t >= 0 && out.size() < 2; --t) {
    if (likeness[static_cast<std::size_t>(t)] <= least_alike) continue;
    Run run{period, t, t, 0};
    while (run.first > 0 && likeness[static_cast<std::size_t>(run.first - 1)] > least_alike)
      --run.first;
    t = run.first;
    if (run.last - run.first + 1 < period) continue;
    run.mean = mean_of(likeness, run);
    out.push_back(run);
  }
  return out;
}

std::optional<Run> best_run(const LevelStrip& strip) {
  const int shortest = std::max(10, static_cast<int>(lowest_storey * strip.rows()));
  const int longest = std::min(strip.rows() / 3, static_cast<int>(highest_storey * strip.rows()));
  std::vector<std::vector<double>> table(static_cast<std::size_t>(longest + 1));
  for (int period = shortest / 2; period <= longest; ++period)
    table[static_cast<std::size_t>(period)] = strip.likeness(period);
  std::vector<Run> runs;
  for (int period = shortest; period <= longest; ++period) {
    for (const Run& run : runs_of(table[static_cast<std::size_t>(period)], period)) {
      double part = 0;
      for (const int other : {period / 2, period / 2 + 1, period / 3, period / 3 + 1,
                              2 * period / 3, 2 * period / 3 + 1})
        if (other >= shortest / 2)
          part = std::max(part, mean_of(table[static_cast<std::size_t>(other)], run));
      if (run.mean > surely_alike && part < run.mean - part_less_alike) runs.push_back(run);
    }
  }
  // What stands on the ground, of that the longest rhythm, of those the clearest.
  int bottom = 0;
  for (const Run& run : runs)
    bottom = std::max(bottom, run.bottom());
  std::erase_if(runs, [&](const Run& run) { return run.bottom() < bottom - 2.2 * run.period; });
  double worth = 0;
  for (const Run& run : runs)
    worth = std::max(worth, run.worth());
  std::erase_if(runs, [&](const Run& run) { return run.worth() < 0.75 * worth; });
  const auto best = std::max_element(runs.begin(), runs.end(),
                                     [](const Run& a, const Run& b) { return a.mean < b.mean; });
  return best == runs.end() ? std::nullopt : std::optional(*best);
}

/// The period to a fraction of a row, from the rhythm of edges over all rows of the run; nothing
/// when the best lies at the end of what was searched.
std::optional<double> fine_period(const LevelStrip& strip, const Run& run) {
  const int end = std::min(strip.rows(), run.bottom());
  int coarse = run.period;
  for (const int lag : {run.period - 1, run.period + 1})
    if (strip.likeness(run.first, end, lag) > strip.likeness(run.first, end, coarse)) coarse = lag;
  double mean = 0;
  for (int row = run.first; row < end; ++row)
    mean += strip.edge(row) / (end - run.first);
  const auto strength = [&](double period) {
    double sum = 0;
    for (int harmonic = 1; harmonic <= 3; ++harmonic) {
      std::complex<double> wave = 0;
      for (int row = run.first; row < end; ++row)
        wave += (strip.edge(row) - mean) *
                std::polar(1.0, 2 * std::numbers::pi * harmonic * row / period);
      sum += std::abs(wave);
    }
    return sum;
  };
  constexpr int steps = 100;
  int best = -steps;
  double most = 0;
  for (int i = -steps; i <= steps; ++i) {
    const double found = strength(coarse * (1 + fine_range * i / steps));
    if (found <= most) continue;
    most = found;
    best = i;
  }
  if (std::abs(best) == steps) return std::nullopt;
  return coarse * (1 + fine_range * best / steps);
}

/// Where within a period most length of level lines lies, 0..1: the slabs.
double slab_phase(const LevelGroup& group, const Run& run, double period) {
  double best = 0, most = -1;
  for (double phase = 0; phase < 1; phase += 0.02) {
    double votes = 0;
    for (const LevelLine& line : group.lines) {
      const double row = line.at(group.middle);
      if (row < run.first || row > run.bottom()) continue;
      const double off = std::remainder(row / period - phase, 1.0) / 0.04;
      votes += line.length * std::exp(-off * off / 2);
    }
    if (votes <= most) continue;
    most = votes;
    best = phase;
  }
  return best;
}

double mean_energy(const LevelStrip& strip, double from, double to) {
  const int first = std::clamp(static_cast<int>(from), 0, strip.rows() - 1);
  const int last = std::clamp(static_cast<int>(to), first + 1, strip.rows());
  double sum = 0;
  for (int row = first; row < last; ++row)
    sum += strip.energy(row);
  return sum / (last - first);
}

/// The slab row above which storeys repeat and below which they do not.
std::optional<double> ground_of(const LevelStrip& strip, const LevelGroup& group, const Run& run,
                                double period) {
  const int lag = static_cast<int>(std::lround(period));
  const std::vector<double> likeness = strip.likeness(lag);
  const double phase = slab_phase(group, run, period);
  double best = 0, steepest = least_step;
  for (double row = (std::floor(run.first / period) + 2 + phase) * period; row < strip.rows();
       row += period) {
    const int upper = static_cast<int>(std::lround(row)) - 2 * lag;
    if (upper < run.first || upper + lag >= static_cast<int>(likeness.size())) continue;
    const double above = likeness[static_cast<std::size_t>(upper)];
    const double step =
        above - likeness[static_cast<std::size_t>(upper) + static_cast<std::size_t>(lag)];
    if (above < 0.35 || step <= steepest) continue;
    steepest = step;
    best = row;
  }
  if (best <= 0) return std::nullopt;
  const double border = 0.15 * period;
  const double below = mean_energy(strip, best + border, best + border + 2 * period);
  const double above = mean_energy(strip, best - 2 * period, best - border);
  return below > most_below * above ? std::nullopt : std::optional(best);
}

/// The place at a share of all length, from the left.
double quantile(std::vector<std::pair<double, double>> places, double share) {
  std::sort(places.begin(), places.end());
  double all = 0, sum = 0;
  for (const auto& [place, length] : places)
    all += length;
  for (const auto& [place, length] : places)
    if ((sum += length) >= share * all) return place;
  return places.back().first;
}

/// Level lines that go on below what was taken for the ground: it is a floor.
bool goes_on_below(const LevelGroup& group, const std::vector<LevelLine>& lines, double ground,
                   double period) {
  const double width = group.right - group.left;
  const auto below = std::count_if(lines.begin(), lines.end(), [&](const LevelLine& line) {
    const double shared = std::min(line.right, group.right) - std::max(line.left, group.left);
    const double row = line.at(group.middle);
    return shared > 0.5 * width && line.right - line.left < 1.5 * width &&
           row > ground + 0.5 * period && row < ground + 6 * period;
  });
  return below >= 2;
}

}  // namespace

std::optional<StoreyRhythm> find_rhythm(const cv::Mat& grey, const LevelGroup& group,
                                        const std::vector<LevelLine>& lines) {
  const LevelStrip strip(grey, group);
  const auto run = best_run(strip);
  if (!run) return std::nullopt;
  const auto period = fine_period(strip, *run);
  if (!period) return std::nullopt;
  const auto ground = ground_of(strip, group, *run, *period);
  if (!ground || goes_on_below(group, lines, *ground, *period)) return std::nullopt;
  StoreyRhythm out;
  out.period = *period;
  out.ground = *ground;
  out.storeys = (*ground - run->first) / *period;
  out.likeness = run->mean;
  if (out.storeys < least_storeys) return std::nullopt;
  std::vector<std::pair<double, double>> lefts, rights;
  for (const LevelLine& line : group.lines) {
    if (line.at(group.middle) < run->first || line.at(group.middle) > *ground) continue;
    lefts.emplace_back(line.left, line.length);
    rights.emplace_back(line.right, line.length);
  }
  if (lefts.empty()) return std::nullopt;
  out.left = quantile(lefts, 0.15);
  out.right = quantile(rights, 0.85);
  return out;
}

}  // namespace jieding::vision
