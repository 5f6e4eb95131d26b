#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "drivers/simulated_model.hpp"
#include "tests/drivers/house.hpp"

namespace jieding::drivers::test {
namespace {

using simulated::Kind;
using simulated::values_of;

constexpr std::array kinds{Kind::Dust, Kind::Hoist, Kind::Crane};
/// Noon in China.
constexpr Instant day = noon - 12h;

std::map<std::string, double> said(Kind kind, std::uint64_t seed, Instant at) {
  std::map<std::string, double> values;
  for (const auto& value : values_of(kind, seed, at))
    values[std::string(value.quantity)] = value.value;
  return values;
}

TEST(Simulated, SameSeedAndInstantSayTheSame) {
  for (const Kind kind : kinds) {
    EXPECT_EQ(said(kind, 7, noon), said(kind, 7, noon));
    EXPECT_NE(said(kind, 7, noon), said(kind, 8, noon));
  }
  EXPECT_EQ(simulated::seed_of("foobar"), 0x85944171F73967E8U);  // FNV-1a's own example
}

TEST(Simulated, ValuesMoveSmoothlyAndStayWithinWhatIsPossible) {
  const std::map<std::string, std::pair<double, double>> possible{
      {"tsp", {1, 400}},         {"pm10", {1, 200}},        {"pm25", {1, 120}},
      {"noise", {35, 80}},       {"temperature", {-5, 40}}, {"humidity", {20, 100}},
      {"pressure", {980, 1040}}, {"wind_speed", {0, 9}},    {"wind_direction", {0, 360}},
      {"hoist_height", {0, 48}}, {"hoist_load", {0, 2000}}, {"hook_height", {0, 60}},
      {"crane_load", {0, 6}}};
  for (const Kind kind : kinds) {
    auto before = said(kind, 3, day);
    for (Instant at = day; at < day + 72h; at += 5s) {
      const auto now = said(kind, 3, at);
      for (const auto& [quantity, value] : now) {
        ASSERT_TRUE(possible.contains(quantity)) << quantity;
        const auto [least, most] = possible.at(quantity);
        ASSERT_TRUE(value >= least && value <= most) << quantity << ' ' << value;
        ASSERT_LE(std::abs(value - before.at(quantity)), (most - least) * 0.05) << quantity;
      }
      before = now;
    }
  }
}

TEST(Simulated, NightsAreQuieterThanWorkingHours) {
  const auto mean = [](Kind kind, const char* quantity, int from, int to) {
    double sum = 0;
    int count = 0;
    for (int days = 0; days < 10; ++days) {
      for (auto at = day + 24h * days + from * 1h; at < day + 24h * days + to * 1h; at += 60s) {
        sum += said(kind, 5, at).at(quantity);
        ++count;
      }
    }
    return sum / count;
  };
  EXPECT_GT(mean(Kind::Dust, "noise", 9, 11), mean(Kind::Dust, "noise", 1, 4) + 10);
  EXPECT_GT(mean(Kind::Dust, "pm10", 9, 11), mean(Kind::Dust, "pm10", 1, 4) + 30);
  EXPECT_LT(mean(Kind::Crane, "crane_load", 1, 4), 0.1);
  EXPECT_GT(mean(Kind::Hoist, "hoist_height", 9, 11), 5);
}

TEST(Simulated, NothingIsInventedAboutTheBuilding) {
  for (const Kind kind : kinds) {
    const auto values = said(kind, 1, noon);
    EXPECT_FALSE(values.contains("hoist_top_floor"));
    EXPECT_FALSE(values.contains("crane_height"));
  }
}

class SimulatedDriverTest : public testing::Test {
 protected:
  SimulatedDriverTest() {
    config::Device& crane = house_.config.devices.emplace_back();
    crane.id = "crane-1";
    crane.driver = "simulated";
    crane.settings.set("kind", std::string("crane"));
    crane.settings.set("every", std::chrono::milliseconds{100});
    house_.on_wall_clock = true;
  }
  House house_;
};

TEST_F(SimulatedDriverTest, EveryReadingSaysThatItIsSimulated) {
  house_.start("simulated");
  ASSERT_TRUE(house_.until([&] { return !house_.intake.batches.empty(); }));
  ASSERT_EQ(house_.intake.batches[0].size(), 3);
  for (const Reading& reading : house_.intake.batches[0]) {
    EXPECT_EQ(reading.flag, "simulated");
    EXPECT_EQ(reading.device, "crane-1");
    EXPECT_EQ(reading.device_time, noon);
  }
}

TEST_F(SimulatedDriverTest, WhileTheClockStandsNothingIsSaidTwice) {
  house_.start("simulated");
  ASSERT_TRUE(house_.until([&] { return house_.intake.signs_of_life.size() > 1; }));
  EXPECT_EQ(house_.intake.batches.size(), 1);
  house_.wall.stamp.at += 1s;
  ASSERT_TRUE(house_.until([&] { return house_.intake.batches.size() == 2; }));
  EXPECT_EQ(house_.intake.batches[1][0].device_time, noon + 1s);
}

TEST_F(SimulatedDriverTest, AClockThatWasNeverSetDatesNothing) {
  house_.wall.stamp.at = Instant{};
  house_.start("simulated");
  ASSERT_TRUE(house_.until([&] { return !house_.intake.signs_of_life.empty(); }));
  EXPECT_TRUE(house_.intake.batches.empty());
}

TEST_F(SimulatedDriverTest, WhatCouldNotBeStoredIsSaidAgainAndIsAWarning) {
  house_.intake.fault = Error{Fault::Full, "no room on the disk"};
  house_.start("simulated");
  ASSERT_TRUE(house_.until([&] { return house_.intake.arrived > 1; }));
  EXPECT_EQ(house_.intake.healths.back().reason, "no room on the disk");
  house_.intake.fault.reset();
  ASSERT_TRUE(house_.until([&] { return house_.intake.batches.size() == 1; }));
}

}  // namespace
}  // namespace jieding::drivers::test
