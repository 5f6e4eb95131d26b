#include "tests/accuracy/series.hpp"

namespace jieding::accuracy {
namespace {

/// From bare ground to completion in 36 pictures, more of them around topping out; about every
/// eighth is bad. What is not told here is drawn from the seed.
scenes::Wishes small(std::uint64_t seed, const char* kind, const char* net, int storeys) {
  scenes::Wishes out;
  out.seed = seed;
  out.frames = 36;
  out.width = 960;
  out.height = 540;
  out.kind = kind;
  out.net = net;
  out.storeys = storeys;
  out.series = "phases";
  out.storeys_at_start = 0;
  out.knock_px = 0;
  out.bad_share = 0.12;
  return out;
}

/// The camera comes when so many storeys stand, and is told.
scenes::Wishes late(scenes::Wishes wishes, int storeys_at_start) {
  wishes.storeys_at_start = storeys_at_start;
  return wishes;
}

/// The camera is shifted once for good.
scenes::Wishes knocked(scenes::Wishes wishes, double px) {
  wishes.knock_px = px;
  return wishes;
}

}  // namespace

/// Seeds from 101 on as they came, none left out. Floors are a little worse than what was measured
/// when they were set: raise them whenever the estimator gets better, never lower them for it.
/// Four times series paid for what larger and real ones gained: all in width for intervals that
/// hold the truth (both climbing ones grow out of the picture), those with a scaffold once more for
/// the slab that it has not followed; "wrapped, blue, knocked" in one picture's stage for a roof
/// that is said 69 days sooner; "climbing, grey" in one picture's for estimates in less time.
std::vector<Series> all_series() {
  return {
      // Weak: pictures a week and up to two storeys apart, and a dirty lens that is not noticed.
      // From the 12th storey on it is out of the picture and reckoned; it never tops out. To be
      // raised.
      {"climbing, green",
       small(101, "climbing", "green", 18),
       {.rising_error = 0.6,
        .within_one = 90,
        .covered = 98,
        .most_width = 3.9,
        .stage = 68,
        .bad_refused = 71,
        .most_good_refused = 4}},
      // Its one bad picture, a dirty lens at night, is accepted. To be raised.
      {"climbing, blue, late",
       late(small(102, "climbing", "blue", 22), 7),
       {.rising_error = 0.1,
        .within_one = 97,
        .covered = 98,
        .most_width = 1.0,
        .stage = 82,
        .bad_refused = std::nullopt,
        .most_good_refused = 5,
        .topping_out = ToppingOut{.most_named_off = 5, .most_said_late = 15}}},
      {"wrapped, green",
       small(103, "wrapped", "green", 14),
       {.rising_error = 0.12,
        .within_one = 97,
        .covered = 98,
        .most_width = 2.3,
        .stage = 85,
        .bad_refused = 100,
        .most_good_refused = 8,
        .topping_out = ToppingOut{.most_named_off = 2, .most_said_late = 14}}},
      {"wrapped, grey",
       small(104, "wrapped", "grey", 16),
       {.rising_error = 0.25,
        .within_one = 92,
        .covered = 95,
        .most_width = 1.6,
        .stage = 78,
        .bad_refused = 100,
        .most_good_refused = 4,
        .topping_out = ToppingOut{.most_named_off = 2, .most_said_late = 10}}},
      {"bare",
       small(105, "none", "green", 11),
       {.rising_error = 0.35,
        .within_one = 97,
        .covered = 97,
        .most_width = 1.9,
        .stage = 86,
        .bad_refused = 80,
        .most_good_refused = 4,
        .topping_out = ToppingOut{.most_named_off = 3, .most_said_late = 10}}},
      // By lamps at night its net is taken for a finished front. To be raised.
      {"wrapped, blue, knocked",
       knocked(small(106, "wrapped", "blue", 18), 14),
       {.rising_error = 0.36,
        .within_one = 98,
        .covered = 98,
        .most_width = 2.3,
        .stage = 72,
        .bad_refused = 100,
        .most_good_refused = 8,
        .topping_out = ToppingOut{.most_named_off = 3, .most_said_late = 12}}},
      // Out of the picture as well.
      {"climbing, grey",
       small(107, "climbing", "grey", 20),
       {.rising_error = 0.5,
        .within_one = 92,
        .covered = 96,
        .most_width = 6.7,
        .stage = 65,
        .bad_refused = 100,
        .most_good_refused = 4}},
  };
}

}  // namespace jieding::accuracy
