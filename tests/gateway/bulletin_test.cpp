#include "gateway/bulletin.hpp"

#include <gtest/gtest.h>

namespace jieding {
namespace {

namespace json = boost::json;

SiteDay on(std::string_view text) {
  return day_from_text(text).value();
}

Instant noon(std::string_view day) {
  return beginning_of(on(day)) + std::chrono::hours{12};
}

sync::EstimatePoint point(std::string_view day, double storeys, bool usable = true) {
  sync::EstimatePoint point;
  point.at = noon(day);
  point.estimate.storeys = storeys;
  point.usable = usable;
  return point;
}

sync::StoredFinding finding(std::string_view raised, std::string_view due,
                            std::string_view closed = {}) {
  sync::StoredFinding stored;
  stored.finding.status = closed.empty() ? FindingStatus::Open : FindingStatus::Closed;
  stored.finding.raised = noon(raised);
  stored.finding.due = on(due);
  stored.steps.emplace_back().step.said.at = noon(closed.empty() ? raised : closed);
  return stored;
}

/// One building, one week, looked at on its last day.
class BulletinTest : public testing::Test {
 protected:
  BulletinTest() {
    config.buildings.push_back({"b1", "1号楼", 18, 2.9});
    config.project.phases = {{"p1", "一期", {"b1"}}};
  }
  json::value told() const {
    return bulletin_json(config, milestones, sources, {on("2026-11-23"), on("2026-11-29")},
                         {noon("2026-11-29"), TimeQuality::Synced});
  }
  json::value building() const { return told().at("phases").at(0).at("buildings").at(0); }

  config::Config config;
  AllMilestones milestones;
  BulletinSources sources;
};

TEST_F(BulletinTest, AWeekAndAMonthEndToday) {
  const auto of = [](web::BulletinSpan span, std::string_view today) {
    const Days days = bulletin_days({span, {}}, on(today)).value();
    return to_text(days.from) + " " + to_text(days.to);
  };
  EXPECT_EQ(of(web::BulletinSpan::Week, "2026-11-29"), "2026-11-23 2026-11-29");
  EXPECT_EQ(of(web::BulletinSpan::Month, "2026-11-29"), "2026-10-30 2026-11-29");
  EXPECT_EQ(of(web::BulletinSpan::Month, "2026-01-15"), "2025-12-16 2026-01-15");
  EXPECT_EQ(of(web::BulletinSpan::Month, "2026-03-31"), "2026-03-01 2026-03-31");
}

TEST_F(BulletinTest, ADayThatHasNotComeIsInNoPeriod) {
  const web::BulletinPeriod named{web::BulletinSpan::Named, {on("2026-11-01"), on("2026-11-30")}};
  EXPECT_TRUE(bulletin_days(named, on("2026-11-30")));
  EXPECT_FALSE(bulletin_days(named, on("2026-11-29")));
}

TEST_F(BulletinTest, ABuildingIsHeldAgainstTheDayBeforeThePeriod) {
  sources.histories["b1"] = {point("2026-11-20", 4.2), point("2026-11-22", 5.1),
                             point("2026-11-24", 6.0), point("2026-11-28", 6.4),
                             point("2026-11-29", 9.0, false)};
  EXPECT_EQ(building().at("storeys_before"), 5.1);
  EXPECT_EQ(building().at("storeys"), 6.4);
  EXPECT_EQ(building().at("change"), 1.3);
}

TEST_F(BulletinTest, WhatNoPictureShowedIsNullNotNought) {
  EXPECT_TRUE(building().at("storeys").is_null());
  sources.histories["b1"] = {point("2026-11-24", 6.0)};
  EXPECT_TRUE(building().at("storeys_before").is_null());
  EXPECT_EQ(building().at("storeys"), 6.0);
  EXPECT_TRUE(building().at("change").is_null());
}

TEST_F(BulletinTest, ABuildingIsHeldAgainstItsPlanAtTheEndOfThePeriod) {
  EXPECT_TRUE(building().at("against_plan").is_null());  // nobody wrote one down
  config.buildings[0].plan = config::Plan{on("2026-11-01"), on("2027-01-12")};  // 4 days a storey
  sources.histories["b1"] = {point("2026-11-24", 3.0), point("2026-11-29", 5.0)};
  // On the 29th, 28 days and a half on, seven are due; the sixth was on the 25th.
  EXPECT_EQ(building().at("against_plan"),
            (json::value{{"days_late", 4}, {"storeys_short", 2}, {"topped_out", false}}));
  EXPECT_EQ(building().at("plan").at("topping_out"), "2027-01-12");
  sources.histories["b1"] = {point("2026-11-29", 9.0)};
  EXPECT_EQ(building().at("against_plan"),
            (json::value{{"days_late", -7}, {"storeys_short", -2}, {"topped_out", false}}));
  sources.histories["b1"] = {point("2026-11-29", 7.0)};
  EXPECT_EQ(building().at("against_plan").at("days_late"), 0);
  config.buildings[0].plan = config::Plan{on("2026-12-01"), on("2027-02-11")};
  sources.histories["b1"] = {point("2026-11-29", 0.0)};
  EXPECT_TRUE(building().at("against_plan").is_null());  // nothing is due yet
}

TEST_F(BulletinTest, ABuildingThatToppedOutIsHeldAgainstTheDayOfItsPlan) {
  config.buildings[0].plan = config::Plan{on("2026-09-01"), on("2026-11-20")};
  sources.histories["b1"] = {point("2026-11-23", 18.0), point("2026-11-28", 18.0)};
  const auto late = [](int days) {
    return json::value{{"days_late", days}, {"storeys_short", 0}, {"topped_out", true}};
  };
  EXPECT_EQ(building().at("against_plan"), late(3));  // as the first picture of it shows
  milestones::Milestone& milestone = milestones[{"b1", "topping_out", 0}];
  milestone.status = Status::Candidate;
  milestone.at = noon("2026-11-18");
  EXPECT_EQ(building().at("against_plan"), late(-2));  // as people name it
}

TEST_F(BulletinTest, FindingsAreCountedByTheirDays) {
  sources.findings = {finding("2026-11-24", "2026-12-08"), finding("2026-11-01", "2026-11-15"),
                      finding("2026-11-02", "2026-11-16", "2026-11-25"),
                      finding("2026-10-02", "2026-10-16", "2026-10-20")};
  const json::value found = told().at("findings");
  EXPECT_EQ(found.at("raised"), 1);
  EXPECT_EQ(found.at("closed"), 1);
  EXPECT_EQ(found.at("open"), 2);
  EXPECT_EQ(found.at("overdue"), 1);
  EXPECT_EQ(found.at("list").as_array().size(), 3U);
}

TEST_F(BulletinTest, MilestonesOfThePeriodAreToldWithWhoSpoke) {
  const auto say = [&](std::string kind, std::string_view day, std::string_view said) {
    milestones::Milestone& milestone = milestones[{"b1", kind, 0}];
    milestone.key = {"b1", kind, 0};
    milestone.status = Status::Candidate;
    milestone.at = noon(day);
    milestones::Statement& statement = milestone.statements.emplace_back();
    statement.owner = Owner::Contractor;
    statement.said.at = noon(said);
  };
  say("piling_done", "2026-10-01", "2026-10-02");
  say("base_slab", "2026-10-01", "2026-11-23");
  say("zero_level", "2026-11-28", "2026-11-28");
  const json::value all = told();
  const json::array& found = all.at("milestones").as_array();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].at("milestone"), "base_slab");
  EXPECT_EQ(found[0].at("owners"), json::value({"contractor"}));
  EXPECT_EQ(found[1].at("milestone"), "zero_level");
}

TEST_F(BulletinTest, AnAlertThatIsOverIsToldInItsOwnPeriodOnly) {
  sync::OpenAlert alert{{"limit", "dust-1", "pm10"}, noon("2026-11-24"), 5, {}};
  sources.alerts = {alert};
  sources.past_alerts = {alert, alert};
  sources.past_alerts[1].raised = noon("2026-11-30");
  const json::value all = told();
  const json::array& alerts = all.at("alerts").as_array();
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].at("stands"), true);
  EXPECT_EQ(alerts[1].at("stands"), false);
}

TEST_F(BulletinTest, WithoutAPolicyNoDeadlineIsClaimed) {
  EXPECT_TRUE(told().at("policy").is_null());
  EXPECT_TRUE(told().at("deadlines").is_null());
}

}  // namespace
}  // namespace jieding
