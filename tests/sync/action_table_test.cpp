#include "sync/action_table.hpp"

#include <boost/json/parse.hpp>

#include "sync/store.hpp"
#include "tests/sync/fixture.hpp"
#include "tests/sync/loop.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;
using test::synced;

constexpr int day = 24 * 60;  // minutes

/// A phase of two buildings, and the rule that preparing the return begins when it is topped out.
Policy prepare_at_topping_out() {
  Rule rule;
  rule.id = "R13";
  rule.form = RuleForm::Deadline;
  rule.anchor = "topping_out";
  rule.target = "return_preparation";
  rule.period = {1, 0};
  rule.starts_action = true;
  Policy policy;
  policy.id = "city";
  policy.rules = {rule};
  return policy;
}

class ActionTest : public ::testing::Test {
 protected:
  ActionTest() {
    options_.state = folder_.path() / "state";
    options_.site = "hz-demo";
    options_.gateway = "gw1";
    options_.keep_free_mb = 0;
    options_.policy = prepare_at_topping_out();
    options_.project.id = "estate";
    options_.project.phases = {{"p1", "", {"b1", "b2"}}};
    open();
  }
  void open() {
    store_.reset();
    store_ = good(Store::open(loop_.executor(), options_));
  }
  void say(const std::string& building, Act act, Owner owner, const std::string& by, int at) {
    milestones::Statement said = test::topping_out(act, owner, by, minute(at));
    said.milestone.building = building;
    good(loop_.run<Recorded>(store_->statement(said, {})));
  }
  void confirm(const std::string& building, int at) {
    say(building, Act::Claim, Owner::Contractor, "hoist", at);
    say(building, Act::Confirm, Owner::Group, "sha256:12", at);
  }
  /// The newest event's, parsed.
  boost::json::object newest() {
    const auto size = store_->checkpoint().size;
    const auto leaves = good(loop_.run<std::vector<std::string>>(store_->events(size - 1, 1)));
    return boost::json::parse(leaves.at(0)).as_object();
  }
  std::uint64_t size() const { return store_->checkpoint().size; }
  std::vector<StoredAction> actions() {
    return good(loop_.run<std::vector<StoredAction>>(store_->actions()));
  }
  std::size_t catch_up() {
    return good(loop_.run<std::size_t>(store_->catch_up_actions(synced(minute(90 * day)))));
  }

  test::TempFolder folder_;
  test::Loop loop_;
  Store::Options options_;
  std::unique_ptr<Store> store_;
};

TEST_F(ActionTest, TheLastBuildingsToppingOutStartsItOnce) {
  confirm("b1", 0);
  EXPECT_EQ(newest().at("type").as_string(), "milestone") << "the other building is not there yet";
  EXPECT_TRUE(actions().empty());
  confirm("b2", 2 * day);
  const auto leaf = newest();
  EXPECT_EQ(leaf.at("type").as_string(), "action");
  const auto& data = leaf.at("data").as_object();
  EXPECT_EQ(data.at("act").as_string(), "start");
  EXPECT_EQ(data.at("action").as_string(), "return_preparation");
  EXPECT_EQ(data.at("subject").as_string(), "p1");
  EXPECT_EQ(data.at("since").as_string(), "2024-11-10");
  EXPECT_EQ(data.at("due").as_string(), "2024-12-10");
  const auto before = size();
  say("b2", Act::Confirm, Owner::Group, "sha256:99", 3 * day);
  EXPECT_EQ(size(), before + 1) << "a second confirmation starts nothing again";
  ASSERT_EQ(actions().size(), 1U);
  EXPECT_TRUE(actions()[0].stands);
}

TEST_F(ActionTest, ADisputeWithdrawsItAndAnotherConfirmationStartsItAnew) {
  confirm("b1", 0);
  confirm("b2", 0);
  const auto started = actions().at(0).started;
  say("b1", Act::Dispute, Owner::Group, "sha256:12", day);
  auto data = newest().at("data").as_object();
  EXPECT_EQ(data.at("act").as_string(), "withdraw");
  EXPECT_EQ(data.at("started").to_number<std::uint64_t>(), started);
  EXPECT_FALSE(actions().at(0).stands);
  say("b1", Act::Confirm, Owner::Group, "sha256:12", 2 * day);
  data = newest().at("data").as_object();
  EXPECT_EQ(data.at("act").as_string(), "start");
  EXPECT_FALSE(data.contains("started"));
  EXPECT_TRUE(actions().at(0).stands);
  EXPECT_GT(actions().at(0).started, started);
}

TEST_F(ActionTest, AnotherPeriodCorrectsTheDayInAnEventOfItsOwn) {
  confirm("b1", 0);
  confirm("b2", 0);
  const auto started = actions().at(0).started;
  options_.policy->rules[0].period = {2, 0};
  open();
  EXPECT_EQ(catch_up(), 1U);
  const auto data = newest().at("data").as_object();
  EXPECT_EQ(data.at("act").as_string(), "correct");
  EXPECT_EQ(data.at("due").as_string(), "2025-01-08");
  EXPECT_EQ(data.at("started").to_number<std::uint64_t>(), started);
}

TEST_F(ActionTest, WhatAnOlderProgramConfirmedIsStartedOnceAtAStart) {
  options_.policy.reset();
  open();
  confirm("b1", 0);
  confirm("b2", 0);
  EXPECT_TRUE(actions().empty());
  options_.policy = prepare_at_topping_out();
  open();
  EXPECT_EQ(catch_up(), 1U);
  const auto after = size();
  EXPECT_EQ(catch_up(), 0U);
  open();
  EXPECT_EQ(catch_up(), 0U);
  EXPECT_EQ(size(), after);
}

TEST_F(ActionTest, ARuleThatIsGoneTakesNothingBack) {
  confirm("b1", 0);
  confirm("b2", 0);
  options_.policy->rules.clear();
  open();
  EXPECT_EQ(catch_up(), 0U);
  EXPECT_TRUE(actions().at(0).stands);
}

TEST_F(ActionTest, TheTableIsRebuiltFromLeavesAlone) {
  confirm("b1", 0);
  confirm("b2", 0);
  say("b1", Act::Dispute, Owner::Group, "sha256:12", day);
  const auto before = actions();
  store_.reset();
  auto database = good(Database::open({options_.state / "jieding.db", {}, true}));
  good(database->run("update action set stands = 1, since = 'x', started = 7"));
  good(action_table::rebuild(*database));
  const auto after = good(action_table::all(*database));
  ASSERT_EQ(after.size(), before.size());
  EXPECT_EQ(after[0].stands, before[0].stands);
  EXPECT_EQ(after[0].since, before[0].since);
  EXPECT_EQ(after[0].due, before[0].due);
  EXPECT_EQ(after[0].started, before[0].started);
  EXPECT_EQ(after[0].ledger_index, before[0].ledger_index);
  EXPECT_EQ(after[0].updated, before[0].updated);
}

}  // namespace
}  // namespace jieding::sync
