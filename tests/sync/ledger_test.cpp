#include "sync/ledger.hpp"

#include <boost/json/parse.hpp>

#include "sync/ledger_check.hpp"
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

  Result<void> check() {
    const VerifierKey key = signer().key();
    return ledger::check(*database_, &key);
  }
  /// What somebody must do first who alters the file.
  void lift_triggers() {
    for (const char* name :
         {"event_stays", "event_is_kept", "event_is_next", "node_stays", "node_is_kept",
          "node_is_new", "checkpoint_stays", "checkpoint_is_kept", "checkpoint_is_next"})
      good(database_->script(std::string("drop trigger ") + name));
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
      checkpoint_from_text(open_note(head.note, signer().key()).value()).value();
  EXPECT_EQ(read.root, good(ledger::root_at(*database_, 8)));
  EXPECT_EQ(good(ledger::last_checkpoint(*database_)).note, head.note);
  good(check());
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
  good(check());
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

TEST_F(LedgerTest, DatabaseRefusesToChangeWhatIsWritten) {
  commit(5);
  for (const char* forbidden :
       {"update event set leaf = 'x' where idx = 2", "delete from event where idx = 4",
        "delete from event", "insert into event values (7, 'x')",
        "insert or replace into event values (2, 'x')", "update node set hash = x'00'",
        "delete from node", "insert or replace into node values (0, 2, x'00')",
        "update checkpoint set note = 'x'", "delete from checkpoint",
        "insert or replace into checkpoint values (5, x'00', 'x')"})
    EXPECT_FALSE(database_->run(forbidden)) << forbidden;
  good(check());
}

TEST_F(LedgerTest, AlteredRowIsFoundAndItsLeafNamed) {
  const std::vector<std::pair<std::string, std::string>> alterations{
      {"update event set leaf = replace(leaf, 'started', 'stopped') where idx = 2", "leaf 2 "},
      {"update node set hash = zeroblob(32) where level = 0 and idx = 3", "leaf 3 "},
      {"update node set hash = zeroblob(32) where level = 2 and idx = 1", "leaf 4 "},
      {"delete from node where level = 1 and idx = 0", "leaf 0 "},
      {"delete from event where idx = 4", "leaf 4 "},
      {"delete from event where idx = 12", "leaf 12 "},
      {"insert into event values (13, 'x')", "leaf 13 "},
      {"update checkpoint set root = zeroblob(32) where size = 13", "leaf 6 "},
      {"update checkpoint set note = replace(note, 'hz', 'sh') where size = 13", "checkpoint"}};
  commit(6);
  commit(7);
  lift_triggers();
  for (const auto& [alteration, named] : alterations) {
    const auto transaction = good(Transaction::begin(*database_));
    good(database_->run(alteration));
    const Result<void> checked = check();
    ASSERT_FALSE(checked) << alteration;
    EXPECT_NE(checked.error().text().find(named), std::string::npos)
        << alteration << ": " << checked.error().text();
  }
  good(check());
}

/// As somebody does who knows how the tree is made, but has no key.
TEST_F(LedgerTest, RewrittenTreeIsFoundByTheCheckpoints) {
  commit(6);
  commit(7);
  lift_triggers();
  good(database_->run("update event set leaf = replace(leaf, 'started', 'stopped') where idx = 8"));
  good(database_->run("delete from node"));
  merkle::Frontier frontier;
  for (const std::string& leaf : good(ledger::leaves(*database_, 0, 13)))
    frontier.append(merkle::leaf_hash(leaf), [&](const merkle::Node& node) {
      good(database_->run("insert into node values (?, ?, ?)", node.level, node.index,
                          Blob{bytes_of(node.hash)}));
    });
  EXPECT_NE(check().error().text().find("leaf 6 "), std::string::npos) << check().error().text();
  good(database_->run("update checkpoint set root = ? where size = 13",
                      Blob{bytes_of(frontier.root())}));
  EXPECT_FALSE(check());
}

TEST_F(LedgerTest, EventThatNoBundleCouldHoldIsRefused) {
  EventDraft long_one = started(1);
  long_one.data["words"] = std::string(66'000, 'x');
  auto transaction = good(Transaction::begin(*database_));
  EXPECT_EQ(ledger_.append(*database_, long_one).error().kind(), Fault::TooMuch);
  EXPECT_EQ(good(ledger_.append(*database_, started(2))), 0u);
}

TEST_F(LedgerTest, CutLedgerIsRefusedAtStart) {
  commit(5);
  lift_triggers();
  good(database_->run("delete from event where idx = 4"));
  Ledger again("hz-demo", "gw1", signer());
  EXPECT_FALSE(again.load(*database_));
}

}  // namespace
}  // namespace jieding::sync
