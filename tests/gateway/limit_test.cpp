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
