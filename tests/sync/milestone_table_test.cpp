#include "sync/milestone_table.hpp"

#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using milestones::Statement;
using test::good;
using test::minute;
using test::topping_out;

constexpr int day = 24 * 60;  // minutes

class MilestoneTableTest : public ::testing::Test {
 protected:
  MilestoneTableTest() { good(ledger_.load(*database_)); }
  Result<Recorded> record(const Statement& statement, const milestones::Terms& terms) {
    const auto judged = milestone_table::judge(*database_, statement, terms);
    if (!judged) return judged.error();
    return milestone_table::write(*database_, ledger_, statement, *judged);
  }
  Recorded record(const Statement& statement) { return good(record(statement, {})); }
  /// Everything in both tables as text, to compare.
  std::string dump() {
    std::string text;
    sync::Statement milestones = database_->prepare(
        "select building || kind || storey || status || at || updated || ledger_index"
        " from milestone order by building, kind, storey");
    while (milestones.next())
      text += milestones.text(0) + "\n";
    sync::Statement statements = database_->prepare(
        "select ledger_index || building || kind || storey || act || owner || by || named_at ||"
        " said || said_quality || evidence || comment_sha256 || document_sha256 ||"
        " contradicted_by from statement order by ledger_index");
    while (statements.next())
      text += statements.text(0) + "\n";
    return text;
  }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  Ledger ledger_{"hz-demo", "gw1", Signer::from_seed("jieding/hz-demo/gw1", {}).value()};
};

TEST_F(MilestoneTableTest, StatementsMakeAMilestone) {
  Statement proposal = topping_out(Act::Propose, Owner::Box, "mast", minute(0));
  proposal.evidence = {std::string(64, 'a'), std::string(64, 'b')};
  EXPECT_EQ(record(proposal).decision.status, Status::Candidate);
  Statement claim = topping_out(Act::Claim, Owner::Contractor, "hoist-1", minute(2 * day));
  claim.document_sha256 = std::string(64, 'd');
  const Recorded claimed = record(claim);
  EXPECT_EQ(claimed.decision.status, Status::Corroborated);
  EXPECT_EQ(claimed.index, 1u);
  EXPECT_TRUE(claimed.changed);
  const StoredMilestone stored = good(milestone_table::load(*database_, {"b1", "topping_out", 0}));
  EXPECT_EQ(stored.milestone.status, Status::Corroborated);
  ASSERT_EQ(stored.milestone.statements.size(), 2u);
  EXPECT_EQ(stored.milestone.statements[0].evidence, proposal.evidence);
  EXPECT_EQ(stored.milestone.statements[1].document_sha256, claim.document_sha256);
  EXPECT_EQ(stored.milestone.statements[0].ledger_index, 0u);
  EXPECT_EQ(stored.milestone.statements[1].ledger_index, 1u);
  EXPECT_EQ(stored.ledger_index, 1u);
  EXPECT_EQ(stored.updated, claim.said.at);
}

TEST_F(MilestoneTableTest, MilestoneTablesAreRebuiltFromTheLedger) {
  Statement proposal = topping_out(Act::Propose, Owner::Box, "mast", minute(0));
  proposal.evidence = {std::string(64, 'a')};
  record(proposal);
  record(topping_out(Act::Claim, Owner::Contractor, "hoist-1", minute(day)));
  Statement confirm = topping_out(Act::Confirm, Owner::Group, "sha256:12", minute(3 * day));
  confirm.comment_sha256 = std::string(64, 'c');
  confirm.said.quality = TimeQuality::Playback;
  record(confirm);
  Statement storey = topping_out(Act::Propose, Owner::Box, "mast", minute(5));
  storey.milestone = {"b2", "storey_cast", 12};
  record(storey);
  good(ledger_.append(*database_, {"gateway", test::synced(minute(9)), {{"what", "started"}}}));
  const std::string before = dump();
  good(database_->run("update milestone set status = 'withdrawn'"));
  good(database_->run("delete from statement where ledger_index = 1"));
  ASSERT_NE(dump(), before);
  good(milestone_table::rebuild(*database_));
  EXPECT_EQ(dump(), before);
  EXPECT_EQ(good(milestone_table::load_all(*database_)).size(), 2u);
}

TEST_F(MilestoneTableTest, TheSameProposalIsNotRecordedAgain) {
  const Recorded first = record(topping_out(Act::Propose, Owner::Box, "mast", minute(0)));
  const Recorded again = record(topping_out(Act::Propose, Owner::Box, "mast", minute(10)));
  EXPECT_FALSE(again.changed);
  EXPECT_EQ(again.index, first.index);
  EXPECT_EQ(again.decision.status, Status::Candidate);
  EXPECT_TRUE(record(topping_out(Act::Propose, Owner::Box, "gate", minute(10))).changed);
  EXPECT_TRUE(record(topping_out(Act::Propose, Owner::Box, "mast", minute(2 * day))).changed);
  EXPECT_TRUE(record(topping_out(Act::Propose, Owner::Box, "mast", minute(0))).changed)
      << "it had said another day meanwhile";
}

TEST_F(MilestoneTableTest, WhatAHeightContradictedIsRecordedAndTheSameWordWithoutItIsAnother) {
  record(topping_out(Act::Propose, Owner::Box, "mast", minute(0)));
  Statement claim = topping_out(Act::Claim, Owner::Contractor, "site-office", minute(1));
  claim.contradicted_by = {"crane-1"};
  EXPECT_EQ(record(claim).decision.status, Status::Candidate);
  EXPECT_FALSE(record(claim).changed);
  EXPECT_NE(good(ledger::leaf(*database_, 1)).find(R"("contradicted_by":["crane-1"])"),
            std::string::npos);
  const std::string before = dump();
  good(milestone_table::rebuild(*database_));
  EXPECT_EQ(dump(), before);
  const auto stored = good(milestone_table::load(*database_, claim.milestone));
  EXPECT_EQ(stored.milestone.statements[1].contradicted_by, claim.contradicted_by);
  claim.contradicted_by.clear();
  const Recorded again = record(claim);
  EXPECT_TRUE(again.changed);
  EXPECT_EQ(again.decision.status, Status::Corroborated);
}

TEST_F(MilestoneTableTest, NothingIsFiledBeforeItHasToppedOut) {
  milestones::Terms terms;
  terms.around = {{"p1", "b1"}, {"b1"}};
  Statement filing = topping_out(Act::Record, Owner::Operator, "sha256:34", minute(5 * day));
  filing.milestone = {"p1", "completion_filing", 0};
  filing.document_sha256 = std::string(64, 'd');
  const auto file = [&] { return record(filing, terms); };
  const auto before = file();
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().kind(), Fault::Conflict);
  EXPECT_EQ(good(ledger::size(*database_)), 0u);
  record(topping_out(Act::Propose, Owner::Box, "mast", minute(0)));
  EXPECT_EQ(good(file()).decision.status, Status::Recorded);
}

TEST_F(MilestoneTableTest, ARecordIsRebuiltFromTheLedger) {
  Statement signing = topping_out(Act::Record, Owner::Operator, "sha256:34", minute(0));
  signing.milestone = {"estate", "agreement_signed", 0};
  signing.document_sha256 = std::string(64, 'd');
  record(signing);
  signing.act = Act::Confirm;
  signing.owner = Owner::Group;
  signing.by = "sha256:12";
  signing.document_sha256.clear();
  EXPECT_EQ(record(signing).decision.status, Status::Confirmed);
  const std::string before = dump();
  good(milestone_table::rebuild(*database_));
  EXPECT_EQ(dump(), before);
}

TEST_F(MilestoneTableTest, RefusedStatementWritesNothing) {
  const auto refused = record(topping_out(Act::Confirm, Owner::Group, "sha256:12", minute(0)), {});
  EXPECT_FALSE(refused);
  EXPECT_EQ(good(ledger::size(*database_)), 0u);
  EXPECT_EQ(dump(), "");
}

}  // namespace
}  // namespace jieding::sync
