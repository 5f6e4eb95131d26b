#include "gateway/milestones/order.hpp"

#include <gtest/gtest.h>

#include "gateway/domain/calendar.hpp"
#include "gateway/domain/refusal.hpp"

namespace jieding::milestones {
namespace {

Instant on(std::string_view day) {
  return beginning_of(day_from_text(day).value());
}

Statement told(Act act, const char* kind, const char* day) {
  Statement statement;
  statement.milestone = {"p1", kind, 0};
  statement.act = act;
  statement.named_at = on(day);
  return statement;
}

class Order : public testing::Test {
 protected:
  void know(const char* subject, const char* kind, const char* day) {
    known.push_back({{subject, kind, 0}, on(day)});
  }
  Result<void> check(const Statement& statement) {
    return check_order(statement, known, buildings);
  }
  std::vector<Neighbour> known;
  std::vector<std::string> buildings{"b1", "b2"};
};

TEST_F(Order, NothingIsFiledBeforeItHasToppedOut) {
  const Statement filing = told(Act::Record, "completion_filing", "2025-05-20");
  know("b1", "topping_out", "2024-11-08");
  const auto refused = check(filing);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), Fault::Conflict);
  EXPECT_EQ(refused.error().code(), refusal::not_topped_out);
  EXPECT_NE(refused.error().text().find("topping_out of b2"), std::string::npos);
  know("b2", "topping_out", "2025-01-31");
  EXPECT_TRUE(check(filing));
}

TEST_F(Order, TheSameDayIsNoContradiction) {
  know("b1", "topping_out", "2024-11-08");
  know("b2", "topping_out", "2025-01-31");
  EXPECT_TRUE(check(told(Act::Record, "acceptance", "2025-01-31")));
  const auto refused = check(told(Act::Record, "acceptance", "2025-01-30"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text(),
            "acceptance of p1 on 2025-01-30 lies before topping_out of b2 on 2025-01-31; correct "
            "the day, or have the other put right");
}

TEST_F(Order, WhatIsRecordedLateMustFitToWhatFollowed) {
  know("p1", "completion_filing", "2025-05-20");
  EXPECT_TRUE(check(told(Act::Record, "construction_start", "2022-05-20")));
  EXPECT_EQ(check(told(Act::Record, "construction_start", "2025-05-21")).error().code(),
            refusal::out_of_order);
}

TEST_F(Order, AClaimMustFitAsWell) {
  know("p1", "completion_filing", "2025-05-20");
  EXPECT_FALSE(check(told(Act::Claim, "topping_out", "2025-06-01")));
}

TEST_F(Order, CamerasSayWhatTheySee) {
  know("p1", "completion_filing", "2025-05-20");
  EXPECT_TRUE(check(told(Act::Propose, "topping_out", "2025-06-01")));
}

TEST_F(Order, WhatIsForbiddenMayStillHaveHappened) {
  know("p1", "demolition_start", "2024-01-01");
  EXPECT_TRUE(check(told(Act::Record, "plan_complete", "2024-03-01"))) << "the policy shows it";
}

}  // namespace
}  // namespace jieding::milestones
