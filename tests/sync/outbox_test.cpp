#include "sync/outbox.hpp"

#include "sync/evidence_store.hpp"
#include "sync/ledger.hpp"
#include "sync/reading_store.hpp"
#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;

class OutboxTest : public ::testing::Test {
 protected:
  OutboxTest() {
    good(ledger_.load(*database_));
    for (int i = 0; i < 10; ++i)
      good(ledger_.append(*database_, {"gateway", test::synced(minute(i)), {{"what", "started"}}}));
  }
  Hash root(std::uint64_t size) { return good(ledger::root_at(*database_, size)); }
  ReceiptVerdict receipt(std::uint64_t size, const Hash& hash) {
    return good(outbox::receipt(*database_, size, hash, minute(60)));
  }
  std::uint64_t held() { return good(outbox::receipted(*database_)).size; }
  void put_picture(const std::string& sha256) {
    EvidenceStore store(real_files(), folder_.path() / "evidence");
    good(store.record(*database_, {sha256, "masked", "mast", "", minute(0), 100}));
  }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  Ledger ledger_{"hz-demo", "gw1", Signer::from_seed("jieding/hz-demo/gw1", {}).value()};
};

TEST_F(OutboxTest, ReceiptAdvances) {
  EXPECT_EQ(receipt(4, root(4)), ReceiptVerdict::Advanced);
  EXPECT_EQ(held(), 4u);
  EXPECT_EQ(good(outbox::receipted(*database_)).at, "2024-11-08T05:13:00Z");
  EXPECT_EQ(receipt(4, root(4)), ReceiptVerdict::Gap);
  EXPECT_EQ(receipt(10, root(10)), ReceiptVerdict::Advanced);
}

TEST_F(OutboxTest, ReceiptWithWrongRootFreesNothing) {
  receipt(4, root(4));
  EXPECT_EQ(receipt(7, root(6)), ReceiptVerdict::Mismatch);
  EXPECT_EQ(held(), 4u);
  EXPECT_EQ(receipt(11, root(10)), ReceiptVerdict::Beyond);
  EXPECT_EQ(held(), 4u);
  EXPECT_EQ(receipt(0, root(3)), ReceiptVerdict::Mismatch);
  EXPECT_EQ(held(), 4u);
}

TEST_F(OutboxTest, RestoredPlatformGetsItsEventsAgain) {
  receipt(9, root(9));
  EXPECT_EQ(receipt(3, root(3)), ReceiptVerdict::Older);
  EXPECT_EQ(held(), 3u);
  const auto events = good(outbox::events(*database_, held(), 4));
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].index, 3u);
  EXPECT_EQ(events[0].leaf, good(ledger::leaf(*database_, 3)));
  EXPECT_EQ(good(outbox::events(*database_, 8, 100)).size(), 2u);
}

TEST_F(OutboxTest, NewestStateWins) {
  good(outbox::put_state(*database_, "b1", "{\"storeys\":3}"));
  const auto old = good(outbox::states(*database_));
  good(outbox::put_state(*database_, "b1", "{\"storeys\":4}"));
  good(outbox::done(*database_, old.at(0).id));
  const auto states = good(outbox::states(*database_));
  ASSERT_EQ(states.size(), 1u) << "the older state's acknowledgement takes nothing away";
  EXPECT_EQ(states[0].payload, "{\"storeys\":4}");
  EXPECT_EQ(good(outbox::status(*database_)).state_waiting, 1);
  good(outbox::done(*database_, states[0].id));
  EXPECT_EQ(good(outbox::status(*database_)).state_waiting, 0);
  good(outbox::put_states_again(*database_));
  EXPECT_EQ(good(outbox::states(*database_)).at(0).payload, "{\"storeys\":4}");
}

TEST_F(OutboxTest, PictureGoesOutOnce) {
  put_picture(std::string(64, 'a'));
  put_picture(std::string(64, 'b'));
  put_picture(std::string(64, 'a'));
  auto pending = good(outbox::evidence(*database_, 10));
  ASSERT_EQ(pending.size(), 2u);
  EXPECT_EQ(pending[0].bytes, 100);
  EXPECT_EQ(good(outbox::status(*database_)).evidence_waiting, 2);
  good(outbox::done(*database_, pending[0].id));
  put_picture(pending[0].sha256);
  pending = good(outbox::evidence(*database_, 10));
  ASSERT_EQ(pending.size(), 1u);
  EXPECT_EQ(pending[0].sha256, std::string(64, 'b'));
}

TEST_F(OutboxTest, TelemetryIsBoundedAndTheLossIsCounted) {
  ReadingStore readings;
  Batch batch;
  for (int i = 0; i < 100; ++i)
    batch.push_back(test::pm10(i, minute(i)));
  good(readings.store(*database_, batch));
  const auto first = good(outbox::telemetry(*database_, 0, 30));
  good(outbox::advance_telemetry(*database_, first.back().id));
  good(outbox::advance_telemetry(*database_, first.front().id));
  EXPECT_EQ(good(outbox::status(*database_)).telemetry_waiting, 70) << "never goes back";
  EXPECT_EQ(good(outbox::bound_telemetry(*database_, 80)), 0);
  EXPECT_EQ(good(outbox::bound_telemetry(*database_, 50)), 20);
  const OutboxStatus status = good(outbox::status(*database_));
  EXPECT_EQ(status.telemetry_waiting, 50);
  EXPECT_EQ(status.telemetry_dropped, 20);
  const auto next =
      good(outbox::telemetry(*database_, good(outbox::telemetry_cursor(*database_)), 1));
  EXPECT_EQ(next.at(0).reading.value, 50);
}

TEST_F(OutboxTest, StatusKnowsAllLanes) {
  receipt(4, root(4));
  const OutboxStatus status = good(outbox::status(*database_));
  EXPECT_EQ(status.ledger_size, 10u);
  EXPECT_EQ(status.receipted.size, 4u);
  EXPECT_EQ(status.telemetry_waiting, 0);
}

}  // namespace
}  // namespace jieding::sync
