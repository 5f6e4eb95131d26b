#include "sync/limit_book.hpp"

#include <boost/json/parse.hpp>

#include "sync/store.hpp"
#include "tests/sync/fixture.hpp"
#include "tests/sync/loop.hpp"

namespace jieding::sync {
namespace {

using test::count;
using test::good;
using test::minute;
using test::pm10;

Limit dusty() {
  Limit limit;
  limit.id = "pm10-alarm";
  limit.zh = "扬尘超标";
  limit.en = "Too much dust";
  limit.level = AlertLevel::Alarm;
  limit.quantity = "pm10";
  limit.unit = "ug/m3";
  limit.threshold = 150;
  limit.clear = 120;
  limit.gap = std::chrono::minutes{10};
  return limit;
}

class LimitBookTest : public ::testing::Test {
 protected:
  LimitBook::Looked look(const Batch& batch) {
    std::vector<const Reading*> fresh;
    for (const Reading& reading : batch)
      fresh.push_back(&reading);
    return good(book_.look(*database_, ledger_, std::move(fresh)));
  }
  void begin_writer() {
    ledger_.writer_begins();
    book_.writer_begins();
  }
  void undo_writer() {
    ledger_.writer_undone();
    book_.writer_undone();
  }
  std::vector<OpenAlert> open() { return good(alert_table::open(*database_)); }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  Ledger ledger_{"hz-demo", "gw1", Signer::from_seed("jieding/hz-demo/gw1", {}).value()};
  LimitBook book_{{dusty()}};
};

TEST_F(LimitBookTest, TheEventSaysWhatWasPassedByHowMuch) {
  EXPECT_EQ(look({pm10(160.5, minute(0))}).turned, 1u);
  ASSERT_EQ(open().size(), 1u);
  EXPECT_EQ(open()[0].says, boost::json::parse(R"({
    "alert": "limit", "act": "raise", "device": "dust-1", "limit": "pm10-alarm", "level": "alarm",
    "zh": "扬尘超标", "en": "Too much dust", "quantity": "pm10", "statistic": "realtime",
    "value": 160.5, "unit": "ug/m3", "above": 150.0, "clear": 120.0,
    "since": "2024-11-08T04:13:00Z"})")
                                .as_object());
}

TEST_F(LimitBookTest, EachDeviceIsHeldAgainstItByItself) {
  EXPECT_EQ(look({pm10(160, minute(0)), pm10(160, minute(0), "dust-2")}).turned, 2u);
  EXPECT_EQ(look({pm10(100, minute(1))}).turned, 1u);
  ASSERT_EQ(open().size(), 1u);
  EXPECT_EQ(open()[0].key.device, "dust-2");
}

TEST_F(LimitBookTest, ALimitOfSomeDevicesIsNoneOfOthers) {
  Limit limit = dusty();
  limit.devices = {"dust-2"};
  LimitBook book({limit});
  const Reading other = pm10(160, minute(0)), its = pm10(160, minute(0), "dust-2");
  EXPECT_EQ(good(book.look(*database_, ledger_, {&other})).turned, 0u);
  EXPECT_EQ(good(book.look(*database_, ledger_, {&its})).turned, 1u);
}

TEST_F(LimitBookTest, APackInAnyOrderIsTakenByTime) {
  EXPECT_EQ(look({pm10(100, minute(2)), pm10(160, minute(1))}).turned, 2u);
  EXPECT_TRUE(open().empty());
}

TEST_F(LimitBookTest, WhatComesLateRaisesNothingAndIsCounted) {
  Reading late = pm10(160, minute(0));
  late.received.at = minute(60);
  const auto looked = look({late});
  EXPECT_EQ(looked.turned, 0u);
  EXPECT_EQ(looked.untimely, 1u);
  late.quantity = "humidity";  // no limit is for it
  EXPECT_EQ(look({late}).untimely, 0u);
}

TEST_F(LimitBookTest, AnUndoneWriterLeavesNothingRaised) {
  look({pm10(100, minute(0))});
  book_.committed();
  {
    auto transaction = good(Transaction::begin(*database_));
    begin_writer();
    look({pm10(160, minute(1))});
    look({pm10(170, minute(1), "dust-2")});
  }
  undo_writer();
  EXPECT_TRUE(open().empty());
  EXPECT_EQ(look({pm10(160, minute(1))}).turned, 1u) << "the same reading, handed in again";
  EXPECT_EQ(look({pm10(170, minute(1), "dust-2")}).turned, 1u);
}

TEST_F(LimitBookTest, OnlyTheUndoneWriterOfAGroupIsUndone) {
  begin_writer();
  look({pm10(160, minute(0))});
  begin_writer();
  {
    auto savepoint = good(Transaction::begin(*database_));
    EXPECT_EQ(look({pm10(100, minute(1))}).turned, 1u);
  }
  undo_writer();
  EXPECT_EQ(look({pm10(160, minute(2))}).turned, 0u) << "still raised";
  EXPECT_EQ(look({pm10(100, minute(3))}).turned, 1u);
}

TEST_F(LimitBookTest, ARestartNeitherRaisesAgainNorForgetsToClear) {
  look({pm10(160, minute(0))});
  LimitBook restarted({dusty()});
  good(restarted.load(*database_));
  const Reading beyond = pm10(170, minute(1)), back = pm10(100, minute(2));
  EXPECT_EQ(good(restarted.look(*database_, ledger_, {&beyond})).turned, 0u);
  EXPECT_EQ(good(restarted.look(*database_, ledger_, {&back})).turned, 1u);
  EXPECT_TRUE(open().empty());
}

TEST_F(LimitBookTest, AChangeIsKnownAfterARestartFromWhatIsStored) {
  Limit limit = dusty();
  limit.over = std::chrono::hours{1};
  limit.threshold = limit.clear = 5;
  ReadingStore store;
  Batch before{pm10(100, minute(0)), pm10(103, minute(30)), pm10(900, minute(40)),
               pm10(100, minute(0), "dust-2")};
  before[2].flag = "D";  // the station calls itself faulty
  good(store.store(*database_, before));
  LimitBook restarted({limit});
  good(restarted.load(*database_));
  const Reading slow = pm10(105, minute(60)), fast = pm10(109, minute(90));
  EXPECT_EQ(good(restarted.look(*database_, ledger_, {&slow})).turned, 0u);
  EXPECT_EQ(good(restarted.look(*database_, ledger_, {&fast})).turned, 1u);
  const auto said = open().at(0).says;
  EXPECT_EQ(said.at("value").to_number<double>(), 6);
  EXPECT_EQ(said.at("over_s").to_number<double>(), 3600);
}

TEST_F(LimitBookTest, AFlappingSensorCannotFillTheLedger) {
  for (int i = 0; i < 3000; ++i) {
    Reading reading = pm10(i % 2 == 0 ? 160 : 100, minute(0) + std::chrono::seconds(i));
    look({reading});
  }
  EXPECT_EQ(count(*database_, "event"), 11) << "six raises, and five clears between them";
}

TEST(LimitStore, TheTurnIsStoredWithItsReadingAndASecondSendingTurnsNothing) {
  test::TempFolder folder;
  test::Loop loop;
  Store::Options options;
  options.state = folder.path() / "state";
  options.site = "hz-demo";
  options.gateway = "gw1";
  options.alert_limits = {dusty()};
  options.survive_power_loss = false;
  for (int start = 0; start < 2; ++start) {
    auto store = good(Store::open(loop.executor(), options));
    EXPECT_EQ(good(loop.run(store->readings({pm10(160, minute(0))}))).alerts, start == 0 ? 1u : 0u);
    EXPECT_EQ(good(loop.run(store->alerts())).size(), 1u);
    EXPECT_EQ(store->checkpoint().size, 1u);
    store->close();
  }
}

}  // namespace
}  // namespace jieding::sync
