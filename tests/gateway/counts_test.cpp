#include "gateway/milestones/counts.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace jieding::milestones {
namespace {

Instant day(int n) {
  return Instant(std::chrono::days(20000 + n));
}

std::map<MilestoneKey, Milestone> one(const char* kind, int storey, Status status, Instant at) {
  Milestone milestone;
  milestone.key = {"b1", kind, storey};
  milestone.status = status;
  milestone.at = at;
  milestone.statements.emplace_back().ledger_index = 7;
  return {{milestone.key, milestone}};
}

const std::vector<std::string> b1{"b1"};

TEST(Counts, FreshlyConfirmedStoreyIsACount) {
  const auto milestones = one("storey_cast", 5, Status::Confirmed, day(0));
  EXPECT_EQ(counts_at(milestones, b1, day(1)), (std::vector<ConfirmedCount>{{"b1", 5, 7}}));
}

TEST(Counts, WhatNobodyConfirmedTeachesNothing) {
  EXPECT_TRUE(counts_at(one("storey_cast", 5, Status::Corroborated, day(0)), b1, day(1)).empty());
}

TEST(Counts, OldConfirmationSaysNothingOfTodaysPicture) {
  const auto milestones = one("storey_cast", 5, Status::Confirmed, day(0));
  EXPECT_TRUE(counts_at(milestones, b1, day(4)).empty());
  EXPECT_TRUE(counts_at(milestones, b1, day(-1)).empty()) << "nor of an earlier one";
}

TEST(Counts, OtherBuildingsAndMilestonesAreNoCount) {
  const std::vector<std::string> b2{"b2"};
  EXPECT_TRUE(counts_at(one("storey_cast", 5, Status::Confirmed, day(0)), b2, day(1)).empty());
  EXPECT_TRUE(counts_at(one("topping_out", 0, Status::Confirmed, day(0)), b1, day(1)).empty());
}

}  // namespace
}  // namespace jieding::milestones
