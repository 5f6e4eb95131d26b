#include "gateway/policy/chain.hpp"

#include <gtest/gtest.h>

#include "tests/policy/policy_site.hpp"

namespace jieding::policy {
namespace {

class FiveYears : public testing::Test {
 protected:
  FiveYears() {
    policy.rules = {deadline_rule("R3", "agreement_signed", {60, 0}, "return_complete"),
                    deadline_rule("R5", "agreement_signed", {12, 0}, "construction_start"),
                    deadline_rule("R7", "construction_start", {36, 0}, "completion_filing"),
                    deadline_rule("R14", "completion_filing", {12, 0}, "return_complete")};
    policy.chains = {{"all", {}, "R3", {"R5", "R7", "R14"}}};
  }
  void reach(const char* milestone, const char* day) {
    dates.set("p1", milestone, {on(day), Status::Confirmed});
  }
  ChainState look(std::string_view today) { return chains(policy, dates, on(today)).front(); }

  Project project = two_phases();
  Dates dates{project};
  Policy policy;
};

TEST_F(FiveYears, OneAndThreeAndOneLeaveNothingOfFive) {
  reach("agreement_signed", "2022-05-20");
  const ChainState chain = look("2022-06-01");
  EXPECT_EQ(chain.steps[0].by, on("2023-05-20"));
  EXPECT_EQ(chain.steps[1].by, on("2026-05-20"));
  EXPECT_EQ(chain.steps[2].by, on("2027-05-20"));
  EXPECT_EQ(chain.limit, on("2027-05-20"));
  EXPECT_EQ(chain.slack, 0);
  EXPECT_EQ(chain.slack_of_policy, 0);
}

TEST_F(FiveYears, WhatAStepSavesIsLeftForTheOthers) {
  reach("agreement_signed", "2022-05-20");
  reach("construction_start", "2023-04-20");
  EXPECT_EQ(look("2023-05-01").slack, 30);
  EXPECT_TRUE(look("2023-05-01").steps[0].done);
}

TEST_F(FiveYears, AStepThatIsOverdueEatsTheWholeDayByDay) {
  reach("agreement_signed", "2022-05-20");
  EXPECT_EQ(look("2023-05-20").slack, 0);
  EXPECT_EQ(look("2023-05-21").slack, -1);
  EXPECT_EQ(look("2023-06-20").slack, -31);
  EXPECT_EQ(look("2023-06-20").slack_of_policy, 0) << "that stays as it was";
}

TEST_F(FiveYears, WithoutTheFirstDayTheWholeIsUnknown) {
  reach("construction_start", "2023-04-20");
  const ChainState chain = look("2024-01-01");
  EXPECT_FALSE(chain.slack);
  EXPECT_EQ(chain.missing.at(0).milestone, "agreement_signed");
  EXPECT_EQ(chain.steps[1].by, on("2026-04-20")) << "what can be told is told";
}

}  // namespace
}  // namespace jieding::policy
