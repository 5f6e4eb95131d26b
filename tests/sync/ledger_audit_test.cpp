#include "sync/ledger_audit.hpp"

#include <fstream>
#include <map>

#include "sync/ledger_check.hpp"
#include "sync/ledger_export.hpp"
#include "sync/ledger_key.hpp"
#include "sync/ledger_tiles.hpp"
#include "sync/state_folder.hpp"
#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

namespace fs = std::filesystem;

using test::good;
using test::minute;
using test::synced;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}
void put(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

/// A state folder with a ledger in it, as a gateway that was stopped leaves it.
class StoppedLedger {
 public:
  StoppedLedger() { good(make_state_folder(state())); }
  fs::path state() const { return folder_.path() / "state"; }

  void append(int events, const std::string& version = "0.1.0") {
    const auto database = test::open_migrated(state());
    Ledger ledger("hz-demo", "gw1", good(ledger_signer(*database, state(), origin)));
    good(ledger.load(*database));
    auto transaction = good(Transaction::begin(*database));
    for (int i = 0; i < events; ++i)
      good(ledger.append(
          *database, {"gateway", synced(minute(i)), {{"what", "started"}, {"version", version}}}));
    good(ledger.before_commit(*database));
    good(transaction.commit());
  }
  SignedCheckpoint export_to(const fs::path& folder) const {
    const auto database = test::open_migrated(state());
    return good(export_ledger(*database, key(), folder));
  }
  VerifierKey key() const { return good(load_signer(key_file(state()), origin)).key(); }
  KeyRotation rotate(bool lost = false) const {
    return good(rotate_ledger_key(state(), "hz-demo", "gw1", synced(minute(99)), lost));
  }
  fs::path out(const std::string& name = "out") const { return folder_.path() / name; }

  static constexpr const char* origin = "jieding/hz-demo/gw1";

 private:
  test::TempFolder folder_;
};

class LedgerAudit : public ::testing::Test {
 protected:
  std::string refusal(const AuditWishes& wishes = {}) {
    const auto audited = audit(box_.out(), wishes);
    EXPECT_FALSE(audited);
    return audited ? "" : audited.error().text();
  }
  StoppedLedger box_;
};

TEST_F(LedgerAudit, ExportedFolderIsSoundAndNamesItsKey) {
  box_.append(300);
  const SignedCheckpoint head = box_.export_to(box_.out());
  const Audit found = good(audit(box_.out(), {}));
  EXPECT_EQ(found.checkpoint.size, 300u);
  EXPECT_EQ(found.checkpoint.root, head.root);
  EXPECT_EQ(found.key.vkey(), box_.key().vkey());
  EXPECT_TRUE(audit(box_.out(), {box_.key().fingerprint(), {}}));
  EXPECT_TRUE(audit(box_.out(), {box_.key().vkey(), {}}));
  EXPECT_TRUE(fs::exists(box_.out() / "tile/entries/001.p/44"));
  EXPECT_TRUE(fs::exists(box_.out() / "tile/1/000.p/1"));
}

TEST_F(LedgerAudit, FolderGrowsWithTheLedgerAndOldCheckpointsStayTrue) {
  box_.append(200);
  box_.export_to(box_.out());
  const std::string older = content_of(box_.out() / "checkpoint");
  box_.append(500);
  box_.export_to(box_.out());
  const Audit found = good(audit(box_.out(), {"", older}));
  EXPECT_EQ(found.checkpoint.size, 700u);
  ASSERT_TRUE(found.older);
  EXPECT_EQ(found.older->size, 200u);
}

TEST_F(LedgerAudit, FirstWrongLeafIsNamed) {
  box_.append(600);
  box_.export_to(box_.out());
  const auto entries = box_.out() / "tile/entries/001";
  const std::string bytes = content_of(entries);
  std::string changed = bytes;
  changed.replace(changed.find("started", 2000), 7, "stopped");
  put(entries, changed);
  const std::string said = refusal();
  EXPECT_TRUE(said.starts_with("leaf 2")) << said;
  put(entries, bytes.substr(0, bytes.size() - 1));
  EXPECT_TRUE(refusal().starts_with("leaf 511 ")) << refusal();
  fs::remove(entries);
  EXPECT_TRUE(refusal().starts_with("leaf 256 ")) << refusal();
}

TEST_F(LedgerAudit, AlteredTileAboveTheLeavesIsFound) {
  box_.append(600);
  box_.export_to(box_.out());
  const auto tile = box_.out() / "tile/1/000.p/2";
  std::string bytes = content_of(tile);
  bytes[40] = static_cast<char>(bytes[40] ^ 1);
  put(tile, bytes);
  EXPECT_NE(refusal().find("level 1 does not fit the leaves from 256"), std::string::npos);
}

TEST_F(LedgerAudit, ForkSignedWithTheRightKeyIsFoundByAnOlderCheckpointOnly) {
  box_.append(100);
  box_.export_to(box_.out("before"));
  const std::string older = content_of(box_.out("before") / "checkpoint");
  const std::string key = content_of(key_file(box_.state()));
  // The same box with the same key begins again and tells another story.
  fs::remove_all(box_.state());
  good(make_state_folder(box_.state()));
  put(key_file(box_.state()), key);
  box_.append(150, "0.2.0");
  box_.export_to(box_.out());
  EXPECT_TRUE(audit(box_.out(), {}));
  EXPECT_NE(refusal({"", older}).find("rewritten"), std::string::npos);
  EXPECT_EQ(box_.export_to(box_.out("elsewhere")).size, 150u);
  const auto database = test::open_migrated(box_.state());
  EXPECT_EQ(export_ledger(*database, box_.key(), box_.out("before")).error().kind(),
            Fault::Conflict);
  EXPECT_EQ(content_of(box_.out("before") / "checkpoint"), older);
}

TEST_F(LedgerAudit, ShorterThanAnOlderCheckpointIsFound) {
  box_.append(10);
  box_.export_to(box_.out());
  box_.append(10);
  box_.export_to(box_.out("later"));
  EXPECT_NE(refusal({"", content_of(box_.out("later") / "checkpoint")}).find("taken out"),
            std::string::npos);
}

TEST_F(LedgerAudit, OldKeyIsFollowedThroughRotations) {
  box_.append(5);
  const VerifierKey first = box_.key();
  box_.export_to(box_.out("before"));
  const std::string older = content_of(box_.out("before") / "checkpoint");
  EXPECT_EQ(box_.rotate().index, 5u);
  const VerifierKey second = box_.key();
  EXPECT_NE(second.vkey(), first.vkey());
  box_.append(3);
  EXPECT_EQ(box_.rotate().index, 9u);
  box_.append(1);
  box_.export_to(box_.out());
  for (const std::string& trusted : {first.fingerprint(), first.vkey(), second.fingerprint(),
                                     second.vkey(), box_.key().fingerprint(), std::string()}) {
    const Result<Audit> found = audit(box_.out(), {trusted, older});
    ASSERT_TRUE(found) << trusted << ": " << found.error().text();
    EXPECT_EQ(found->changes.size(), 2u);
  }
  const VerifierKey stranger = Signer::from_seed(StoppedLedger::origin, {}).value().key();
  EXPECT_NE(refusal({stranger.fingerprint(), {}}).find("no key"), std::string::npos);
  EXPECT_FALSE(refusal({stranger.vkey(), {}}).empty());
}

TEST_F(LedgerAudit, LostKeyIsSaidAndNotFollowed) {
  box_.append(5);
  const VerifierKey first = box_.key();
  fs::remove(key_file(box_.state()));
  {
    const auto database = test::open_migrated(box_.state());
    const auto signer = ledger_signer(*database, box_.state(), StoppedLedger::origin);
    ASSERT_FALSE(signer);
    EXPECT_NE(signer.error().text().find("--lost"), std::string::npos);
    EXPECT_FALSE(fs::exists(key_file(box_.state())));
  }
  box_.rotate(true);
  box_.append(2);
  box_.export_to(box_.out());
  const Audit found = good(audit(box_.out(), {box_.key().fingerprint(), {}}));
  ASSERT_EQ(found.changes.size(), 1u);
  EXPECT_TRUE(found.changes[0].lost);
  EXPECT_EQ(found.changes[0].previous, first.short_name());
  EXPECT_TRUE(refusal({first.fingerprint(), {}}).starts_with("leaf 5 says that the key"));
}

TEST_F(LedgerAudit, StrangersKeyIsRefusedAtStart) {
  box_.append(5);
  const std::string right = content_of(key_file(box_.state()));
  good(create_signer(key_file(box_.state()), StoppedLedger::origin));
  const auto database = test::open_migrated(box_.state());
  EXPECT_EQ(ledger_signer(*database, box_.state(), StoppedLedger::origin).error().kind(),
            Fault::Conflict);
  put(key_file(box_.state()), right);
  EXPECT_TRUE(ledger_signer(*database, box_.state(), StoppedLedger::origin));
}

/// Killed between the commit and the new key's taking its place.
TEST_F(LedgerAudit, RotationThatWasCutOffIsFinishedAtStart) {
  box_.append(5);
  const std::string old = content_of(key_file(box_.state()));
  box_.rotate();
  const VerifierKey fresh = box_.key();
  fs::rename(key_file(box_.state()), box_.state() / "secrets" / "ledger.key.next");
  put(key_file(box_.state()), old);
  box_.append(1);
  EXPECT_EQ(box_.key().vkey(), fresh.vkey());
  box_.export_to(box_.out());
  EXPECT_TRUE(audit(box_.out(), {fresh.fingerprint(), {}}));
}

TEST_F(LedgerAudit, RotationThatWasNeverCommittedChangesNothing) {
  box_.append(5);
  const VerifierKey old = box_.key();
  good(create_signer(box_.state() / "secrets" / "ledger.key.next", StoppedLedger::origin));
  box_.append(1);
  EXPECT_EQ(box_.key().vkey(), old.vkey());
}

TEST_F(LedgerAudit, RunningGatewayKeepsItsKey) {
  box_.append(1);
  const auto lock = good(StateLock::take(box_.state()));
  EXPECT_EQ(
      rotate_ledger_key(box_.state(), "hz-demo", "gw1", synced(minute(1)), false).error().kind(),
      Fault::Conflict);
}

TEST_F(LedgerAudit, FilesOfTheLedgerHaveBounds) {
  box_.append(300);
  const auto database = test::open_migrated(box_.state());
  const auto file = [&](const std::string& name) {
    return ledger::file(*database, *tlog::tile_from_path(name));
  };
  EXPECT_EQ(good(file("tile/0/000")).size(), 8192u);
  EXPECT_EQ(good(file("tile/0/001.p/44")).size(), 44u * 32);
  EXPECT_EQ(good(file("tile/0/001.p/7")).size(), 7u * 32);
  EXPECT_EQ(good(file("tile/0/000.p/255")).size(), 255u * 32);
  EXPECT_EQ(tlog::entries_of(good(file("tile/entries/001.p/44"))).entries.size(), 44u);
  for (const char* beyond : {"tile/0/001", "tile/0/001.p/45", "tile/1/000", "tile/1/000.p/2",
                             "tile/2/000.p/1", "tile/entries/002.p/1", "tile/7/x999/999"})
    EXPECT_EQ(file(beyond).error().kind(), Fault::NotFound) << beyond;
}

}  // namespace
}  // namespace jieding::sync
