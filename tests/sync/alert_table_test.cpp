#include "sync/alert_table.hpp"

#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::count;
using test::good;
using test::minute;
using test::synced;

const AlertKey silence{"silence", "dust-1", ""};
const AlertKey dusty{"limit", "dust-1", "pm10-alarm"};

class AlertTableTest : public ::testing::Test {
 protected:
  AlertFate raise(const AlertKey& key, Instant at) {
    return good(alert_table::raise(*database_, ledger_, key, synced(at), {{"value", 151.5}}));
  }
  AlertFate clear(const AlertKey& key, Instant at) {
    return good(alert_table::clear(*database_, ledger_, key, synced(at), {}));
  }
  std::string leaf(std::uint64_t index) { return good(ledger::leaf(*database_, index)); }
  std::vector<OpenAlert> open() { return good(alert_table::open(*database_)); }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  Ledger ledger_{"hz-demo", "gw1", Signer::from_seed("jieding/hz-demo/gw1", {}).value()};
};

TEST_F(AlertTableTest, RaisedAndClearedOnceEach) {
  EXPECT_EQ(raise(silence, minute(0)), AlertFate::Written);
  EXPECT_EQ(raise(silence, minute(1)), AlertFate::Already);
  ASSERT_EQ(open().size(), 1u);
  EXPECT_EQ(open()[0].raised, minute(0));
  EXPECT_EQ(open()[0].says.at("device").as_string(), "dust-1");
  EXPECT_EQ(clear(silence, minute(2)), AlertFate::Written);
  EXPECT_EQ(clear(silence, minute(3)), AlertFate::Already);
  EXPECT_TRUE(open().empty());
  EXPECT_EQ(count(*database_, "event"), 2);
}

TEST_F(AlertTableTest, TheEventsSayWhatAndOfWhich) {
  raise(dusty, minute(0));
  raise(silence, minute(1));
  clear(dusty, minute(2));
  EXPECT_NE(leaf(0).find(R"("data":{"act":"raise","alert":"limit","device":"dust-1",)"
                         R"("limit":"pm10-alarm","value":151.5})"),
            std::string::npos)
      << leaf(0);
  EXPECT_NE(leaf(2).find(R"("raised_index":0)"), std::string::npos) << leaf(2);
  ASSERT_EQ(open().size(), 1u);
  EXPECT_EQ(open()[0].key.kind, "silence");
  EXPECT_EQ(open()[0].ledger_index, 1u);
}

TEST_F(AlertTableTest, OfThosePastOnlyWhatWasRaisedSinceIsTold) {
  const AlertKey windy{"limit", "wind-1", "gale"};
  for (const auto& [key, raised] : {std::pair{silence, 0}, {dusty, 10}, {windy, 20}})
    raise(key, minute(raised));
  const auto past = [&](int since) {
    std::string devices;
    for (const OpenAlert& alert : good(alert_table::over_since(*database_, minute(since))))
      devices += alert.key.device + " ";
    return devices;
  };
  EXPECT_EQ(past(0), "") << "all of them stand";
  clear(silence, minute(30));
  clear(dusty, minute(30));
  EXPECT_EQ(past(0), "dust-1 dust-1 ");
  EXPECT_EQ(past(10), "dust-1 ") << "the silence was raised before, and only over since";
  EXPECT_EQ(past(11), "");
  raise(dusty, minute(40));
  EXPECT_EQ(past(0), "dust-1 ") << "it stands again";
}

TEST_F(AlertTableTest, WhatFlapsStaysRaisedUntilTheHourIsOver) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(raise(dusty, minute(i)), AlertFate::Written);
    EXPECT_EQ(leaf(2 * static_cast<unsigned>(i)).find("flapping"), std::string::npos);
    EXPECT_EQ(clear(dusty, minute(i)), AlertFate::Written);
  }
  EXPECT_EQ(raise(dusty, minute(5)), AlertFate::Written);
  EXPECT_NE(leaf(10).find(R"("flapping":true)"), std::string::npos);
  EXPECT_EQ(clear(dusty, minute(6)), AlertFate::Held);
  EXPECT_EQ(clear(dusty, minute(59)), AlertFate::Held);
  EXPECT_EQ(clear(dusty, minute(60)), AlertFate::Written);
  EXPECT_EQ(count(*database_, "event"), 12);
}

TEST_F(AlertTableTest, AClockThatWentBackHoldsNothing) {
  for (int i = 0; i < 5; ++i) {
    raise(dusty, minute(1000 + i));
    clear(dusty, minute(1000 + i));
  }
  raise(dusty, minute(0));
  EXPECT_EQ(clear(dusty, minute(1)), AlertFate::Written);
}

}  // namespace
}  // namespace jieding::sync
