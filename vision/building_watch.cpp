#include "vision/building_watch.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "vision/horizon.hpp"
#include "vision/parapet.hpp"

namespace jieding::vision {
namespace {

constexpr double sure = 0.95;          ///< belief that makes a proposal
constexpr double sure_of_error = 0.9;  ///< belief that lets the shown figure go back
constexpr int topped_frames_needed = 2;
constexpr double day_ms = 24 * 3600 * 1000.0;
/// On an open frame the parapet's formwork stands as high as the parapet will: so many frames, or
/// so many days between two, until that is done with.
constexpr int parapet_frames = 4;
constexpr double parapet_ms = 4 * day_ms;
/// Where no picture showed the last storey cast and still open, a roof may be a count that leapt.
/// Such is the roof of 4 in 142 rendered sites, and was that of a tower planned two storeys short.
constexpr int leapt_frames = 6;
constexpr double leapt_ms = 10 * day_ms;
constexpr double surely_open = 0.1;  ///< belief in the roof below which it was seen not to be there
/// The pool takes rows this far above the top edge: rails, rebar, the lift core run ahead.
constexpr double clear_above_top = 0.8;
/// Belief in a first storey up to which a picture counts as one of the empty site.
constexpr double still_empty = 0.4;
/// Where nothing is believed to stand, a top edge up to `pit_rim` is the ground's own, one up to
/// `first_storeys` may be the building, and one still higher, that was not there before, is what
/// stands behind the facade in other light, unless it fills so much of the facade: then the camera
/// came late.
constexpr double stands_filled = 0.65;
/// Where no picture of the empty site is known, a body that stands out row by row as much as this
/// (log-odds) stands even if so little of it is unlike both sides. On rendered sites that were
/// empty in their first picture nothing came near to both.
constexpr double stands_out = 60, hardly_filled = 0.2;
/// Width of the interval, in storeys, at which what stood when the camera came is counted.
constexpr int well_counted = 2;
/// Share of a witness below which a picture only repeats earlier ones, and is not counted as one.
constexpr double own_witness = 0.25;
/// Storeys that a count takes at once to be doubted, if the top edge already stood so far above the
/// count in the picture before, and pictures that must show it risen further until it is believed.
constexpr int leap = 3, risen_needed = 2;
constexpr double outweighed_edge = 4;
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
      roof_in_view_(facade.shows_roof()),
      shown_height_(facade.shown_height()),
      pace_(setup.storeys),
      beyond_plan_(setup.storeys),
      belief_(filter_.belief()),
      shown_(setup.storeys_at_start),
      first_seen_(static_cast<std::size_t>(setup.storeys) + 1, 0),
      counted_up_to_(first_seen_.size(), 0),
      cast_said_(setup.storeys_at_start),
      found_(setup.storeys_at_start > 0) {}

void BuildingWatch::see(RowEvidence rows, const FinishEvidence& finish, Instant taken,
                        std::vector<Proposal>& proposals) {
  rows.open_roof = open_roof(finish);
  rows.closed_roof = closed_parapet(rows, setup_.storeys);
  // What the pictures show changed was done between them.
  const bool first = last_taken_ == 0;
  const double now = to_ms(taken), between = first ? now : (last_taken_ + now) / 2;
  last_taken_ = now;
  const int before = belief_.storeys;
  const bool repeats = rows.witness < own_witness;
  filter_.see(rows, between);
  belief_ = filter_.belief();
  if (!repeats) doubt(before);
  top_ = rows.top;
  stands_ = shows_a_body(rows);
  if (!found_) find_what_stood();
  if (!repeats) {
    pace_.see(belief_.storeys, has_grown_out_of_view());
    beyond_plan_.see(rows.top, belief_.at_least.back() > 0.5);
  }
  grounds_.see(rows, belief_);
  show(belief_);
  if (belief_.topped_out >= 0.5 || is_cast_out_of_view()) roof_shown_ = true;
  if (belief_.topped_out < surely_open && roof_in_view_ && !roof_stands_) roof_shown_ = false;
  if (!repeats) count_frames(belief_, taken);
  propose(belief_, between, taken, proposals);
  if (!repeats) finish_.see(finish, belief_.storeys, roof());
  empty_above_ = background_above(rows, first);
}

Roof BuildingWatch::roof() const {
  if (beyond_plan_.is_built()) return Roof::OutOfView;
  if (roof_stands_ || is_cast_out_of_view()) return Roof::Stands;
  return has_grown_out_of_view() ? Roof::OutOfView : Roof::Open;
}

bool BuildingWatch::shows_a_body(const RowEvidence& rows) const {
  const bool told_apart = rows.trust > knows_the_light;
  if (told_apart && rows.low_block > pit_rim) return true;
  if (rows.top < pit_rim) return false;
  if (told_apart && rows.top < first_storeys) return true;
  if (rows.top > setup_.storeys + highest_works) return false;
  if ((told_apart ? rows.filled : rows.unlike) > stands_filled) return true;
  const auto top = std::lround(rows.top * rows_per_storey);
  const auto unknown = std::count_if(rows.changed.begin(), rows.changed.begin() + top,
                                     [](double share) { return share < 0; });
  const double score = rows.top_score[static_cast<std::size_t>(top)] - rows.top_score[0];
  return 2 * unknown > top && score > stands_out && rows.unlike > hardly_filled;
}

/// What stood when the camera came nobody saw being cast: it is counted and not proposed.
void BuildingWatch::find_what_stood() {
  if (belief_.storeys == 0) {
    found_ = !stands_;
    return;
  }
  stood_ = cast_said_ = belief_.high;
  found_ = belief_.high - belief_.low <= well_counted;
}

/// A count that leaps to what stood there before has not risen: the pictures before it were
/// outweighed, or these are those of another body, which does not go on to rise.
void BuildingWatch::doubt(int before) {
  const bool outweighed = top_ > before + outweighed_edge;
  if (found_ && outweighed && belief_.storeys - before >= leap) {
    if (leapt_to_ == 0) leapt_from_ = before;
    leapt_to_ = belief_.storeys;
    risen_frames_ = 0;
    return;
  }
  if (leapt_to_ > 0 && belief_.low > leapt_to_) ++risen_frames_;
  if (risen_frames_ < risen_needed && belief_.storeys > leapt_from_ && !roof_stands_) return;
  leapt_to_ = risen_frames_ = 0;
}

/// Works have reached the end of the picture: how many storeys stand above it nobody can see.
bool BuildingWatch::has_grown_out_of_view() const {
  const double slab = shown_height_ - belief_.working_height;
  if (roof_in_view_ || slab < 1 || slab > setup_.storeys) return false;
  return belief_.at_least[static_cast<std::size_t>(slab)] > 0.5;
}

/// What follows is the finish, though nobody can see the parapet: a stage, but no milestone.
bool BuildingWatch::is_cast_out_of_view() const {
  return !roof_in_view_ && (belief_.at_least.back() > sure || pace_.all_cast());
}

void BuildingWatch::show(const StoreyBelief& belief) {
  const int likely = std::max(belief.storeys, pace_.cast_by_now().value_or(0));
  if (likely > shown_) shown_ = likely;
  if (likely < shown_ && 1 - belief.at_least[static_cast<std::size_t>(shown_)] > sure_of_error)
    shown_ = likely;
}

/// The count is theirs now; what the filter learns from it is how far the works run ahead.
void BuildingWatch::confirm(const ConfirmedCount& count) {
  const int storeys = count.storeys;
  if (storeys < 0 || storeys > setup_.storeys) return;
  std::uint64_t& up_to = counted_up_to_[static_cast<std::size_t>(storeys)];
  if (count.ledger_index < up_to) return;
  up_to = count.ledger_index + 1;
  filter_.confirm(storeys);
  pace_.confirm(storeys);
  belief_ = filter_.belief();
  grounds_.confirm(storeys, belief_);
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
  if (roof_stands_ || beyond_plan_.is_built()) return;
  if (topped_frames_ < topped_frames_needed || belief.topped_out < sure) return;
  if (!roof_has_stayed(taken)) return;
  roof_stands_ = true;
  if (!seen_open_) return;  // it stood when the camera came
  proposals.push_back({setup_.building, "topping_out", 0, from_ms(belief.topped_at), taken});
}

/// Running frames with the roof and without it.
void BuildingWatch::count_frames(const StoreyBelief& belief, Instant taken) {
  if (roof_stands_) return;
  const bool saw_it_rise = found_ && (stood_ == 0 || belief.storeys > stood_);
  open_frames_ = belief.topped_out > surely_open || !saw_it_rise ? 0 : open_frames_ + 1;
  seen_open_ = seen_open_ || open_frames_ >= topped_frames_needed;
  topped_frames_ = belief.topped_out < 0.5 ? 0 : topped_frames_ + 1;
  const double last_storey_open = belief.at_least.back() - belief.topped_out;
  saw_last_storey_ = saw_last_storey_ || (saw_it_rise && last_storey_open > 0.5);
  if (topped_frames_ == 1) topped_since_ = to_ms(taken);
}

bool BuildingWatch::roof_has_stayed(Instant taken) const {
  const double stands_ms = to_ms(taken) - topped_since_;
  const bool leapt = seen_open_ && !saw_last_storey_;
  if (leapt && (topped_frames_ < leapt_frames || stands_ms < leapt_ms)) return false;
  if (setup_.scaffold == Scaffold::Climbing || setup_.scaffold == Scaffold::Wrapped) return true;
  return topped_frames_ >= parapet_frames || stands_ms >= parapet_ms;
}

double BuildingWatch::background_above(const RowEvidence& rows, bool first) const {
  // In a first picture a hoarding or a hut may look like a storey.
  const bool no_storey = belief_.at_least[1] < (first ? sure : still_empty);
  const bool bare_ground = no_storey && setup_.storeys_at_start == 0;
  if (bare_ground && !stands_) return 0.0;
  double shows = std::max(rows.top, rows.low_block);
  // People told what stands: what reaches far above that stands behind it.
  if (first && setup_.storeys_at_start > 0)
    shows = std::min(shows, belief_.high + belief_.working_height);
  // One picture may miss the building: what is believed to stand never counts as background.
  return std::max(shows, shown_ + belief_.working_height) + clear_above_top;
}

BuildingEstimate BuildingWatch::estimate() const {
  BuildingEstimate out;
  out.building = setup_.building;
  out.storeys = shown_;
  out.storeys_low = std::min(belief_.low, shown_);
  if (leapt_to_ > 0) out.storeys_low = std::min(out.storeys_low, leapt_from_);
  out.storeys_high = has_grown_out_of_view() ? setup_.storeys : std::max(belief_.high, shown_);
  if (!found_ && stands_ && belief_.storeys == 0)
    out.storeys_high =
        std::max(out.storeys_high, std::min(setup_.storeys, static_cast<int>(std::ceil(top_))));
  out.confidence = belief_.storeys == shown_ ? belief_.confidence : 1 - sure_of_error;
  if (beyond_plan_.is_built()) {
    out.storeys_high = std::max(out.storeys_high, beyond_plan_.most_cast());
    out.confidence = std::min(out.confidence, 1 - sure_of_error);
  }
  out.stage = finish_.stage(shown_, roof_shown_ && !beyond_plan_.is_built());
  out.bands = finish_.bands(shown_, top_);
  out.grounds = grounds();
  return out;
}

std::vector<Measure> BuildingWatch::grounds() const {
  std::vector<Measure> out =
      beyond_plan_.is_built()
          ? grounds_.tell_beyond(beyond_plan_.highest())
          : grounds_.tell(shown_,
                          has_grown_out_of_view() ? std::optional(shown_height_) : std::nullopt);
  if (pace_.cast_by_now() > belief_.storeys)
    out.push_back({"by_pace", static_cast<double>(shown_)});
  if (stood_ > first_storeys) out.push_back({"stood_before", static_cast<double>(stood_)});
  return out;
}

void BuildingWatch::save(BlobWriter& out) const {
  filter_.save(out);
  out.put(first_seen_);
  for (const std::uint64_t index : counted_up_to_)
    out.put(index);
  out.put(top_);
  out.put(empty_above_);
  out.put(last_taken_);
  out.put(topped_since_);
  for (const int n : {shown_, cast_said_, open_frames_, int{seen_open_}, topped_frames_,
                      int{roof_shown_}, int{roof_stands_}, int{found_}, stood_, leapt_from_,
                      leapt_to_, risen_frames_, int{saw_last_storey_}, int{stands_}})
    out.put(std::int32_t{n});
  grounds_.save(out);
  pace_.save(out);
  beyond_plan_.save(out);
  finish_.save(out);
}

bool BuildingWatch::restore(BlobReader& in) {
  if (!filter_.restore(in)) return false;
  const auto first = in.get_numbers(1024);
  for (std::uint64_t& index : counted_up_to_)
    index = in.get<std::uint64_t>();
  const auto top = in.get<double>();
  const auto empty_above = in.get<double>();
  const auto last_taken = in.get<double>();
  const auto topped_since = in.get<double>();
  std::int32_t numbers[14];
  for (auto& number : numbers)
    number = in.get<std::int32_t>();
  const auto storeys = [&](int number) { return number >= 0 && number <= setup_.storeys; };
  const bool good = in.ok() && first.size() == first_seen_.size() && storeys(numbers[0]) &&
                    std::isfinite(top) && std::isfinite(empty_above) && std::isfinite(last_taken) &&
                    std::isfinite(topped_since) && storeys(numbers[8]) && storeys(numbers[9]) &&
                    storeys(numbers[10]) && numbers[11] >= 0 && numbers[11] < risen_needed &&
                    grounds_.restore(in) && pace_.restore(in) && beyond_plan_.restore(in);
  if (!good || !finish_.restore(in)) return false;
  first_seen_ = first;
  top_ = top;
  empty_above_ = empty_above;
  last_taken_ = last_taken;
  topped_since_ = topped_since;
  shown_ = numbers[0];
  cast_said_ = numbers[1];
  open_frames_ = numbers[2];
  seen_open_ = numbers[3] != 0;
  topped_frames_ = numbers[4];
  roof_shown_ = numbers[5] != 0;
  roof_stands_ = numbers[6] != 0;
  found_ = numbers[7] != 0;
  stood_ = numbers[8];
  leapt_from_ = numbers[9];
  leapt_to_ = numbers[10];
  risen_frames_ = numbers[11];
  saw_last_storey_ = numbers[12] != 0;
  stands_ = numbers[13] != 0;
  belief_ = filter_.belief();
  return true;
}

}  // namespace jieding::vision
