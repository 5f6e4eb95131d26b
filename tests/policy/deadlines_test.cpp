#include "gateway/policy/deadlines.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/policy/policy_site.hpp"

namespace jieding::policy {
namespace {

class Clocks : public testing::Test {
 protected:
  void reach(const char* subject, const char* milestone, const char* day,
             Status status = Status::Confirmed) {
    dates.set(subject, milestone, {on(day), status});
  }
  Deadline look(std::string_view today, const std::string& subject = "p1") {
    for (const Deadline& one : deadlines(policy, dates, on(today)))
      if (one.subject == subject) return one;
    ADD_FAILURE() << "no deadline for " << subject;
    return {};
  }
  Standing standing(std::string_view today) { return look(today).standing; }

  Project project = two_phases();
  Dates dates{project};
  Policy policy = [] {
    Policy made;
    made.rules = {deadline_rule("R7", "construction_start", {36, 0}, "completion_filing")};
    return made;
  }();
};

TEST_F(Clocks, TheLastDayIsInTimeAndTheNextIsLate) {
  reach("p1", "construction_start", "2022-05-20");
  EXPECT_EQ(standing("2025-02-18"), Standing::Ok);
  EXPECT_EQ(standing("2025-02-19"), Standing::DueSoon) << "ninety days before";
  EXPECT_EQ(standing("2025-05-20"), Standing::DueSoon);
  EXPECT_EQ(look("2025-05-20").days_left, 0);
  EXPECT_EQ(standing("2025-05-21"), Standing::Overdue);
  EXPECT_EQ(look("2025-05-23").days_left, -3);
}

TEST_F(Clocks, WhatIsDoneStaysInTimeOrLate) {
  reach("p1", "construction_start", "2022-05-20");
  reach("p1", "completion_filing", "2025-05-20");
  EXPECT_EQ(standing("2030-01-01"), Standing::DoneInTime);
  reach("p1", "completion_filing", "2025-05-21");
  EXPECT_EQ(standing("2030-01-01"), Standing::DoneLate);
  EXPECT_EQ(look("2030-01-01").days_left, -1);
}

TEST_F(Clocks, AMissingAnchorIsUnknownNeverOk) {
  const Deadline clock = look("2025-01-01");
  EXPECT_EQ(clock.standing, Standing::Unknown);
  EXPECT_FALSE(clock.due);
  ASSERT_EQ(clock.missing.size(), 1u);
  EXPECT_EQ(clock.missing[0].subject, "p1");
  EXPECT_EQ(clock.missing[0].milestone, "construction_start");
  EXPECT_EQ(clock.missing[0].status, Status::None);
}

TEST_F(Clocks, AFilingWithoutAStartIsUnknown) {
  reach("p1", "completion_filing", "2025-05-20");
  EXPECT_EQ(standing("2025-06-01"), Standing::Unknown);
}

TEST_F(Clocks, AnAnchorThatNobodyConfirmedShowsADayButDoesNotCount) {
  for (const Status status :
       {Status::Candidate, Status::Corroborated, Status::Recorded, Status::Disputed}) {
    reach("p1", "construction_start", "2022-05-20", status);
    const Deadline clock = look("2030-01-01");
    EXPECT_EQ(clock.standing, Standing::Unknown);
    EXPECT_TRUE(clock.provisional());
    EXPECT_EQ(clock.due, on("2025-05-20"));
    EXPECT_EQ(clock.missing.at(0).status, status);
  }
}

TEST_F(Clocks, ATargetThatNobodyConfirmedDoesNotStopTheClock) {
  reach("p1", "construction_start", "2022-05-20");
  reach("p1", "completion_filing", "2025-01-01", Status::Recorded);
  EXPECT_EQ(standing("2025-06-01"), Standing::Overdue);
  EXPECT_EQ(look("2025-06-01").done->status, Status::Recorded);
}

TEST_F(Clocks, AWithdrawnMilestoneIsMissing) {
  reach("p1", "construction_start", "2022-05-20", Status::Withdrawn);
  EXPECT_EQ(look("2025-01-01").missing.at(0).status, Status::None);
  EXPECT_FALSE(look("2025-01-01").due);
}

TEST_F(Clocks, ACorrectedAnchorMovesTheDueDay) {
  reach("p1", "construction_start", "2022-05-20");
  reach("p1", "construction_start", "2022-06-30");
  EXPECT_EQ(look("2025-06-01").due, on("2025-06-30"));
}

TEST_F(Clocks, APhaseBeginsWithItsFirstBuilding) {
  reach("b1", "construction_start", "2022-05-20");
  reach("b2", "construction_start", "2022-03-01");
  EXPECT_EQ(look("2023-01-01").due, on("2025-03-01"));
  reach("b2", "construction_start", "2022-03-01", Status::Candidate);
  EXPECT_EQ(look("2023-01-01").due, on("2025-05-20")) << "a guess does not stop the clock";
}

TEST_F(Clocks, APhaseToppedOutWhenItsLastBuildingDid) {
  policy.rules = {deadline_rule("R13", "topping_out", {1, 0}, "return_preparation")};
  reach("b1", "topping_out", "2024-11-08");
  EXPECT_EQ(standing("2024-12-01"), Standing::Unknown);
  ASSERT_EQ(look("2024-12-01").missing.size(), 1u);
  EXPECT_EQ(look("2024-12-01").missing[0].subject, "b2");
  reach("b2", "topping_out", "2025-01-31");
  EXPECT_EQ(look("2025-02-01").due, on("2025-02-28"));
}

TEST_F(Clocks, WhatIsRecordedForTheProjectHoldsForEachPhase) {
  policy.rules = {deadline_rule("R5", "agreement_signed", {12, 0}, "construction_start")};
  reach("estate", "agreement_signed", "2024-02-29");
  EXPECT_EQ(look("2024-06-01", "p1").due, on("2025-02-28"));
  EXPECT_EQ(look("2024-06-01", "p2").due, on("2025-02-28"));
}

TEST_F(Clocks, TheProjectIsFiledWithItsLastPhase) {
  policy.rules[0].scope = Scope::Project;
  reach("p1", "construction_start", "2022-05-20");
  reach("p2", "construction_start", "2023-05-20");
  reach("p1", "completion_filing", "2025-01-01");
  EXPECT_EQ(look("2025-05-21", "estate").standing, Standing::Overdue);
  reach("p2", "completion_filing", "2025-05-20");
  EXPECT_EQ(look("2026-01-01", "estate").standing, Standing::DoneInTime);
}

TEST_F(Clocks, ARuleThatDoesNotConcernTheProjectIsSaidToBeSo) {
  policy.rules[0].siting = Siting::NewSite;
  EXPECT_EQ(standing("2025-01-01"), Standing::NotApplicable);
}

TEST_F(Clocks, AFixedDayConcernsOnlyWhatLiesBefore) {
  Rule rule;
  rule.form = RuleForm::Date;
  rule.scope = Scope::Project;
  rule.when = RuleCondition{"demolition_start", on("2020-01-01")};
  rule.target = "return_complete";
  rule.due = on("2024-12-31");
  policy.rules = {rule};
  EXPECT_EQ(look("2024-01-01", "estate").standing, Standing::Unknown);
  reach("estate", "demolition_start", "2020-01-01");
  EXPECT_EQ(look("2024-01-01", "estate").standing, Standing::NotApplicable);
  reach("estate", "demolition_start", "2019-12-31");
  EXPECT_EQ(look("2024-01-01", "estate").standing, Standing::Ok);
  EXPECT_EQ(look("2025-01-01", "estate").standing, Standing::Overdue);
}

TEST_F(Clocks, AGateIsShutUntilWhatComesFirstIsThere) {
  Rule rule = deadline_rule("R6", "new_plot_cleared", {}, "demolition_start");
  rule.form = RuleForm::Gate;
  policy.rules = {rule};
  EXPECT_EQ(standing("2024-01-01"), Standing::Shut);
  reach("p1", "demolition_start", "2024-03-01");
  EXPECT_EQ(standing("2024-03-02"), Standing::Overdue) << "passed while shut";
  reach("p1", "new_plot_cleared", "2024-03-02");
  EXPECT_EQ(standing("2024-03-03"), Standing::DoneLate);
  reach("p1", "new_plot_cleared", "2024-03-01");
  EXPECT_EQ(standing("2024-03-03"), Standing::DoneInTime);
}

TEST_F(Clocks, FacilitiesMustBeReadyOnTheDayOfTheFiling) {
  Rule rule;
  rule.form = RuleForm::Facilities;
  rule.facilities = {"road", "gas"};
  rule.target = "completion_filing";
  policy.rules.push_back(rule);
  project.facilities = {{"east-road", "东路", "road", "p1"}};
  const auto facilities = [&](std::string_view today) {
    std::vector<Deadline> found;
    for (const Deadline& one : deadlines(policy, dates, on(today)))
      if (one.subject == "p1" && !one.facility.empty()) found.push_back(one);
    return found;
  };
  ASSERT_EQ(facilities("2025-01-01").size(), 2u);
  EXPECT_EQ(facilities("2025-01-01")[0].standing, Standing::Unknown);
  EXPECT_EQ(facilities("2025-01-01")[1].standing, Standing::Unknown) << "no gas is configured";
  EXPECT_EQ(facilities("2025-01-01")[1].facility, "gas");

  reach("p1", "construction_start", "2022-05-20");
  EXPECT_EQ(facilities("2025-05-01")[0].due, on("2025-05-20")) << "when the filing is due";
  EXPECT_EQ(facilities("2025-06-01")[0].standing, Standing::DueSoon)
      << "the filing is late, not it";

  reach("p1", "completion_filing", "2025-05-10");
  EXPECT_EQ(facilities("2025-05-11")[0].standing, Standing::Overdue);
  reach("east-road", "facility_ready", "2025-05-11");
  EXPECT_EQ(facilities("2025-06-01")[0].standing, Standing::DoneLate);
  reach("east-road", "facility_ready", "2025-05-10");
  EXPECT_EQ(facilities("2025-06-01")[0].standing, Standing::DoneInTime);
}

TEST_F(Clocks, FacilitiesOfTheHandoverAreNeededWhenTheReturnMustBeComplete) {
  Rule rule;
  rule.form = RuleForm::Facilities;
  rule.facilities = {"school"};
  rule.target = "handover";
  rule.latest = "return_complete";
  policy.rules.push_back(deadline_rule("R14", "completion_filing", {12, 0}, "return_complete"));
  policy.rules.push_back(rule);
  project.facilities = {{"school-1", "小学", "school", "p1"}};
  const auto school = [&] {
    for (const Deadline& one : deadlines(policy, dates, on("2023-01-01")))
      if (one.facility == "school-1") return one;
    return Deadline{};
  };
  EXPECT_EQ(school().standing, Standing::Unknown) << "nothing is confirmed that it could run from";
  reach("p1", "construction_start", "2022-05-20");
  EXPECT_EQ(school().due, on("2026-05-20")) << "three years to the filing, one more to the return";
  EXPECT_EQ(school().standing, Standing::Ok);
  reach("p1", "completion_filing", "2024-05-01");
  EXPECT_EQ(school().due, on("2025-05-01")) << "filed early, wanted early";
  reach("p1", "handover", "2022-12-01");
  EXPECT_EQ(school().standing, Standing::Overdue) << "handed over without it";
}

TEST_F(Clocks, RulesThatWaitForEachOtherEnd) {
  policy.rules = {deadline_rule("A", "handover", {1, 0}, "return_complete"),
                  deadline_rule("B", "return_complete", {1, 0}, "handover")};
  Rule rule;
  rule.form = RuleForm::Facilities;
  rule.facilities = {"school"};
  rule.target = "handover";
  policy.rules.push_back(rule);
  project.facilities = {{"school-1", "小学", "school", "p1"}};
  const auto all = deadlines(policy, dates, on("2023-01-01"));
  EXPECT_TRUE(std::all_of(all.begin(), all.end(), [](const Deadline& one) {
    return one.facility.empty() || one.standing == Standing::Unknown;
  }));
}

TEST_F(Clocks, HolidaysMoveTheLastDayOnlyWhereThePolicySaysSo) {
  policy.holidays = {on("2025-10-01"), on("2025-10-02"), on("2025-10-03")};
  reach("p1", "construction_start", "2022-10-01");
  EXPECT_EQ(look("2025-01-01").due, on("2025-10-01"));
  policy.roll_over_holidays = true;
  EXPECT_EQ(look("2025-01-01").due, on("2025-10-04"));
}

Households counted(const char* subject, const char* day, int awaiting_return, int housed,
                   int awaiting_registration) {
  return {subject, on(day), awaiting_return, housed, awaiting_registration, {}};
}

TEST_F(Clocks, ReturnIsNotCompleteWhileHouseholdsWait) {
  policy.rules = {deadline_rule("R14", "completion_filing", {12, 0}, "return_complete")};
  policy.rules[0].waiting = Waiting::Return;
  reach("p1", "completion_filing", "2025-01-10");
  reach("p1", "return_complete", "2025-06-01");
  EXPECT_EQ(standing("2025-06-02"), Standing::DoneInTime);
  dates.count(counted("p1", "2025-06-10", 3, 117, 40));
  EXPECT_TRUE(look("2025-06-11").contradicted());
  EXPECT_EQ(standing("2025-06-11"), Standing::Ok) << "the clock runs on";
  EXPECT_EQ(standing("2026-01-11"), Standing::Overdue);
  dates.count(counted("p1", "2025-07-01", 0, 120, 43));
  EXPECT_EQ(standing("2026-01-11"), Standing::DoneInTime);
}

TEST_F(Clocks, ACountFromBeforeTheDaySaysNothingAgainstIt) {
  policy.rules = {deadline_rule("R14", "completion_filing", {12, 0}, "return_complete")};
  policy.rules[0].waiting = Waiting::Return;
  reach("p1", "completion_filing", "2025-01-10");
  dates.count(counted("p1", "2025-05-31", 30, 90, 0));
  reach("p1", "return_complete", "2025-06-01");
  EXPECT_EQ(standing("2025-06-11"), Standing::DoneInTime);
}

TEST_F(Clocks, RegistrationIsUnknownUntilSomebodyCounts) {
  Rule rule;
  rule.id = "R18";
  rule.form = RuleForm::Households;
  rule.target = "transfer_registration";
  rule.waiting = Waiting::Registration;
  policy.rules = {rule};
  EXPECT_EQ(standing("2025-06-11"), Standing::Unknown);
  dates.count(counted("p1", "2025-06-10", 0, 120, 7));
  EXPECT_EQ(standing("2025-06-11"), Standing::Remaining);
  dates.count(counted("p1", "2025-07-10", 0, 120, 0));
  EXPECT_EQ(standing("2025-07-11"), Standing::DoneInTime);
  dates.count(counted("p2", "2025-07-10", 80, 0, 0));
  EXPECT_EQ(look("2025-07-11", "p2").standing, Standing::Ok) << "nobody is housed, nobody can wait";
}

TEST_F(Clocks, TheProjectsHouseholdsAreTheSumOfItsPhasesWhereAllAreCounted) {
  dates.count(counted("p1", "2025-06-10", 3, 117, 40));
  EXPECT_FALSE(dates.households("estate"));
  dates.count(counted("p2", "2025-06-01", 80, 0, 0));
  const auto sum = dates.households("estate");
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->awaiting_return, 83);
  EXPECT_EQ(jieding::to_text(sum->counted), "2025-06-01") << "as of the oldest";
  dates.count(counted("estate", "2025-06-05", 90, 117, 40));
  EXPECT_EQ(dates.households("estate")->awaiting_return, 90) << "its own count is newer";
}

}  // namespace
}  // namespace jieding::policy
