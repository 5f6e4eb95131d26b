#include "gateway/policy/forecast.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace jieding::policy {
namespace {

constexpr std::array<std::string_view, 4> reasons{"done", "too_few", "standing_still",
                                                  "out_of_order"};

/// The newest steps tell how the crew works now; those of the podium no longer do.
constexpr std::size_t newest_steps = 8;
constexpr std::size_t fewest_steps = 4;
/// Spring Festival and stop-work orders last weeks: a pause is no end of the rhythm before it is
/// this many times the longest step, and a month at least.
constexpr double longest_pause = 3;
constexpr double shortest_standstill = 30;  ///< days
/// Of a normal distribution, 5 % lie above mean + 1.645 standard deviations.
constexpr double nine_in_ten = 1.645;

/// Days that a storey took, one entry each.
struct Rhythm {
  std::vector<double> steps;
  double mean = 0;
  double deviation = 0;
};

/// Storeys between two that were seen are taken as equally quick.
std::vector<double> steps_between(const StoreysCast& cast) {
  std::vector<double> steps;
  for (auto upper = std::next(cast.begin()); upper != cast.end(); ++upper) {
    const auto lower = std::prev(upper);
    const int storeys = upper->first - lower->first;
    const auto days = static_cast<double>((upper->second - lower->second).count());
    steps.insert(steps.end(), static_cast<std::size_t>(storeys), days / storeys);
  }
  return steps;
}

Rhythm rhythm_of(std::vector<double> steps) {
  if (steps.size() > newest_steps)
    steps.erase(steps.begin(), steps.end() - static_cast<std::ptrdiff_t>(newest_steps));
  Rhythm rhythm{std::move(steps), 0, 0};
  const auto count = static_cast<double>(rhythm.steps.size());
  for (const double step : rhythm.steps)
    rhythm.mean += step / count;
  double squares = 0;
  for (const double step : rhythm.steps)
    squares += (step - rhythm.mean) * (step - rhythm.mean);
  rhythm.deviation = std::sqrt(squares / (count - 1));
  return rhythm;
}

std::chrono::days whole(double days) {
  return std::chrono::days{static_cast<int>(std::lround(days))};
}

Forecast none(NoForecast why, int left, std::size_t from) {
  Forecast forecast;
  forecast.why_none = why;
  forecast.storeys_left = left;
  forecast.from_storeys = static_cast<int>(from);
  return forecast;
}

}  // namespace

std::string_view to_text(NoForecast why) {
  return reasons.at(static_cast<std::size_t>(why));
}

Forecast forecast(const StoreysCast& cast, int planned, SiteDay today) {
  const int top = cast.empty() ? 0 : cast.rbegin()->first;
  const int left = std::max(0, planned - top);
  if (left == 0) return none(NoForecast::Done, 0, cast.size());
  if (cast.size() <= fewest_steps) return none(NoForecast::TooFew, left, cast.size());
  const auto steps = steps_between(cast);
  if (std::any_of(steps.begin(), steps.end(), [](double step) { return step < 0; }))
    return none(NoForecast::OutOfOrder, left, cast.size());
  const Rhythm rhythm = rhythm_of(steps);
  const SiteDay last = cast.rbegin()->second;
  const auto paused = static_cast<double>((today - last).count());
  const double longest = *std::max_element(steps.begin(), steps.end());
  if (paused > std::max(longest_pause * longest, shortest_standstill))
    return none(NoForecast::StandingStill, left, cast.size());

  // The sum of `left` steps, and a mean that is itself only known from so many.
  const double spread = nine_in_ten * rhythm.deviation *
                        std::sqrt(left + left * left / static_cast<double>(rhythm.steps.size()));
  // A storey that is overdue by its rhythm is cast today at the earliest.
  const double waited = std::max(0.0, paused - rhythm.mean);
  const double expected = waited + left * rhythm.mean;
  Forecast found;
  found.day = last + whole(expected);
  found.early = std::max(today, last + whole(std::max(0.0, expected - spread)));
  found.late = last + whole(expected + spread);
  found.days_a_storey = rhythm.mean;
  found.storeys_left = left;
  found.from_storeys = static_cast<int>(cast.size());
  return found;
}

}  // namespace jieding::policy
