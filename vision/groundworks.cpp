#include "vision/groundworks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace jieding::vision {
namespace {

/// Per frame: that the next stage has begun since the last one.
constexpr double goes_on = 0.3;
/// Share of the ground from which something has been dug or built there, from which it is of
/// concrete, and the log-odds that a share more or less brings. Bare ground and a bare pit each
/// speak against going on by more than `goes_on` speaks for it: pictures alone move nothing.
constexpr double dug_from = 0.12, dug_weight = 12, most_dug = 2.5;
constexpr double concrete_from = 0.04, concrete_weight = 25;
/// Sheets, machines and shade are grey, too: a little of it weighs little, all of a base more.
constexpr double most_concrete = 0.5, all_the_base = 0.4, most_of_a_base = 1.5;
/// Log-odds of it when earlier pictures do not explain what lies there.
constexpr double changed_weight = 1.5;

double likely(double odds, double most) {
  return 1 / (1 + std::exp(-std::min(odds, most)));
}

}  // namespace

void GroundworksWatch::see(const FootEvidence& foot) {
  if (!foot.known && !foot.changed) return;
  const double shown = foot.known ? dug_weight * (foot.dark + foot.grey - dug_from) : 0;
  const double dug = likely(shown + (foot.changed ? changed_weight : 0), most_dug);
  const bool tells_concrete = foot.known && foot.coloured;
  const double most = foot.grey > all_the_base ? most_of_a_base : most_concrete;
  const double concrete =
      tells_concrete ? likely(concrete_weight * (foot.grey - concrete_from), most) : 0.5;
  const double base_begins = tells_concrete ? goes_on : 0;
  const auto [bare, pit, base] = belief_;
  belief_ = {bare * (1 - goes_on) * (1 - dug),
             (bare * goes_on + pit * (1 - base_begins)) * dug * (1 - concrete),
             (pit * base_begins + base) * dug * concrete};
  const double sum = std::accumulate(belief_.begin(), belief_.end(), 0.0);
  for (double& belief : belief_)
    belief /= sum;
}

Stage GroundworksWatch::stage() const {
  const auto likeliest = std::max_element(belief_.begin(), belief_.end()) - belief_.begin();
  return static_cast<Stage>(static_cast<int>(Stage::SiteClearing) + static_cast<int>(likeliest));
}

void GroundworksWatch::save(BlobWriter& out) const {
  for (const double belief : belief_)
    out.put(belief);
}

bool GroundworksWatch::restore(BlobReader& in) {
  for (double& belief : belief_)
    if (!(belief = in.get<double>(), belief >= 0 && belief <= 1)) return false;
  return in.ok() && std::accumulate(belief_.begin(), belief_.end(), 0.0) > 0.5;
}

}  // namespace jieding::vision
