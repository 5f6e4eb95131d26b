#include "vision/leap_watch.hpp"

namespace jieding::vision {
namespace {

/// Storeys that a count takes at once to be doubted, if the top edge already stood so far above the
/// count in the picture before, and pictures that must show it risen further until it is believed.
constexpr int leap = 3, further_needed = 2;
constexpr double outweighed_edge = 4;

}  // namespace

void LeapWatch::see(int before, double edge_before, const StoreyBelief& now, bool roof_stands) {
  const bool outweighed = edge_before > before + outweighed_edge;
  if (outweighed && now.storeys - before >= leap) {
    if (to_ == 0) from_ = before;
    to_ = now.storeys;
    further_frames_ = 0;
    return;
  }
  if (to_ == 0) return;
  if (now.low > to_) ++further_frames_;
  if (further_frames_ >= further_needed || now.storeys <= from_ || roof_stands)
    from_ = to_ = further_frames_ = 0;
}

std::optional<int> LeapWatch::leapt_from() const {
  return to_ > 0 ? std::optional(from_) : std::nullopt;
}

void LeapWatch::save(BlobWriter& out) const {
  for (const int n : {from_, to_, further_frames_})
    out.put(std::int32_t{n});
}

bool LeapWatch::restore(BlobReader& in) {
  const auto from = in.get<std::int32_t>(), to = in.get<std::int32_t>();
  const auto further_frames = in.get<std::int32_t>();
  const auto counts = [&](int storeys) { return storeys >= 0 && storeys <= planned_; };
  const bool pictures = further_frames >= 0 && further_frames < further_needed;
  if (!in.ok() || !counts(from) || !counts(to) || !pictures) return false;
  from_ = from;
  to_ = to;
  further_frames_ = further_frames;
  return true;
}

}  // namespace jieding::vision
