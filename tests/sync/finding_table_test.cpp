#include "sync/finding_table.hpp"

#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;
using test::synced;

const std::string words(64, 'a');
const std::string place_words(64, 'b');
const std::string photo(64, 'c');
const std::string later_photo(64, 'd');

class FindingTableTest : public ::testing::Test {
 protected:
  static FindingWord raising(int at) {
    FindingWord word;
    word.kind = FindingKind::Quality;
    word.place = {"b1", 7, place_words};
    word.step.by = "sha256:12";
    word.step.said = synced(minute(at));
    word.step.text_sha256 = words;
    word.step.pictures = {photo};
    return word;
  }
  static FindingWord step(std::uint64_t finding, FindingAct act, Owner owner, int at) {
    FindingWord word = raising(at);
    word.finding = finding;
    word.place = {};
    word.step.act = act;
    word.step.owner = owner;
    word.step.pictures = {photo, later_photo};
    return word;
  }
  FindingRecorded record(const FindingWord& word) {
    return good(finding_table::record(*database_, ledger_, word, 14));
  }
  std::string leaf(std::uint64_t index) { return good(ledger::leaf(*database_, index)); }
  /// All rows of the three tables as one text.
  std::string dump() {
    std::string text;
    for (const std::string query :
         {"select id || kind || building || storey || place_sha256 || status || raised || due ||"
          " updated from finding order by id",
          "select ledger_index || finding || act || owner || by || said || said_quality ||"
          " text_sha256 || status || due from finding_step order by ledger_index",
          "select ledger_index || nth || sha256 from finding_photo order by ledger_index, nth"}) {
      Statement rows = database_->prepare(query);
      while (rows.next())
        text += rows.text(0) + "\n";
    }
    return text;
  }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  Ledger ledger_{"hz-demo", "gw1", Signer::from_seed("jieding/hz-demo/gw1", {}).value()};
};

TEST_F(FindingTableTest, StepsMakeAFinding) {
  good(ledger_.append(*database_, {"gateway", synced(minute(0)), {{"what", "started"}}}));
  const FindingRecorded raised = record(raising(0));
  EXPECT_EQ(raised.finding, 1u) << "the event that raised it names it";
  EXPECT_EQ(raised.decision.status, FindingStatus::Open);
  record(step(1, FindingAct::PutRight, Owner::Contractor, 60));
  const StoredFinding stored = good(finding_table::load(*database_, 1));
  EXPECT_EQ(stored.finding.status, FindingStatus::PutRight);
  EXPECT_EQ(stored.finding.kind, FindingKind::Quality);
  EXPECT_EQ(stored.finding.place.building, "b1");
  EXPECT_EQ(stored.finding.place.storey, 7);
  EXPECT_EQ(stored.finding.raised, minute(0));
  EXPECT_EQ(jieding::to_text(*stored.finding.due), "2024-11-22");
  ASSERT_EQ(stored.steps.size(), 2u);
  EXPECT_EQ(stored.steps[1].index, 2u);
  EXPECT_EQ(stored.steps[1].step.owner, Owner::Contractor);
  EXPECT_EQ(stored.steps[1].step.pictures, (std::vector<std::string>{photo, later_photo}));
}

TEST_F(FindingTableTest, TheEventsHoldHashesAndWhatWasConcluded) {
  record(raising(0));
  record(step(0, FindingAct::Answer, Owner::Contractor, 1));
  EXPECT_NE(leaf(0).find(R"("data":{"act":"raise","building":"b1","by":"sha256:12",)"
                         R"("due":"2024-11-22","evidence":[")" +
                         photo + R"("],"kind":"quality","owner":"group","place_sha256":")" +
                         place_words + R"(","status":"open","storey":7,"text_sha256":")" + words),
            std::string::npos)
      << leaf(0);
  EXPECT_NE(leaf(1).find(R"("finding":0)"), std::string::npos) << leaf(1);
  EXPECT_NE(leaf(1).find(R"("status":"answered")"), std::string::npos) << leaf(1);
}

TEST_F(FindingTableTest, FindingTablesAreRebuiltFromTheLedger) {
  record(raising(0));
  good(ledger_.append(*database_, {"gateway", synced(minute(1)), {{"what", "started"}}}));
  FindingWord by_words = raising(2);
  by_words.place = {"", 0, place_words};
  by_words.step.said.quality = TimeQuality::Unsynced;
  record(by_words);
  record(step(0, FindingAct::Answer, Owner::Contractor, 3));
  FindingWord due = step(0, FindingAct::SetDue, Owner::Operator, 4);
  due.step.pictures.clear();
  due.step.due = site_day(minute(0)) + std::chrono::days{40};
  record(due);
  record(step(0, FindingAct::Close, Owner::Group, 5));
  const std::string before = dump();
  good(database_->run("update finding set status = 'open', due = ''"));
  good(database_->run("delete from finding_step where ledger_index = 3"));
  good(database_->run("delete from finding_photo"));
  ASSERT_NE(dump(), before);
  good(finding_table::rebuild(*database_));
  EXPECT_EQ(dump(), before);
}

TEST_F(FindingTableTest, WhatIsOpenStandsBeforeWhatIsClosed) {
  record(raising(0));
  record(raising(1));
  record(raising(2));
  record(step(1, FindingAct::Close, Owner::Group, 10));
  record(step(0, FindingAct::Answer, Owner::Contractor, 20));
  std::vector<std::uint64_t> order;
  for (const StoredFinding& each : good(finding_table::newest(*database_, 10)))
    order.push_back(each.id);
  EXPECT_EQ(order, (std::vector<std::uint64_t>{0, 2, 1}));
  EXPECT_EQ(good(finding_table::newest(*database_, 2)).size(), 2u);
}

TEST_F(FindingTableTest, WhatStandsNowIsWhatIsNotClosed) {
  EXPECT_FALSE(good(finding_table::now(*database_)).newest);
  record(raising(0));
  record(raising(1));
  record(step(0, FindingAct::Close, Owner::Group, 10));
  const FindingsNow now = good(finding_table::now(*database_));
  EXPECT_EQ(now.newest, 2u);
  ASSERT_EQ(now.open.size(), 1u);
  EXPECT_EQ(now.open[0].raised, minute(1));
}

TEST_F(FindingTableTest, RefusedStepWritesNothing) {
  const auto refused =
      finding_table::record(*database_, ledger_, step(0, FindingAct::Close, Owner::Group, 0), 14);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), Fault::NotFound);
  record(raising(0));
  const std::string before = dump();
  EXPECT_FALSE(finding_table::record(*database_, ledger_,
                                     step(0, FindingAct::Close, Owner::Contractor, 0), 14));
  EXPECT_EQ(dump(), before);
  EXPECT_EQ(good(ledger::size(*database_)), 1u);
}

TEST_F(FindingTableTest, TooManyOpenOnesAreTooMuchUntilOneIsClosed) {
  for (int i = 0; i < finding_table::most_open; ++i)
    record(raising(i));
  const auto refused = finding_table::record(*database_, ledger_, raising(0), 14);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), Fault::TooMuch);
  record(step(0, FindingAct::Close, Owner::Group, 1));
  record(raising(2));
}

}  // namespace
}  // namespace jieding::sync
