#include "sync/ledger.hpp"

#include <boost/json/parse.hpp>

#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;
using test::synced;

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() { good(ledger_.load(*database_)); }
  static Signer signer() { return Signer::from_seed("jieding/hz-demo/gw1", {}).value(); }
  static EventDraft started(int at) {
    return {"gateway", synced(minute(at)), {{"what", "started"}, {"version", "0.1.0"}}};
  }
  /// One commit with so many events, as the journal makes it.
  void commit(int events) {
    auto transaction = good(Transaction::begin(*database_));
    for (int i = 0; i < events; ++i) {
      ledger_.writer_begins();
      good(ledger_.append(*database_, started(i)));
    }
    good(ledger_.before_commit(*database_));
    good(transaction.commit());
    ledger_.committed();
  }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  Ledger ledger_{"hz-demo", "gw1", signer()};
};

TEST_F(LedgerTest, LeafIsCanonicalJsonOfTheEvent) {
  commit(2);
  EXPECT_EQ(good(ledger::leaf(*database_, 1)),
            R"({"at":"2024-11-08T04:14:00Z","clock":"synced",)"
            R"("data":{"version":"0.1.0","what":"started"},"gateway":"gw1","id":"gw1/1",)"
            R"("index":1,"site":"hz-demo","type":"gateway","v":1})");
}

TEST_F(LedgerTest, EachCommitIsSignedOnce) {
  EXPECT_EQ(ledger_.checkpoint().size, 0u);
  commit(3);
  commit(5);
  EXPECT_EQ(test::count(*database_, "checkpoint"), 2);
  const SignedCheckpoint head = ledger_.checkpoint();
  EXPECT_EQ(head.size, 8u);
  const Checkpoint read =
      checkpoint_from_text(open_note(head.note, ledger_.vkey()).value()).value();
  EXPECT_EQ(read.root, good(ledger::root_at(*database_, 8)));
  EXPECT_EQ(good(ledger::last_checkpoint(*database_)).note, head.note);
  good(ledger::verify(*database_));
}

TEST_F(LedgerTest, ProofsFromStoredNodesVerify) {
  commit(11);
  commit(10);
  const Hash root = good(ledger::root_at(*database_, 21));
  for (std::uint64_t index : {0u, 10u, 20u}) {
    const Hash leaf = merkle::leaf_hash(good(ledger::leaf(*database_, index)));
    EXPECT_TRUE(merkle::verify_inclusion(
        index, 21, leaf, good(ledger::inclusion_proof(*database_, index, 21)), root));
  }
  EXPECT_TRUE(merkle::verify_consistency(11, 21, good(ledger::root_at(*database_, 11)), root,
                                         good(ledger::consistency_proof(*database_, 11, 21))));
  EXPECT_FALSE(ledger::root_at(*database_, 22));
  EXPECT_FALSE(ledger::inclusion_proof(*database_, 3, 22));
}

TEST_F(LedgerTest, UndoneWriterLeavesNoTrace) {
  commit(3);
  const Hash before = ledger_.checkpoint().root;
  {
    auto transaction = good(Transaction::begin(*database_));
    ledger_.writer_begins();
    good(ledger_.append(*database_, started(9)));
    good(ledger_.before_commit(*database_));
  }
  ledger_.group_undone();
  EXPECT_EQ(ledger_.checkpoint().root, before);
  commit(1);
  good(ledger::verify(*database_));
  EXPECT_EQ(ledger_.size(), 4u);
}

TEST_F(LedgerTest, GoesOnWhereItStood) {
  commit(13);
  Ledger again("hz-demo", "gw1", signer());
  good(again.load(*database_));
  EXPECT_EQ(again.checkpoint().root, ledger_.checkpoint().root);
  auto transaction = good(Transaction::begin(*database_));
  EXPECT_EQ(good(again.append(*database_, started(1))), 13u);
}

TEST_F(LedgerTest, ChangedLeafIsFound) {
  commit(5);
  good(database_->run("update event set leaf = replace(leaf, 'started', 'stopped') where idx = 2"));
  const Result<void> verified = ledger::verify(*database_);
  ASSERT_FALSE(verified);
  EXPECT_NE(verified.error().text().find("event 2"), std::string::npos);
}

TEST_F(LedgerTest, CutLedgerIsRefusedAtStart) {
  commit(5);
  good(database_->run("delete from event where idx = 4"));
  Ledger again("hz-demo", "gw1", signer());
  EXPECT_FALSE(again.load(*database_));
}

}  // namespace
}  // namespace jieding::sync
