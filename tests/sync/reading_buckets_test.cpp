#include "sync/reading_buckets.hpp"

#include "sync/reading_store.hpp"
#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;
using test::pm10;

class ReadingBucketsTest : public ::testing::Test {
 protected:
  void store(const Batch& batch) { good(store_.store(*database_, batch)); }
  std::vector<BucketSeries> read(int count) {
    return good(bucket_readings(*database_, pm10(0, minute(0)).device,
                                {minute(0), std::chrono::minutes{10}, count}));
  }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  ReadingStore store_;
};

TEST_F(ReadingBucketsTest, AStretchTellsItsLowestMeanAndHighest) {
  store({pm10(10, minute(0)), pm10(20, minute(5)), pm10(60, minute(9)), pm10(7, minute(10))});
  const auto series = read(3);
  ASSERT_EQ(series.size(), 1u);
  ASSERT_EQ(series[0].buckets.size(), 2u);
  EXPECT_EQ(series[0].buckets[0].number, 0);
  EXPECT_DOUBLE_EQ(series[0].buckets[0].low, 10);
  EXPECT_DOUBLE_EQ(series[0].buckets[0].mean, 30);
  EXPECT_DOUBLE_EQ(series[0].buckets[0].high, 60);
  EXPECT_EQ(series[0].buckets[1].number, 1);
}

TEST_F(ReadingBucketsTest, AGapStaysAGap) {
  store({pm10(10, minute(0)), pm10(20, minute(35))});
  const auto series = read(6);
  ASSERT_EQ(series.size(), 1u);
  ASSERT_EQ(series[0].buckets.size(), 2u);
  EXPECT_EQ(series[0].buckets[1].number, 3);
}

TEST_F(ReadingBucketsTest, WhatLiesOutsideOrIsUnsoundIsLeftOut) {
  Reading unsound = pm10(999, minute(4));
  unsound.flag = "D";
  Reading highest = pm10(888, minute(5));
  highest.statistic = {Period::Minute, Aggregate::Maximum};
  Reading elsewhere = pm10(777, minute(6));
  elsewhere.device = "other";
  store(
      {pm10(1, minute(-1)), pm10(5, minute(0)), pm10(2, minute(20)), unsound, highest, elsewhere});
  const auto series = read(2);
  ASSERT_EQ(series.size(), 1u);
  ASSERT_EQ(series[0].buckets.size(), 1u);
  EXPECT_DOUBLE_EQ(series[0].buckets[0].high, 5);
}

TEST_F(ReadingBucketsTest, ADeviceThatSaidNothingHasNoSeries) {
  EXPECT_TRUE(read(6).empty());
}

}  // namespace
}  // namespace jieding::sync
