#include "vision/building_watch.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "vision/facade.hpp"
#include "vision/horizon.hpp"
#include "vision/parapet.hpp"
#include "vision/strip.hpp"

namespace jieding::vision {
namespace {

constexpr double sure = 0.95;          ///< belief that makes a proposal
constexpr double sure_of_error = 0.9;  ///< belief that lets the shown figure go back
/// The pool takes rows this far above the top edge: rails, rebar, the lift core run ahead.
constexpr double clear_above_top = 0.8;
/// What reaches farther above what people told of a first picture, and the works on it, stands
/// behind it: people may be off by one, and the works may reach a little higher than believed.
constexpr double above_told = 1.5;
/// Belief in a first storey up to which a picture counts as one of the empty site.
constexpr double still_empty = 0.4;
/// Where nothing is believed to stand, a top edge below `lowest_body` is the ground's own, one up
/// to `first_storeys` may be the building, and one still higher, that was not there before, is what
/// stands behind the facade in other light, unless it fills so much of the facade: then the camera
/// came late.
constexpr double stands_filled = 0.65;
/// Where no picture of the empty site is known, a body that stands out row by row as much as this
/// (log-odds) stands even if so little of it is unlike both sides. On rendered sites that were
/// empty in their first picture nothing came near to both.
constexpr double stands_out = 60, hardly_filled = 0.2;
/// There it must be outlined as well: trees, houses and the slopes of a pit fill a facade, too, but
/// seldom end at its sides. Of places in and around real pits forty-five of fifty are outlined in
/// less of their rows, of towers that stood in the first pictures eleven of fifty-four rendered
/// ones and none of six real ones.
constexpr double stands_outlined = 0.8;
/// A tower beside a house may show no end there, but is higher than any hut and unlike both sides
/// from the ground up, to which an outline adds so much. Of the places in and around real pits none
/// that ends nowhere has more than .88 so, seven of ten such rendered towers have .94 and more.
constexpr double wholly_unlike = 0.93, by_outline = 0.25;
/// Storeys that surely stand, of those that were seen to rise, and pictures that must show so many:
/// no hut, rim or house behind rises so far.
constexpr int surely_risen = 4, risen_needed = 5;
/// Width of the interval, in storeys, at which what stood when the camera came is counted.
constexpr int well_counted = 2;
/// Share of a witness below which a picture only repeats earlier ones, and is not counted as one.
constexpr double own_witness = 0.25;
/// Trust below which what has changed may be the light.
constexpr double knows_the_light = 0.9;

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

std::ptrdiff_t rows_of_body(const RowEvidence& rows) {
  return std::lround(rows.top * rows_per_storey);
}

/// Log-odds of all its rows together.
double score_of_body(const RowEvidence& rows) {
  return rows.top_score[static_cast<std::size_t>(rows_of_body(rows))] - rows.top_score[0];
}

/// Row by row, where most rows are of a height that no picture of the empty site shows.
bool stands_out_unknown(const RowEvidence& rows) {
  const std::ptrdiff_t count = rows_of_body(rows);
  const auto unknown = std::count_if(rows.changed.begin(), rows.changed.begin() + count,
                                     [](double share) { return share < 0; });
  return 2 * unknown > count && score_of_body(rows) > stands_out && rows.unlike > hardly_filled;
}

/// By any picture that was kept.
bool is_explained(const RowEvidence& rows) {
  return std::any_of(rows.changed.begin(), rows.changed.end(),
                     [](double share) { return share >= 0; });
}

BodyOfRows body_of(const RowEvidence& rows) {
  return {rows.top, score_of_body(rows), rows.outlined, rows.outline};
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
      leap_(setup.storeys),
      roof_(setup.scaffold, roof_in_view_),
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
  const Body body = body_in(rows);
  filter_.see(rows, between,
              {.stands = surely_stands(),
               .base = finish_.has_base(),
               .late = may_have_come_late(rows, body)});
  belief_ = filter_.belief();
  if (found_ && !repeats) leap_.see(before, top_, belief_, roof_.stands());
  top_ = rows.top;
  if (!found_) find_what_stood(body);
  if (!repeats) {
    count_risen();
    pace_.see(belief_.storeys, has_grown_out_of_view());
    beyond_plan_.see(rows.top, belief_.at_least.back() > 0.5);
  }
  grounds_.see(rows, belief_);
  show(belief_, is_explained(rows));
  roof_.hold(belief_, is_cast_out_of_view());
  if (!repeats) roof_.count(belief_, has_risen(), now);
  propose(belief_, between, taken, proposals);
  propose_roof(belief_, taken, proposals);
  if (!repeats) finish_.see(finish, belief_.storeys, roof());
  empty_above_ = background_above(rows, body, first);
}

Roof BuildingWatch::roof() const {
  if (beyond_plan_.is_built()) return Roof::OutOfView;
  if (roof_.stands() || is_cast_out_of_view()) return Roof::Stands;
  return has_grown_out_of_view() ? Roof::OutOfView : Roof::Open;
}

BuildingWatch::Body BuildingWatch::body_in(const RowEvidence& rows) const {
  const bool told_apart = rows.trust > knows_the_light;
  if (told_apart && rows.low_block > lowest_body) return Body::Stands;
  if (rows.top < lowest_body) return Body::None;
  if (told_apart && rows.top < first_storeys) return Body::Stands;
  if (rows.top > setup_.storeys + highest_works) return Body::None;
  if (!told_apart && is_surely_built(body_of(rows))) return Body::Stands;
  const bool fills = (told_apart ? rows.filled : rows.unlike) > stands_filled;
  if (told_apart && fills) return Body::Stands;
  const bool outlined = rows.outlined > stands_outlined, high = rows.top > first_storeys;
  // A wing of a longer block is like the one beside it.
  if (!fills && !stands_out_unknown(rows))
    return !told_apart && outlined && high ? Body::Unclear : Body::None;
  const bool unlike_both_sides = rows.unlike + by_outline * rows.outlined > wholly_unlike;
  return outlined || (high && unlike_both_sides) ? Body::Stands : Body::Unclear;
}

/// Hoardings, huts and the rim of a pit are outlined as well, and low.
bool BuildingWatch::may_have_come_late(const RowEvidence& rows, Body body) const {
  return !found_ && belief_.storeys == 0 && body == Body::Stands && rows.top > first_storeys &&
         is_surely_built(body_of(rows));
}

/// What stood when the camera came nobody saw being cast: it is counted and not proposed.
void BuildingWatch::find_what_stood(Body body) {
  if (belief_.storeys == 0) {
    found_ = body == Body::None;
    return;
  }
  stood_ = cast_said_ = belief_.high;
  found_ = belief_.high - belief_.low <= well_counted;
}

/// Above what stood when the camera came.
bool BuildingWatch::has_risen() const {
  return found_ && (stood_ == 0 || belief_.storeys > stood_);
}

/// Seen to rise it does not vanish, though pictures may not tell it from what stands beside it.
bool BuildingWatch::surely_stands() const {
  return risen_frames_ >= risen_needed;
}

void BuildingWatch::count_risen() {
  const bool above_told = belief_.storeys > setup_.storeys_at_start;
  const bool shown = belief_.low >= surely_risen && top_ >= surely_risen;
  if (has_risen() && above_told && shown && !leap_.leapt_from())
    risen_frames_ = std::min(risen_frames_ + 1, risen_needed);
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

/// Where the pictures have not counted the building yet, nor rule it out, what people told of its
/// start is shown.
bool BuildingWatch::shows_what_was_told() const {
  const int told = setup_.storeys_at_start;
  if (told == 0 || shown_ != told || told < belief_.low || told > belief_.high) return false;
  const bool surely_more =
      told < setup_.storeys && belief_.at_least[static_cast<std::size_t>(told) + 1] >= sure;
  return belief_.high - belief_.low > well_counted && !surely_more;
}

void BuildingWatch::show(const StoreyBelief& belief, bool explained) {
  if (shows_what_was_told()) return;
  // A picture of another place may well seem to show a first storey.
  const bool first_storey = shown_ == 0 && belief.storeys < lowest_body;
  if (first_storey && !explained && belief.at_least[1] < sure) return;
  const int likely = std::max(belief.storeys, pace_.cast_by_now().value_or(0));
  if (likely > shown_) shown_ = likely;
  if (likely < shown_ && 1 - belief.at_least[static_cast<std::size_t>(shown_)] > sure_of_error)
    shown_ = likely;
}

/// The count is theirs now; what the filter learns from it is how far the works run ahead.
bool BuildingWatch::confirm(const ConfirmedCount& count) {
  const int storeys = count.storeys;
  if (storeys < 0 || storeys > setup_.storeys) return false;
  std::uint64_t& up_to = counted_up_to_[static_cast<std::size_t>(storeys)];
  if (count.ledger_index < up_to) return false;
  up_to = count.ledger_index + 1;
  if (storeys == 0) risen_frames_ = 0;
  filter_.confirm(storeys);
  pace_.confirm(storeys);
  belief_ = filter_.belief();
  grounds_.confirm(storeys, belief_);
  shown_ = belief_.storeys;
  return true;
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
}

void BuildingWatch::propose_roof(const StoreyBelief& belief, Instant taken,
                                 std::vector<Proposal>& proposals) {
  if (roof_.stands() || beyond_plan_.is_built()) return;
  if (belief.topped_out < sure || !roof_.has_stayed(to_ms(taken))) return;
  roof_.settle();
  if (!roof_.was_seen_open()) return;  // it stood when the camera came
  proposals.push_back({setup_.building, "topping_out", 0, from_ms(belief.topped_at), taken});
}

double BuildingWatch::background_above(const RowEvidence& rows, Body body, bool first) const {
  // In a first picture a hoarding or a hut may look like a storey.
  const bool no_storey = belief_.at_least[1] < (first ? sure : still_empty);
  // A storey that was said, or told, and then denied may only look like what lies behind it.
  const bool bare_ground = no_storey && (cast_said_ == 0 || !found_);
  // Nor is it bare where its sides prove a body, though the pictures kept explain it.
  const bool built = !first && rows.built_by_sides > lowest_body;
  if (bare_ground && body != Body::Stands) return built ? rows.built_by_sides + clear_above_top : 0;
  double shows = std::max(rows.top, rows.low_block);
  if (first && setup_.storeys_at_start > 0)
    shows = std::min(shows, setup_.storeys_at_start + above_told + belief_.working_height);
  // One picture may miss the building: what is believed to stand never counts as background.
  const int stands = std::max(shown_, belief_.storeys);
  return std::max(shows, stands + belief_.working_height) + clear_above_top;
}

int BuildingWatch::storeys_low() const {
  const int low = std::min(belief_.low, shown_);
  return std::min(low, leap_.leapt_from().value_or(low));
}

BuildingEstimate BuildingWatch::estimate() const {
  BuildingEstimate out;
  out.building = setup_.building;
  out.storeys = shown_;
  out.storeys_low = storeys_low();
  out.storeys_high = has_grown_out_of_view() ? setup_.storeys : std::max(belief_.high, shown_);
  if (!found_ && belief_.storeys == 0)
    out.storeys_high =
        std::max(out.storeys_high, std::min(setup_.storeys, static_cast<int>(std::ceil(top_))));
  out.confidence = belief_.storeys == shown_ ? belief_.confidence : 1 - sure_of_error;
  if (beyond_plan_.is_built()) {
    out.storeys_high = std::max(out.storeys_high, beyond_plan_.most_cast());
    out.confidence = std::min(out.confidence, 1 - sure_of_error);
  }
  out.stage = finish_.stage(shown_, roof_.is_likely() && !beyond_plan_.is_built());
  out.bands = finish_.bands(shown_, top_);
  out.grounds = grounds();
  return out;
}

/// Why it is not what the last picture alone would say.
std::optional<Measure> BuildingWatch::beside_the_figure() const {
  if (has_grown_out_of_view()) return Measure{"view_ends", shown_height_};
  if (shows_what_was_told()) return Measure{"told", static_cast<double>(shown_)};
  return {};
}

std::vector<Measure> BuildingWatch::grounds() const {
  std::vector<Measure> out = beyond_plan_.is_built() ? grounds_.tell_beyond(beyond_plan_.highest())
                                                     : grounds_.tell(shown_, beside_the_figure());
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
  for (const double number : {top_, empty_above_, last_taken_})
    out.put(number);
  for (const int n : {shown_, cast_said_, stood_, int{found_}, risen_frames_})
    out.put(std::int32_t{n});
  grounds_.save(out);
  pace_.save(out);
  beyond_plan_.save(out);
  leap_.save(out);
  roof_.save(out);
  finish_.save(out);
}

bool BuildingWatch::restore(BlobReader& in) {
  if (!filter_.restore(in)) return false;
  belief_ = filter_.belief();
  const std::size_t figures = first_seen_.size();
  first_seen_ = in.get_numbers(figures);
  for (std::uint64_t& index : counted_up_to_)
    index = in.get<std::uint64_t>();
  for (double* number : {&top_, &empty_above_, &last_taken_})
    if (!std::isfinite(*number = in.get<double>())) return false;
  for (int* storeys : {&shown_, &cast_said_, &stood_})
    if ((*storeys = in.get<std::int32_t>()) < 0 || *storeys > setup_.storeys) return false;
  found_ = in.get<std::int32_t>() != 0;
  risen_frames_ = in.get<std::int32_t>();
  if (risen_frames_ < 0 || risen_frames_ > risen_needed) return false;
  return in.ok() && first_seen_.size() == figures && grounds_.restore(in) && pace_.restore(in) &&
         beyond_plan_.restore(in) && leap_.restore(in) && roof_.restore(in) && finish_.restore(in);
}

}  // namespace jieding::vision
