// Laws of limits, as tables: minutes, values, and what is told.

#include "gateway/domain/limit.hpp"

#include <gtest/gtest.h>

namespace jieding {
namespace {

using namespace std::chrono_literals;

Instant minute(int minutes) {
  return from_rfc3339("2026-03-15T04:00:00Z").value() + std::chrono::minutes(minutes);
}

Reading dust(int minutes, double value) {
  Reading reading;
  reading.device = "dust-1";
  reading.quantity = "pm10";
  reading.value = value;
  reading.unit = "ug/m3";
  reading.device_time = minute(minutes);
  reading.received = {minute(minutes), TimeQuality::Synced};
  return reading;
}

Limit above(double threshold, double clear, std::chrono::minutes raise_after = 0min,
            std::chrono::minutes clear_after = 0min) {
  Limit limit;
  limit.quantity = "pm10";
  limit.unit = "ug/m3";
  limit.threshold = threshold;
  limit.clear = clear;
  limit.raise_after = raise_after;
  limit.clear_after = clear_after;
  limit.gap = 10min;
  return limit;
}

Limit below(double threshold, double clear) {
  Limit limit = above(threshold, clear);
  limit.side = Limit::Side::Below;
  return limit;
}

/// What is told: "+3" raised by the reading of minute 3, "-7" cleared by that of minute 7.
std::string told(LimitWatch& watch, const std::vector<Reading>& readings) {
  std::string all;
  for (const Reading& reading : readings) {
    const auto turn = watch.look(reading);
    if (!turn) continue;
    watch.take(*turn);
    const auto at =
        std::chrono::duration_cast<std::chrono::minutes>(reading.device_time - minute(0));
    all += (all.empty() ? "" : " ") + std::string(turn->raised ? "+" : "-") +
           std::to_string(at.count());
  }
  return all;
}

struct Row {
  const char* law;
  Limit limit;
  std::vector<std::pair<int, double>> values;  ///< minute, value
  const char* told;
};

TEST(Limit, Table) {
  const Row rows[] = {
      {"on the limit is not beyond it", above(150, 150), {{0, 150}, {1, 150.1}}, "+1"},
      {"on the clear level is back", above(150, 120), {{0, 151}, {1, 120.1}, {2, 120}}, "+0 -2"},
      {"between both nothing turns", above(150, 120), {{0, 151}, {1, 149}, {2, 151}}, "+0"},
      {"below", below(20, 22), {{0, 20}, {1, 19}, {2, 21}, {3, 22}}, "+1 -3"},
      {"a peak shorter than the dwell", above(150, 120, 5min), {{0, 160}, {4, 160}, {5, 110}}, ""},
      {"the dwell", above(150, 120, 5min), {{0, 160}, {4, 160}, {5, 160}}, "+5"},
      {"a dip begins the dwell anew",
       above(150, 120, 5min),
       {{0, 160}, {4, 160}, {5, 149}, {6, 160}, {10, 160}, {11, 160}},
       "+11"},
      {"the dwell back",
       above(150, 120, 0min, 3min),
       {{0, 160}, {1, 110}, {3, 130}, {4, 110}, {6, 110}, {7, 110}},
       "+0 -7"},
      {"two values far apart prove nothing of what lay between",
       above(150, 120, 5min),
       {{0, 160}, {11, 160}, {15, 160}, {16, 160}},
       "+16"},
      {"a gap clears nothing", above(150, 120, 0min, 5min), {{0, 160}, {1, 110}, {12, 110}}, "+0"},
      {"each value once", above(150, 120), {{5, 160}, {5, 110}, {4, 110}, {6, 119}}, "+5 -6"},
  };
  for (const Row& row : rows) {
    LimitWatch watch(row.limit);
    std::vector<Reading> readings;
    for (const auto& [at, value] : row.values)
      readings.push_back(dust(at, value));
    EXPECT_EQ(told(watch, readings), row.told) << row.law;
  }
}

TEST(Limit, WhatIsRaisedIsNotRaisedAgainAfterARestart) {
  const Limit limit = above(150, 120);
  LimitWatch watch(limit, true);
  EXPECT_EQ(told(watch, {dust(0, 160), dust(1, 110), dust(2, 160)}), "-1 +2");
}

TEST(Limit, ATurnIsToldUntilItIsTaken) {
  const Limit limit = above(150, 120, 2min);
  LimitWatch watch(limit);
  watch.look(dust(0, 160));
  ASSERT_TRUE(watch.look(dust(2, 170)));
  const auto again = watch.look(dust(3, 180));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->value, 180);
  EXPECT_EQ(again->since, minute(0));
  watch.take(*again);
  EXPECT_FALSE(watch.look(dust(4, 190)));
}

TEST(Limit, OtherUnitsStatisticsAndQuantitiesDoNotCount) {
  const Limit limit = above(150, 120);
  LimitWatch watch(limit);
  Reading unit = dust(0, 160), statistic = dust(1, 160), quantity = dust(2, 160);
  unit.unit = "mg/m3";
  statistic.statistic = {Period::Hour, Aggregate::Mean};
  quantity.quantity = "pm25";
  EXPECT_EQ(told(watch, {unit, statistic, quantity, dust(3, 160)}), "+3");
}

TEST(Limit, ADifferenceIsOfOneTime) {
  Limit limit = above(25, 23);
  limit.minus = "surface";
  LimitWatch watch(limit);
  const auto surface = [](int at, double value) {
    Reading reading = dust(at, value);
    reading.quantity = "surface";
    return reading;
  };
  EXPECT_EQ(told(watch, {dust(0, 60), surface(1, 30)}), "") << "of two times";
  EXPECT_EQ(told(watch, {dust(1, 54), surface(2, 30), dust(2, 56)}), "+2");
  EXPECT_EQ(told(watch, {dust(3, 60), surface(3, 37)}), "-3") << "in either order";
}

// minute(0) is noon on the site.
constexpr int evening = 10 * 60, morning = 18 * 60;

Limit by_night(std::chrono::minutes raise_after = 0min) {
  Limit limit = above(55, 55, raise_after);
  limit.hours = DailyHours{22h, 6h};
  return limit;
}

TEST(Limit, ALimitOfTheNightHoldsAtNight) {
  const Limit limit = by_night();
  LimitWatch watch(limit);
  EXPECT_EQ(told(watch, {dust(0, 58), dust(evening - 1, 58)}), "");
  EXPECT_EQ(told(watch, {dust(evening, 58)}), "+600") << "its first minute belongs to it";
  EXPECT_EQ(told(watch, {dust(evening + 120, 54), dust(evening + 121, 58)}), "-720 +721")
      << "over midnight";
}

TEST(Limit, TheEndOfItsHoursIsTheEndOfAnAlert) {
  const Limit limit = by_night();
  LimitWatch watch(limit);
  EXPECT_EQ(told(watch, {dust(morning - 1, 58), dust(morning, 58), dust(morning + 1, 58)}),
            "+1079 -1080");
}

TEST(Limit, WhatWasBeforeItsHoursIsNoPartOfTheDwell) {
  const Limit limit = by_night(5min);
  LimitWatch watch(limit);
  EXPECT_EQ(told(watch, {dust(evening - 4, 58), dust(evening, 58), dust(evening + 4, 58),
                         dust(evening + 5, 58)}),
            "+605");
}

TEST(Limit, ALimitOfTheDayHoldsByDay) {
  Limit limit = above(70, 70);
  limit.hours = DailyHours{6h, 22h};
  LimitWatch watch(limit);
  EXPECT_EQ(told(watch, {dust(0, 71), dust(evening - 1, 71), dust(evening, 71)}), "+0 -600");
  EXPECT_EQ(told(watch, {dust(morning - 1, 71), dust(morning, 71)}), "+1080");
}

Limit cooling() {
  Limit limit = below(-2, -1.5);
  limit.over = 24h;
  limit.gap = 2h;
  return limit;
}

/// One value an hour: degrees that fall by so much a day, beginning at 60.
std::vector<Reading> falling(int from_hour, int to_hour, double per_day) {
  std::vector<Reading> readings;
  for (int hour = from_hour; hour < to_hour; ++hour)
    readings.push_back(dust(60 * hour, 60 - per_day * hour / 24));
  return readings;
}

TEST(Limit, AChangeIsOfItsTime) {
  const Limit limit = cooling();
  LimitWatch fast(limit), slow(limit);
  EXPECT_EQ(told(fast, falling(0, 48, 2.1)), "+1440") << "known when a day is over";
  EXPECT_EQ(told(slow, falling(0, 48, 1.9)), "");
}

TEST(Limit, AChangeOverALongerTimeIsNotOne) {
  const Limit limit = cooling();
  LimitWatch watch(limit);
  EXPECT_EQ(told(watch, falling(0, 10, 2.1)), "");
  EXPECT_EQ(told(watch, falling(40, 64, 2.1)), "");
  EXPECT_EQ(told(watch, falling(64, 65, 2.1)), "+3840") << "a day after the pause";
}

TEST(Limit, ManyValuesAreThinnedAndTheChangeStaysThatOfItsTime) {
  const Limit limit = cooling();
  LimitWatch watch(limit);
  std::vector<Reading> readings;
  for (int minute = 0; minute < 3 * 24 * 60; ++minute)
    readings.push_back(dust(minute, 60 - 1.9 * minute / (24 * 60)));
  EXPECT_EQ(told(watch, readings), "") << "measured over half an hour more than a day at most";
}

TEST(Limit, AChangeGoesOnAfterARestart) {
  const Limit limit = cooling();
  LimitWatch watch(limit);
  for (const Reading& reading : falling(0, 24, 2.1))
    watch.recall(reading.device_time, reading.value);
  EXPECT_EQ(told(watch, falling(24, 26, 2.1)), "+1440");
}

TEST(Limit, OnlyWhatIsTimelyTellsWhatIsNow) {
  Reading reading = dust(0, 160);
  EXPECT_EQ(timeliness(reading), Timely::Now);
  reading.flag = "N";
  EXPECT_EQ(timeliness(reading), Timely::Now);
  for (const char* flag : {"F", "M", "D", "C", "T", "B"}) {
    reading.flag = flag;
    EXPECT_EQ(timeliness(reading), Timely::Flagged) << flag;
  }
  reading = dust(0, 160);
  reading.received.at = minute(10);
  EXPECT_EQ(timeliness(reading), Timely::Now);
  reading.received.at = minute(11);
  EXPECT_EQ(timeliness(reading), Timely::Late);
  reading.received.at = minute(-11);
  EXPECT_EQ(timeliness(reading), Timely::Ahead);
}

TEST(Limit, AnUntrustedClockOfOurOwnBlindsNoLimit) {
  Reading reading = dust(0, 160);
  reading.received = {Instant{}, TimeQuality::Unsynced};  // 1970
  EXPECT_EQ(timeliness(reading), Timely::Now);
  reading.received.at = minute(60);
  EXPECT_EQ(timeliness(reading), Timely::Now);
  reading.received.at = minute(61);
  EXPECT_EQ(timeliness(reading), Timely::Late);
  const Limit limit = above(150, 120, 5min);
  LimitWatch watch(limit);
  std::vector<Reading> readings{dust(0, 160), dust(3, 160), dust(5, 160)};
  for (Reading& each : readings)
    each.received = {Instant{}, TimeQuality::Unsynced};
  EXPECT_EQ(told(watch, readings), "+5");
}

TEST(Limit, AMeanIsDatedByTheBeginningOfItsPeriod) {
  Reading mean = dust(0, 160);
  mean.statistic = {Period::Hour, Aggregate::Mean};
  mean.received.at = minute(65);
  EXPECT_EQ(timeliness(mean), Timely::Now);
  mean.received.at = minute(71);
  EXPECT_EQ(timeliness(mean), Timely::Late);
}

TEST(Limit, ATimeFromTheFutureDoesNotHoldLaterReadingsOff) {
  const Limit limit = above(150, 120);
  LimitWatch watch(limit);
  Reading ahead = dust(600'000, 100);
  ahead.received = {minute(0), TimeQuality::Unsynced};
  watch.look(ahead);
  EXPECT_EQ(told(watch, {dust(1, 160)}), "+1");
}

}  // namespace
}  // namespace jieding
