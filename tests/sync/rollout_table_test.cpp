#include "sync/rollout_table.hpp"

#include "sync/firmware_table.hpp"
#include "sync/rollout_orders.hpp"
#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;
using test::synced;

const Firmware wind{std::string(64, 'a'), "1.4.0", 17};

class RolloutTableTest : public ::testing::Test {
 protected:
  Rollout start(std::vector<std::string> nodes, Firmware image = wind) {
    return good(rollout_table::start(
        *database_, ledger_,
        {std::move(image), std::move(nodes), Owner::Operator, "sha256:12", synced(minute(at_++))}));
  }
  Result<Rollout> step(const std::string& node, NodeStep step, const std::string& reason = "") {
    const auto now = good(rollout_table::newest(*database_));
    return rollout_table::step(*database_, ledger_,
                               {now->id, node, step, reason, synced(minute(at_++))});
  }
  Result<Rollout> stop() {
    return rollout_table::stop(*database_, ledger_,
                               {Owner::Operator, "sha256:12", synced(minute(at_++))});
  }
  void confirm(const std::string& node) {
    good(step(node, NodeStep::Begun));
    good(step(node, NodeStep::Confirmed));
  }
  std::string dump() {
    const auto now = good(rollout_table::newest(*database_));
    std::string text = std::to_string(now->id) + " " + now->image.version + " " +
                       std::string(to_text(now->status)) + " " + to_rfc3339(now->updated) + "\n";
    for (const NodeProgress& node : now->nodes)
      text += node.node + " " + std::string(node.step ? to_text(*node.step) : "-") + " " +
              node.reason + " " + to_rfc3339(node.at) + "\n";
    for (const NodeFirmware& node : good(rollout_table::node_firmware(*database_)))
      text += node.node + " " + node.image.version + "\n";
    return text;
  }

  int at_ = 0;
  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  Ledger ledger_{"hz-demo", "gw1", Signer::from_seed("jieding/hz-demo/gw1", {}).value()};
};

TEST_F(RolloutTableTest, ASecondRolloutIsRefusedWhileOneRuns) {
  start({"n1"});
  const auto second =
      rollout_table::start(*database_, ledger_, {wind, {"n2"}, Owner::Platform, "platform", {}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind(), Fault::Conflict);
  confirm("n1");
  start({"n2"});
}

TEST_F(RolloutTableTest, OneNodeIsDoneBeforeTheNextBegins) {
  start({"n1", "n2"});
  EXPECT_FALSE(step("n2", NodeStep::Begun));
  confirm("n1");
  EXPECT_EQ(good(step("n2", NodeStep::Begun)).status, RolloutStatus::Running);
  EXPECT_EQ(good(step("n2", NodeStep::Confirmed)).status, RolloutStatus::Done);
}

TEST_F(RolloutTableTest, ANodeGoesForwardsOnly) {
  start({"n1"});
  EXPECT_FALSE(step("n1", NodeStep::Sent)) << "it has not begun";
  good(step("n1", NodeStep::Begun));
  good(step("n1", NodeStep::Marked));
  EXPECT_FALSE(step("n1", NodeStep::Sent));
  EXPECT_FALSE(step("n1", NodeStep::Marked));
}

TEST_F(RolloutTableTest, ItStopsAtTheFirstThatFails) {
  start({"n1", "n2"});
  good(step("n1", NodeStep::Begun));
  const auto after = good(step("n1", NodeStep::Failed, "the node is silent"));
  EXPECT_EQ(after.status, RolloutStatus::Stopped);
  EXPECT_EQ(after.node("n1")->reason, "the node is silent");
  EXPECT_FALSE(step("n2", NodeStep::Begun));
}

TEST_F(RolloutTableTest, StoppedInTheMiddleItEndsTheNodeInHandFirst) {
  start({"n1", "n2"});
  good(step("n1", NodeStep::Begun));
  EXPECT_EQ(good(stop()).status, RolloutStatus::Stopping);
  EXPECT_EQ(good(step("n1", NodeStep::Confirmed)).status, RolloutStatus::Stopped);
  EXPECT_FALSE(step("n2", NodeStep::Begun));
  EXPECT_FALSE(stop()) << "nothing runs";
}

TEST_F(RolloutTableTest, StoppedBetweenNodesItIsOverAtOnce) {
  start({"n1", "n2"});
  confirm("n1");
  EXPECT_EQ(good(stop()).status, RolloutStatus::Stopped);
}

TEST_F(RolloutTableTest, TheHighestCounterOfANodeIsThatOfWhatItConfirmed) {
  EXPECT_FALSE(good(rollout_table::counter_of(*database_, "n1")));
  start({"n1", "n2"});
  confirm("n1");
  good(step("n2", NodeStep::Begun));
  good(step("n2", NodeStep::Failed, "silent"));
  EXPECT_EQ(good(rollout_table::counter_of(*database_, "n1")), 17U);
  EXPECT_FALSE(good(rollout_table::counter_of(*database_, "n2")));
}

TEST_F(RolloutTableTest, TheTablesAreRebuiltFromLeavesAlone) {
  start({"n1", "n2"});
  confirm("n1");
  good(step("n2", NodeStep::Begun));
  good(step("n2", NodeStep::Sent));
  good(stop());
  good(step("n2", NodeStep::Failed, "stopped"));
  const std::string before = dump();
  ASSERT_TRUE(database_->run("update rollout set status = 'running', version = '9'"));
  ASSERT_TRUE(database_->run("delete from rollout_node where nth = 0"));
  good(rollout_table::rebuild(*database_));
  EXPECT_EQ(dump(), before);
}

TEST_F(RolloutTableTest, WhetherAnOlderVersionMayComeIsInTheRecord) {
  start({"n1"});
  EXPECT_FALSE(good(rollout_table::newest(*database_))->allow_older);
  confirm("n1");
  RolloutStart wish{wind, {"n1"}, Owner::Operator, "sha256:12", synced(minute(at_++)), true};
  EXPECT_TRUE(good(rollout_table::start(*database_, ledger_, wish)).allow_older);
  good(rollout_table::rebuild(*database_));
  EXPECT_TRUE(good(rollout_table::newest(*database_))->allow_older);
}

TEST_F(RolloutTableTest, TheOldestImageMakesRoomUnlessARolloutWantsIt) {
  const auto kept = [](std::size_t nth) {
    return KeptFirmware{{std::string(64, static_cast<char>('a' + nth)), "1.0.0", {}},
                        100,
                        minute(static_cast<int>(nth))};
  };
  start({"n1"});  // wants the first
  for (std::size_t nth = 0; nth < firmware_table::most_kept; ++nth)
    EXPECT_TRUE(good(firmware_table::keep(*database_, kept(nth))).empty());
  EXPECT_TRUE(good(firmware_table::keep(*database_, kept(3))).empty()) << "it is here already";
  EXPECT_TRUE(good(firmware_table::keep(*database_, kept(8))).empty()) << "one is wanted";
  const auto gone = good(firmware_table::keep(*database_, kept(9)));
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_EQ(gone.front(), std::string(64, 'b'));
  EXPECT_TRUE(good(firmware_table::find(*database_, wind.sha256)));
  EXPECT_FALSE(good(firmware_table::find(*database_, gone.front())));
}

TEST_F(RolloutTableTest, AnOrderIsAnsweredOnce) {
  const auto id = good(rollout_orders::ask(*database_, "{}"));
  EXPECT_EQ(good(rollout_orders::next(*database_))->id, id);
  EXPECT_FALSE(good(rollout_orders::answer_to(*database_, id)));
  good(rollout_orders::answer(*database_, id, "yes"));
  EXPECT_EQ(good(rollout_orders::answer_to(*database_, id)), "yes");
  EXPECT_FALSE(good(rollout_orders::next(*database_)));
}

}  // namespace
}  // namespace jieding::sync
