#include "gateway/domain/height_witness.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace jieding {
namespace {

constexpr PlannedHeight tower{18, 2.9};
const HeightWitness hoist{"hoist-1", Owner::Contractor, "b1", "hoist_floor", Shows::Floor, 1};
const HeightWitness crane{"crane-1", Owner::Contractor, "b1", "crane_height", Shows::Hook, 0};

Instant day(int days) {
  return Instant(std::chrono::days(20'000 + days));
}
HeightLevel level(int level, int seen, int first = 0, int last = 0) {
  return {level, seen, day(first), day(last)};
}
MilestoneKey storey(int n) {
  return {"b1", "storey_cast", n};
}
const MilestoneKey topping_out{"b1", "topping_out", 0};

TEST(HeightWitness, HoistThatStopsAtAStoreyStandsOnTheOnesBelow) {
  const auto seen = observe(hoist, tower, std::vector{level(1, 40), level(9, 3, 2, 5)});
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->level, 9);
  EXPECT_EQ(seen->storeys_low, 8);
  EXPECT_FALSE(seen->storeys_high) << "it lags: it says nothing of what stands above";
  EXPECT_EQ(seen->since, day(2));
  EXPECT_EQ(seen->last, day(5));
  EXPECT_EQ(word_on(*seen, storey(8), 18), Says::Supports);
  EXPECT_EQ(word_on(*seen, storey(9), 18), Says::Nothing);
  EXPECT_EQ(word_on(*seen, topping_out, 18), Says::Nothing);
}

TEST(HeightWitness, FloorNumbersAreAlignedToTheBuilding) {
  HeightWitness basement = hoist;
  basement.zero = 3;  // two basements are counted as well
  EXPECT_EQ(observe(basement, tower, std::vector{level(9, 3)})->storeys_low, 6);
  EXPECT_FALSE(observe(basement, tower, std::vector{level(2, 3)})->storeys_low);
}

TEST(HeightWitness, OneWildReadingConvincesNobody) {
  EXPECT_FALSE(observe(hoist, tower, {}));
  EXPECT_FALSE(observe(hoist, tower, std::vector{level(9, 2)}));
  EXPECT_EQ(observe(hoist, tower, std::vector{level(5, 9), level(14, 2)})->level, 5);
  EXPECT_EQ(observe(hoist, tower, std::vector{level(5, 9), level(13, 1), level(14, 2)})->level, 13)
      << "who was on 14 was above 13";
  EXPECT_EQ(observe(hoist, tower, std::vector{level(5, 9), level(99, 50)})->level, 5)
      << "no such storey";
}

TEST(HeightWitness, NothingStandsAboveWhatTheCraneEverReached) {
  const auto seen = observe(crane, tower, std::vector{level(3, 90, 0, 9), level(20, 4, 1, 8)});
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->storeys_low) << "a free crane hangs high over an empty pit";
  EXPECT_EQ(seen->storeys_high, 9) << "21 m are seven storeys, and two for uneven ones";
  EXPECT_EQ(word_on(*seen, storey(10), 18), Says::Contradicts);
  EXPECT_EQ(word_on(*seen, topping_out, 18), Says::Contradicts);
  EXPECT_EQ(word_on(*seen, storey(9), 18), Says::Nothing);
}

TEST(HeightWitness, CraneIsAlignedAndMustBeWatchedForAWeek) {
  EXPECT_FALSE(observe(crane, tower, std::vector{level(20, 4, 1, 7)})->storeys_high);
  HeightWitness deep = crane;
  deep.zero = 6;  // its foot stands in the pit
  EXPECT_EQ(observe(deep, tower, std::vector{level(20, 4, 1, 8)})->storeys_high, 7);
  EXPECT_FALSE(observe(crane, tower, std::vector{level(70, 4, 1, 8)})->storeys_high)
      << "above the roof it rules nothing out";
}

TEST(HeightWitness, EstimateIsHeldAgainstBoth) {
  const auto low = observe(hoist, tower, std::vector{level(9, 3)});
  EXPECT_EQ(word_on(*low, 7, 9), Says::Supports);
  EXPECT_EQ(word_on(*low, 3, 7), Says::Contradicts) << "the hoist stops where nothing stands";
  const auto high = observe(crane, tower, std::vector{level(20, 4, 1, 8)});
  EXPECT_EQ(word_on(*high, 10, 12), Says::Contradicts);
  EXPECT_EQ(word_on(*high, 8, 12), Says::Supports);
}

TEST(HeightWitness, OtherMilestonesAreNotItsBusiness) {
  const auto seen = observe(hoist, tower, std::vector{level(18, 3)});
  EXPECT_EQ(word_on(*seen, {"b1", "facade_done", 0}, 18), Says::Nothing);
  EXPECT_EQ(word_on(*seen, {"b1", "piling_done", 0}, 18), Says::Nothing);
}

}  // namespace
}  // namespace jieding
