#include "vision/building_watch.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "vision/horizon.hpp"

namespace jieding::vision {
namespace {

constexpr double sure = 0.95;          ///< belief that makes a proposal
constexpr double sure_of_error = 0.9;  ///< belief that lets the shown figure go back
constexpr int topped_frames_needed = 2;
/// The pool takes rows this far above the top edge: rails, rebar, the lift core run ahead.
constexpr double clear_above_top = 0.8;
/// Belief in a first storey up to which a picture counts as one of the empty site.
constexpr double still_empty = 0.4;
/// Where nothing is believed to stand, a top edge up to `pit_rim` is the ground's own, one up to
/// `first_storeys` may be the building, and one still higher, that was not there before, is what
/// stands behind the facade in other light, unless it fills so much of the facade: then the camera
/// came late.
constexpr double stands_filled = 0.65;
/// Trust below which what has changed may be the light.
constexpr double knows_the_light = 0.9;
/// Nothing that is built reaches higher above the roof, in storeys: what does, is behind it.
constexpr double highest_works = 2.2;

double to_ms(Instant at) {
  return static_cast<double>(at.time_since_epoch().count());
}
Instant from_ms(double ms) {
  return Instant(std::chrono::milliseconds(std::llround(ms)));
}

std::vector<StoreyFilter::Horizon> heights(const Facade& facade) {
  std::vector<StoreyFilter::Horizon> out;
  for (const Horizon& horizon : horizons_of(facade.corners(), facade.picture()))
    out.push_back({facade.height_at(horizon.row_px), horizon.weight});
  return out;
}

}  // namespace

BuildingWatch::BuildingWatch(const FacadeSetup& setup, const Facade& facade)
    : setup_(setup),
      filter_(setup, heights(facade), facade.shows_roof()),
      finish_(setup),
      belief_(filter_.belief()),
      shown_(setup.storeys_at_start),
      first_seen_(static_cast<std::size_t>(setup.storeys) + 1, 0),
      cast_said_(setup.storeys_at_start) {}

void BuildingWatch::see(RowEvidence rows, const FinishEvidence& finish, Instant taken,
                        std::vector<Proposal>& proposals) {
  rows.open_roof = open_roof(finish);
  // What the pictures show changed was done between them.
  const double now = to_ms(taken), between = last_taken_ > 0 ? (last_taken_ + now) / 2 : now;
  last_taken_ = now;
  filter_.see(rows, between);
  belief_ = filter_.belief();
  top_ = rows.top;
  const bool could_be_building = rows.top < setup_.storeys + highest_works;
  const bool told_apart = rows.trust > knows_the_light;
  const double fills = told_apart ? rows.filled : rows.unlike;
  stands_ = (told_apart && rows.low_block > pit_rim) ||
            (rows.top > pit_rim && ((told_apart && rows.top < first_storeys) ||
                                    (could_be_building && fills > stands_filled)));
  clear_from_ = std::max(rows.top, rows.low_block);
  if (std::getenv("JTRACE")) {
    const std::size_t row = static_cast<std::size_t>(std::lround(rows.top * rows_per_storey));
    std::fprintf(stderr, "TR top %.2f trust %.2f openroof %.2f topped %.3f storeys %d solid",
                 rows.top, rows.trust, rows.open_roof, belief_.topped_out, belief_.storeys);
    for (std::size_t r = row > 2 ? row - 2 : 0; r < row + 3 && r < rows.solid.size(); ++r)
      std::fprintf(stderr, " %.1f", rows.solid[r]);
    std::fprintf(stderr, " timber");
    for (std::size_t r = row > 2 ? row - 2 : 0; r < row + 3 && r < rows.timber.size(); ++r)
      std::fprintf(stderr, " %.1f", rows.timber[r]);
    std::fprintf(stderr, " open");
    for (double o : finish.openings)
      std::fprintf(stderr, " %.3f", o);
    std::fprintf(stderr, "\n");
  }
  grounds_.see(rows, belief_);
  show(belief_);
  propose(belief_, between, taken, proposals);
  finish_.see(finish, belief_.storeys, topped_said_);
}

void BuildingWatch::show(const StoreyBelief& belief) {
  corrected_ = false;
  if (belief.storeys > shown_) shown_ = belief.storeys;
  if (belief.storeys < shown_ &&
      1 - belief.at_least[static_cast<std::size_t>(shown_)] > sure_of_error) {
    shown_ = belief.storeys;
    corrected_ = true;
  }
}

/// The count is theirs now; what the filter learns from it is how far the works run ahead.
void BuildingWatch::confirm(int storeys) {
  if (storeys < 0 || storeys > setup_.storeys) return;
  filter_.confirm(storeys);
  belief_ = filter_.belief();
  grounds_.confirm(storeys, belief_);
  corrected_ = belief_.storeys < shown_;
  shown_ = belief_.storeys;
}

void BuildingWatch::propose(const StoreyBelief& belief, double between, Instant taken,
                            std::vector<Proposal>& proposals) {
  for (int n = 1; n <= setup_.storeys; ++n) {
    double& since = first_seen_[static_cast<std::size_t>(n)];
    const double likely = belief.at_least[static_cast<std::size_t>(n)];
    if (likely < 0.5) since = 0;
    if (likely >= 0.5 && since == 0) since = between;
    if (likely < sure || n <= cast_said_) continue;
    proposals.push_back({setup_.building, "storey_cast", n, from_ms(since), taken});
    cast_said_ = n;
  }
  if (topped_said_) return;
  topped_frames_ = belief.topped_out < 0.5 ? 0 : topped_frames_ + 1;
  if (topped_frames_ < topped_frames_needed || belief.topped_out < sure) return;
  proposals.push_back({setup_.building, "topping_out", 0, from_ms(belief.topped_at), taken});
  topped_said_ = true;
}

double BuildingWatch::empty_above() const {
  const bool bare_ground = belief_.at_least[1] < still_empty && setup_.storeys_at_start == 0;
  if (bare_ground && !stands_) return 0.0;
  // One picture may miss the building: what is believed to stand never counts as background.
  return std::max(clear_from_, shown_ + belief_.working_height) + clear_above_top;
}

BuildingEstimate BuildingWatch::estimate() const {
  BuildingEstimate out;
  out.building = setup_.building;
  out.storeys = shown_;
  out.storeys_low = std::min(belief_.low, shown_);
  out.storeys_high = std::max(belief_.high, shown_);
  out.confidence = belief_.storeys == shown_ ? belief_.confidence : 1 - sure_of_error;
  out.stage = finish_.stage(shown_, topped_said_ || belief_.topped_out >= 0.5);
  out.bands = finish_.bands(shown_, top_);
  out.corrected = corrected_;
  if (corrected_) out.correction = "later pictures show fewer storeys";
  out.grounds = grounds_.tell(shown_);
  return out;
}

void BuildingWatch::save(BlobWriter& out) const {
  filter_.save(out);
  out.put(first_seen_);
  out.put(top_);
  out.put(last_taken_);
  for (const int n : {shown_, cast_said_, topped_frames_, int{topped_said_}, int{corrected_}})
    out.put(std::int32_t{n});
  grounds_.save(out);
  finish_.save(out);
}

bool BuildingWatch::restore(BlobReader& in) {
  if (!filter_.restore(in)) return false;
  const auto first = in.get_numbers(1024);
  const auto top = in.get<double>();
  const auto last_taken = in.get<double>();
  std::int32_t numbers[5];
  for (auto& number : numbers)
    number = in.get<std::int32_t>();
  const bool good = in.ok() && first.size() == first_seen_.size() && numbers[0] >= 0 &&
                    numbers[0] <= setup_.storeys && std::isfinite(top) &&
                    std::isfinite(last_taken) && grounds_.restore(in);
  if (!good || !finish_.restore(in)) return false;
  first_seen_ = first;
  top_ = top;
  last_taken_ = last_taken;
  shown_ = numbers[0];
  cast_said_ = numbers[1];
  topped_frames_ = numbers[2];
  topped_said_ = numbers[3] != 0;
  corrected_ = numbers[4] != 0;
  belief_ = filter_.belief();
  return true;
}

}  // namespace jieding::vision
