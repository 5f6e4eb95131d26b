#include "vision/beyond_plan.hpp"

#include <algorithm>
#include <cmath>

#include "vision/strip.hpp"

namespace jieding::vision {
namespace {

constexpr int pictures_needed = 3;
/// A parapet, or a scaffold let down to it: the roof of the planned storeys after all.
constexpr double roof_at_most = 1.2;
constexpr int pictures_against = 6;

}  // namespace

void BeyondPlan::see(double top, bool all_cast) {
  const bool above = all_cast && top > planned_ + highest_works;
  const bool below = top < planned_ + roof_at_most;
  above_ = above ? std::min(above_ + 1, pictures_needed) : 0;
  below_ = below ? std::min(below_ + 1, pictures_against) : 0;
  if (above) highest_ = std::max(highest_, top);
  if (above_ == pictures_needed) built_ = true;
  if (below_ < pictures_against) return;
  built_ = false;
  highest_ = 0;
}

void BeyondPlan::save(BlobWriter& out) const {
  for (const int n : {above_, below_, int{built_}})
    out.put(std::int32_t{n});
  out.put(highest_);
}

bool BeyondPlan::restore(BlobReader& in) {
  const auto above = in.get<std::int32_t>(), below = in.get<std::int32_t>();
  const auto built = in.get<std::int32_t>();
  const auto highest = in.get<double>();
  const auto counts = [](int pictures, int most) { return pictures >= 0 && pictures <= most; };
  if (!in.ok() || !counts(above, pictures_needed) || !counts(below, pictures_against) ||
      !std::isfinite(highest) || highest < 0 || highest > planned_ + storeys_above_roof)
    return false;
  above_ = above;
  below_ = below;
  built_ = built != 0;
  highest_ = highest;
  return true;
}

}  // namespace jieding::vision
