#include "vision/roof_watch.hpp"

#include <cmath>

namespace jieding::vision {
namespace {

constexpr double surely_open = 0.1;  ///< belief in the roof below which it was seen not to be there
constexpr int open_frames_needed = 2, topped_frames_needed = 2;
constexpr double day_ms = 24 * 3600 * 1000.0;
/// On an open frame the parapet's formwork stands as high as the parapet will: so many frames, or
/// so many days between two, until that is done with.
constexpr int parapet_frames = 4;
constexpr double parapet_ms = 4 * day_ms;
/// Where no picture showed the last storey cast and still open, a roof may be a count that leapt.
/// Such is the roof of 4 in 142 rendered sites, and was that of a tower planned two storeys short.
constexpr int leapt_frames = 6;
constexpr double leapt_ms = 10 * day_ms;

}  // namespace

void RoofWatch::hold(const StoreyBelief& belief, bool cast_out_of_view) {
  if (belief.topped_out >= 0.5 || cast_out_of_view) likely_ = true;
  if (belief.topped_out < surely_open && in_view_ && !stands_) likely_ = false;
}

void RoofWatch::count(const StoreyBelief& belief, bool has_risen, double now) {
  if (stands_) return;
  open_frames_ = belief.topped_out > surely_open || !has_risen ? 0 : open_frames_ + 1;
  seen_open_ = seen_open_ || open_frames_ >= open_frames_needed;
  topped_frames_ = belief.topped_out < 0.5 ? 0 : topped_frames_ + 1;
  const double last_storey_open = belief.at_least.back() - belief.topped_out;
  saw_last_storey_ = saw_last_storey_ || (has_risen && last_storey_open > 0.5);
  if (topped_frames_ == 1) topped_since_ = now;
}

bool RoofWatch::has_stayed(double now) const {
  if (topped_frames_ < topped_frames_needed) return false;
  const double stood_ms = now - topped_since_;
  const bool leapt = seen_open_ && !saw_last_storey_;
  if (leapt && (topped_frames_ < leapt_frames || stood_ms < leapt_ms)) return false;
  if (scaffold_ == Scaffold::Climbing || scaffold_ == Scaffold::Wrapped) return true;
  return topped_frames_ >= parapet_frames || stood_ms >= parapet_ms;
}

void RoofWatch::save(BlobWriter& out) const {
  for (const int frames : {open_frames_, topped_frames_})
    out.put(std::int32_t{frames});
  out.put(topped_since_);
  for (const bool is : {seen_open_, saw_last_storey_, likely_, stands_})
    out.put(std::uint8_t{is});
}

bool RoofWatch::restore(BlobReader& in) {
  const auto open_frames = in.get<std::int32_t>(), topped_frames = in.get<std::int32_t>();
  const auto topped_since = in.get<double>();
  bool is[4];
  for (bool& each : is)
    each = in.get<std::uint8_t>() != 0;
  if (!in.ok() || open_frames < 0 || topped_frames < 0 || !std::isfinite(topped_since))
    return false;
  open_frames_ = open_frames;
  topped_frames_ = topped_frames;
  topped_since_ = topped_since;
  seen_open_ = is[0];
  saw_last_storey_ = is[1];
  likely_ = is[2];
  stands_ = is[3];
  return true;
}

}  // namespace jieding::vision
