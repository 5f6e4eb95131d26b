#include "sync/reading_store.hpp"

#include <limits>

#include "sync/outbox.hpp"
#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::count;
using test::good;
using test::minute;
using test::pm10;

class ReadingStoreTest : public ::testing::Test {
 protected:
  Accepted store(const Batch& batch) { return good(store_.store(*database_, batch)); }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  ReadingStore store_;
};

TEST_F(ReadingStoreTest, SameReadingAgainIsStoredOnce) {
  const Accepted first = store({pm10(81, minute(0)), pm10(82, minute(1))});
  EXPECT_EQ(first.stored, 2u);
  const Accepted again = store({pm10(81, minute(0)), pm10(82, minute(1)), pm10(83, minute(2))});
  EXPECT_EQ(again.stored, 1u);
  EXPECT_EQ(again.repeated, 2u);
  EXPECT_EQ(again.conflicting, 0u);
  EXPECT_EQ(count(*database_, "reading"), 3);
}

TEST_F(ReadingStoreTest, OtherValueIsKeptBesideAndFlagged) {
  store({pm10(81, minute(0))});
  const Accepted other = store({pm10(90, minute(0)), pm10(91, minute(0))});
  EXPECT_EQ(other.conflicting, 2u);
  EXPECT_EQ(other.stored, 0u);
  const Accepted again = store({pm10(81, minute(0)), pm10(90, minute(0)), pm10(91, minute(0))});
  EXPECT_EQ(again.repeated, 3u);
  const auto pending = good(outbox::telemetry(*database_, 0, 10));
  ASSERT_EQ(pending.size(), 3u);
  EXPECT_FALSE(pending[0].conflicting);
  EXPECT_TRUE(pending[1].conflicting);
  EXPECT_TRUE(pending[2].conflicting);
  EXPECT_EQ(pending[1].reading.value, 90);
}

TEST_F(ReadingStoreTest, OtherUnitIsAnotherValue) {
  store({pm10(81, minute(0))});
  Reading other = pm10(81, minute(0));
  other.unit = "mg/m3";
  EXPECT_EQ(store({other}).conflicting, 1u);
}

TEST_F(ReadingStoreTest, StatisticsAreDifferentIdentities) {
  Reading mean = pm10(81, minute(0));
  mean.statistic = {Period::Minute, Aggregate::Mean};
  EXPECT_EQ(store({pm10(80, minute(0)), mean}).stored, 2u);
}

TEST_F(ReadingStoreTest, BatchIsWholeOrNot) {
  const Result<Accepted> result = store_.store(
      *database_, {pm10(1, minute(0)), pm10(std::numeric_limits<double>::quiet_NaN(), minute(1))});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind(), Fault::Invalid);
}

TEST_F(ReadingStoreTest, EverythingOfAReadingComesBack) {
  Reading reading = pm10(81.25, minute(0));
  reading.statistic = {Period::Hour, Aggregate::Maximum};
  reading.received = {minute(3), TimeQuality::Holdover};
  reading.flag = "N";
  store({reading});
  const Reading back = good(outbox::telemetry(*database_, 0, 10)).at(0).reading;
  EXPECT_EQ(back.device, reading.device);
  EXPECT_EQ(back.quantity, "pm10");
  EXPECT_EQ(back.statistic, reading.statistic);
  EXPECT_EQ(back.value, 81.25);
  EXPECT_EQ(back.unit, "ug/m3");
  EXPECT_EQ(back.device_time, reading.device_time);
  EXPECT_EQ(back.received.at, reading.received.at);
  EXPECT_EQ(back.received.quality, TimeQuality::Holdover);
  EXPECT_EQ(back.flag, "N");
}

TEST_F(ReadingStoreTest, LatestIsByDeviceTimeAndIgnoresTheFuture) {
  store({pm10(1, minute(5)), pm10(2, minute(3)), pm10(3, minute(100'000)),
         pm10(9, minute(1), "dust-2")});
  const auto latest = good(readings::latest(*database_, minute(60)));
  ASSERT_EQ(latest.size(), 2u);
  EXPECT_EQ(latest[0].value, 1);
  EXPECT_EQ(latest[1].device, "dust-2");
}

TEST_F(ReadingStoreTest, NamesOfAnUndoneWriterAreForgotten) {
  {
    auto transaction = good(Transaction::begin(*database_));
    store_.writer_begins();
    good(store_.store(*database_, {pm10(1, minute(0))}));
  }
  store_.writer_undone();
  EXPECT_EQ(store({pm10(1, minute(0))}).stored, 1u);
  EXPECT_EQ(good(outbox::telemetry(*database_, 0, 10)).size(), 1u) << "its series row is there";
}

TEST_F(ReadingStoreTest, OldReadingsAreForgottenButNeverTheNewest) {
  for (int i = 0; i < 10; ++i)
    store({pm10(i, minute(i))});
  EXPECT_EQ(good(store_.forget(*database_, minute(4), 100)), 4);
  EXPECT_EQ(count(*database_, "reading"), 6);
  EXPECT_EQ(good(store_.forget(*database_, minute(1000), 100)), 5);
  EXPECT_EQ(count(*database_, "reading"), 1);
  const OutboxStatus status = good(outbox::status(*database_));
  EXPECT_EQ(status.telemetry_dropped, 9) << "they never left, and that is counted";
  EXPECT_EQ(status.telemetry_waiting, 1);
}

TEST_F(ReadingStoreTest, AnUntrustedStampDoesNotMakeAReadingOld) {
  Reading trusted = pm10(1, minute(10));
  trusted.received = {minute(10), TimeQuality::Synced};
  Reading lost_clock = pm10(2, minute(11));
  lost_clock.received = {Instant{}, TimeQuality::Unsynced};
  store({trusted});
  store({lost_clock});
  store({trusted, pm10(3, minute(12))});
  EXPECT_EQ(good(store_.forget(*database_, minute(5), 100)), 0);
  EXPECT_EQ(count(*database_, "reading"), 3);
}

TEST_F(ReadingStoreTest, CountsSurviveDeletion) {
  store({pm10(1, minute(0)), pm10(1, minute(0)), pm10(2, minute(0)), pm10(3, minute(1))});
  good(store_.before_commit(*database_));
  store_.committed();
  good(store_.forget(*database_, minute(1000), 100));
  const ReadingCounts counts = good(readings::counts(*database_));
  EXPECT_EQ(counts.stored, 2);
  EXPECT_EQ(counts.repeated, 1);
  EXPECT_EQ(counts.conflicting, 1);
}

}  // namespace
}  // namespace jieding::sync
