#include "vision/grounds.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace jieding::vision {
namespace {

constexpr double usual_parapet = 0.55;  ///< storeys above the roof slab
/// A top edge farther than this from where it should be is another count, not another day's work.
constexpr double same_count = 1.0;
constexpr double known_light = 0.5;  ///< trust below which the light is worth a word
constexpr double unknown = -1;       ///< stands for "none" in the stored state

Measure measure(std::string name, double value) {
  return {std::move(name), std::round(value * 100) / 100};  // two digits are what it is worth
}

}  // namespace

void Grounds::see(const RowEvidence& rows, const StoreyBelief& belief) {
  top_ = rows.top;
  trust_ = std::clamp(rows.trust, 0.0, 1.0);
  hold(belief);
}

void Grounds::confirm(int storeys, const StoreyBelief& belief) {
  counted_ = storeys;
  hold(belief);
}

void Grounds::hold(const StoreyBelief& belief) {
  roof_ = belief.topped_out;
  no_storey_ = 1 - belief.at_least[1];
  // The belief's height is a sum over the states in which works go on; here it is theirs alone.
  const double rising = 1 - no_storey_ - roof_;
  works_ahead_ = rising > 0.01 ? belief.working_height / rising : 0;
}

std::vector<Measure> Grounds::tell(int storeys, const std::optional<Measure>& instead) const {
  std::vector<Measure> out;
  const auto say = [&](const char* name, double value) { out.push_back(measure(name, value)); };
  if (top_) {
    say("top_edge", *top_);
    double alone = *top_ - works_ahead_;
    if (storeys == 0 && no_storey_ >= 0.5) {
      say("no_storey", no_storey_);
      alone = *top_ > lowest_body ? *top_ : 0;
    } else if (roof_ >= 0.5) {
      say("roof_stands", roof_);
      alone = *top_ - usual_parapet;
    } else {
      say("works_ahead", works_ahead_);
    }
    if (instead)
      out.push_back(measure(instead->name, instead->value));
    else if (std::abs(alone - storeys) > same_count)
      say("outweighed", std::max(alone, 0.0));
    if (trust_ < known_light) say("light_unknown", 1 - trust_);
  }
  if (counted_) say("counted", *counted_);
  return out;
}

std::vector<Measure> Grounds::tell_beyond(double highest) const {
  std::vector<Measure> out;
  if (top_) out.push_back(measure("top_edge", *top_));
  out.push_back(measure("beyond_plan", highest));
  if (counted_) out.push_back(measure("counted", *counted_));
  return out;
}

void Grounds::save(BlobWriter& out) const {
  for (const double value : {top_.value_or(unknown), trust_, works_ahead_, roof_, no_storey_})
    out.put(value);
  out.put(std::int32_t{counted_.value_or(static_cast<int>(unknown))});
}

bool Grounds::restore(BlobReader& in) {
  double numbers[5];
  for (double& number : numbers)
    number = in.get<double>();
  const auto counted = in.get<std::int32_t>();
  const auto whole = [](double number) { return std::isfinite(number) && std::abs(number) < 1000; };
  if (!in.ok() || !std::all_of(std::begin(numbers), std::end(numbers), whole) || counted > 1000)
    return false;
  top_ = numbers[0] < 0 ? std::nullopt : std::optional(numbers[0]);
  trust_ = numbers[1];
  works_ahead_ = numbers[2];
  roof_ = numbers[3];
  no_storey_ = numbers[4];
  counted_ = counted < 0 ? std::nullopt : std::optional(int{counted});
  return true;
}

}  // namespace jieding::vision
