#include "vision/groundworks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace jieding::vision {
namespace {

/// Per frame: that the next stage has begun since the last one.
constexpr double goes_on = 0.3;
/// Share of the ground from which something has been dug or built there, from which it is of
/// concrete, and the log-odds that a share more or less brings; no frame says more than `most`.
constexpr double dug_from = 0.08, dug_weight = 40;
constexpr double concrete_from = 0.12, concrete_weight = 25;
constexpr double most = 2.5, least = -2;

double likely(double odds) {
  return 1 / (1 + std::exp(-std::clamp(odds, least, most)));
}

}  // namespace

void GroundworksWatch::see(const FootEvidence& foot) {
  if (!foot.known) return;
  const double dug = likely(dug_weight * (foot.dark + foot.grey - dug_from));
  const double concrete =
      foot.coloured ? likely(concrete_weight * (foot.grey - concrete_from)) : 0.5;
  const auto [bare, pit, base] = belief_;
  belief_ = {bare * (1 - goes_on) * (1 - dug),
             (bare * goes_on + pit * (1 - goes_on)) * dug * (1 - concrete),
             (pit * goes_on + base) * dug * concrete};
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
