// Laws of the milestone lane: what the platform has receipted is done, nothing else is.
#include <algorithm>

#include "tests/uplink/uplink_test.hpp"

namespace jieding::test {
namespace {

using Receipts = Platform::Receipts;
using std::chrono::milliseconds;

using UplinkEvents = UplinkTest;

/// Whether no event came before all below it had come; again is allowed.
bool came_in_order(const std::vector<std::uint64_t>& indexes) {
  std::uint64_t next = 0;
  for (const std::uint64_t index : indexes) {
    if (index > next) return false;
    next = std::max(next, index + 1);
  }
  return true;
}

TEST_F(UplinkEvents, EventsArriveInLedgerOrder) {
  start_broker();
  start_platform(Receipts::Automatic);
  box_.append_events(100);
  auto options = quick();
  options.uplink.event_window = 16;
  box_.start(options);
  box_.append_events(50);
  ASSERT_TRUE(until([&] { return platform_->held() == 150; }));
  std::vector<std::uint64_t> first_time;
  for (const std::uint64_t index : platform_->events()) {
    if (std::find(first_time.begin(), first_time.end(), index) == first_time.end()) {
      first_time.push_back(index);
    }
  }
  EXPECT_TRUE(std::is_sorted(first_time.begin(), first_time.end()));
  EXPECT_EQ(first_time.size(), 150u);
  EXPECT_TRUE(until([&] { return box_.receipted() == 150; }));
}

TEST_F(UplinkEvents, AlertsGoTheWayOfMilestones) {
  start_broker();
  start_platform(Receipts::Automatic);
  box_.silence("dust-1", true);
  box_.pass_limit("dust-1");
  box_.silence("dust-1", false);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return box_.receipted() == 3; }));
  const sync::Message& raised = *platform_->on("/event")[1];
  EXPECT_NE(raised.payload.find(R"("type":"io.jieding.alert.v1","subject":"dust-1")"),
            std::string::npos)
      << raised.payload;
}

TEST_F(UplinkEvents, FindingsGoTheWayOfMilestonesAndTheirPhotosFollow) {
  start_broker();
  start_platform(Receipts::Automatic);
  box_.find_and_close();
  box_.start(quick());
  ASSERT_TRUE(until([&] { return box_.receipted() == 3; }));
  ASSERT_TRUE(until([&] { return !platform_->on("/evidence/").empty(); }));
  const auto events = platform_->on("/event");
  for (const sync::Message* event : {events[0], events[2]})
    EXPECT_NE(event->payload.find(R"("type":"io.jieding.finding.v1","subject":"finding/0")"),
              std::string::npos)
        << event->payload;
}

TEST_F(UplinkEvents, AnActionNamesWhatItIsForAndWhatHasToBegin) {
  const auto message = sync::event_message(
      sync::Topics("hz-demo", "gw1"), 7,
      R"({"at":"2024-11-08T04:13:00Z","data":{"act":"start","action":"return_preparation",)"
      R"("subject":"p1"},"type":"action"})");
  EXPECT_NE(
      message.payload.find(R"("type":"io.jieding.action.v1","subject":"p1/return_preparation")"),
      std::string::npos)
      << message.payload;
}

TEST_F(UplinkEvents, ReceiptsOfACatchUpAreGathered) {
  start_broker();
  start_platform(Receipts::Automatic);
  box_.append_events(400);
  const auto commits = [&] { return box_.store().journal().metrics().commits; };
  const auto before = commits();
  auto options = quick();
  options.uplink.event_window = 32;
  box_.start(options);
  ASSERT_TRUE(until([&] { return box_.uplink().status().events_receipted == 400; }));
  EXPECT_LT(commits() - before, 200u) << "one for each event would be 400";
  EXPECT_TRUE(came_in_order(platform_->events()));
}

TEST_F(UplinkEvents, ReceiptFreesTheWindow) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(20);
  auto options = quick();
  options.uplink.event_window = 8;
  box_.start(options);
  ASSERT_TRUE(until([&] { return platform_->held() == 8; }));
  platform_->receipt(8);
  ASSERT_TRUE(until([&] { return platform_->held() == 16; }));
  platform_->receipt(10);
  ASSERT_TRUE(until([&] { return platform_->held() == 18; }));
  EXPECT_EQ(box_.receipted(), 10u);
  EXPECT_EQ(platform_->events().size(), 18u);  // nothing twice
}

TEST_F(UplinkEvents, NothingIsFreedWithoutAReceipt) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(20);
  auto options = quick();
  options.uplink.event_window = 8;
  options.uplink.receipt_timeout = milliseconds{50};
  box_.start(options);
  ASSERT_TRUE(until([&] { return platform_->times(7) >= 4; }));
  const auto events = platform_->events();
  EXPECT_EQ(*std::max_element(events.begin(), events.end()), 7u);
  EXPECT_EQ(box_.receipted(), 0u);
  EXPECT_EQ(box_.uplink().status().events_receipted, 0u);
}

TEST_F(UplinkEvents, GapIsResentAtOnce) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(10);
  box_.start(quick());  // its timer would be an hour
  ASSERT_TRUE(until([&] { return platform_->held() == 10; }));
  platform_->receipt(4);
  ASSERT_TRUE(until([&] { return box_.uplink().status().events_receipted == 4; }));
  EXPECT_EQ(platform_->times(4), 1);
  platform_->receipt(4);
  ASSERT_TRUE(until([&] { return platform_->times(9) == 2; }));
  EXPECT_EQ(platform_->times(4), 2);
  EXPECT_EQ(platform_->times(3), 1);
}

TEST_F(UplinkEvents, TimerResendsTheWindow) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(5);
  auto options = quick();
  options.uplink.receipt_timeout = milliseconds{50};
  box_.start(options);
  ASSERT_TRUE(until([&] { return platform_->times(0) >= 3 && platform_->times(4) >= 3; }));
  platform_->receipt(2);
  ASSERT_TRUE(until([&] { return box_.uplink().status().events_receipted == 2; }));
  const int before = platform_->times(0);
  const int last_before = platform_->times(4);
  ASSERT_TRUE(until([&] { return platform_->times(4) >= last_before + 3; }));
  EXPECT_LE(platform_->times(0), before + 1);  // one round may have been on its way
}

TEST_F(UplinkEvents, ReceiptWithWrongRootFreesNothing) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(10);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->held() == 10; }));
  platform_->publish("receipt", R"({"size":5,"root":")" + std::string(64, 'a') + R"("})");
  ASSERT_TRUE(until([&] { return !box_.uplink().status().alarm.empty(); }));
  EXPECT_EQ(box_.receipted(), 0u);
  EXPECT_EQ(platform_->times(9), 1);
  platform_->receipt(5);
  ASSERT_TRUE(until([&] { return box_.uplink().status().alarm.empty(); }));
  EXPECT_EQ(box_.receipted(), 5u);
}

TEST_F(UplinkEvents, ConflictWithThePlatformIsAnEventUntilItIsOver) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(10);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->held() == 10; }));
  const std::string wrong = R"({"size":5,"root":")" + std::string(64, 'a') + R"("})";
  platform_->publish("receipt", wrong);
  ASSERT_TRUE(until([&] { return platform_->held() == 11; }));
  platform_->publish("receipt", wrong);  // as after each reconnection
  const std::string told = platform_->on("/event").back()->payload;
  EXPECT_NE(told.find(R"(\"alert\":\"conflict\")"), std::string::npos) << told;
  EXPECT_NE(told.find(std::string(64, 'a')), std::string::npos);
  EXPECT_EQ(box_.wait(box_.store().alerts())->size(), 1u);
  platform_->receipt(11);
  ASSERT_TRUE(until([&] { return platform_->held() == 12; }));
  EXPECT_NE(platform_->on("/event").back()->payload.find(R"(\"act\":\"clear\")"),
            std::string::npos);
  EXPECT_TRUE(box_.wait(box_.store().alerts())->empty());
  EXPECT_EQ(box_.store().checkpoint().size, 12u);
}

TEST_F(UplinkEvents, RestoredBackupIsToldByThePlatformsReceipt) {
  start_broker();
  start_platform(Receipts::Automatic);
  box_.append_events(3);
  box_.close();
  const auto backup = make_folder("jieding-backup");
  std::filesystem::copy(folder_, backup, std::filesystem::copy_options::recursive);
  box_.open(folder_);
  box_.append_events(5);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return box_.receipted() == 8; }));
  box_.close();
  box_.open(backup);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return box_.store().checkpoint().size == 4; }));
  const auto raised = *box_.wait(box_.store().alerts());
  ASSERT_EQ(raised.size(), 1u);
  EXPECT_EQ(raised[0].key.kind, "conflict");
  EXPECT_EQ(raised[0].says.at("of").as_string(), "size");
  EXPECT_EQ(raised[0].says.at("size").to_number<int>(), 8);
  EXPECT_EQ(raised[0].says.at("own_size").to_number<int>(), 3);
  box_.append_events(10);  // longer than what the platform has, and another story
  ASSERT_TRUE(
      until([&] { return box_.uplink().status().alarm.find("differs") != std::string::npos; }));
  box_.close();
  std::filesystem::remove_all(backup);
}

TEST_F(UplinkEvents, ReceiptForMoreThanWasWrittenFreesNothing) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(3);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->held() == 3; }));
  platform_->publish("receipt", R"({"size":4,"root":")" + std::string(64, 'b') + R"("})");
  ASSERT_TRUE(until([&] { return !box_.uplink().status().alarm.empty(); }));
  EXPECT_EQ(box_.receipted(), 0u);
  EXPECT_TRUE(until([&] { return box_.store().checkpoint().size == 4; }));
}

TEST_F(UplinkEvents, OlderReceiptRewindsTheLane) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(10);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->held() == 10; }));
  platform_->receipt(10);
  ASSERT_TRUE(until([&] { return box_.uplink().status().events_receipted == 10; }));
  platform_->receipt(3);  // it was restored from an older copy
  ASSERT_TRUE(until([&] { return platform_->times(9) == 2; }));
  EXPECT_EQ(platform_->times(3), 2);
  EXPECT_EQ(platform_->times(2), 1);
  platform_->receipt(10);
  EXPECT_TRUE(until([&] { return box_.receipted() == 10; }));
}

TEST_F(UplinkEvents, MalformedReceiptIsIgnored) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(4);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->held() == 4; }));
  const std::string root(64, '0');
  const std::vector<std::string> wrong{
      "",
      "nonsense",
      "[1,2]",
      R"({"size":-1,"root":")" + root + "\"}",
      R"({"size":1.5,"root":")" + root + "\"}",
      R"({"size":"4","root":")" + root + "\"}",
      R"({"size":4})",
      R"({"size":4,"root":"00"})",
      R"({"size":4,"root":")" + std::string(64, 'A') + "\"}",
      R"({"size":99999999999999999999,"root":")" + root + "\"}",
      std::string(200, '[') + std::string(200, ']'),
      R"({"size":4,"root":")" + root + R"(","x":")" + std::string(5000, 'x') + "\"}",
      std::string("\xff\xfe{}"),
  };
  for (const std::string& payload : wrong)
    platform_->publish("receipt", payload);
  ASSERT_TRUE(until([&] { return box_.uplink().status().ignored == wrong.size(); }));
  EXPECT_EQ(box_.receipted(), 0u);
  platform_->receipt(4);
  EXPECT_TRUE(until([&] { return box_.receipted() == 4; }));
}

TEST_F(UplinkEvents, RequestedEventsComeAgainAndTheRequestIsAnswered) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(10);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->held() == 10; }));
  platform_->receipt(10);
  ASSERT_TRUE(until([&] { return box_.uplink().status().events_receipted == 10; }));
  platform_->publish("request", R"({"op":"resend","from":7})", "jieding/v1/answers");
  ASSERT_TRUE(until([&] { return platform_->times(9) == 2 && !platform_->on("answers").empty(); }));
  EXPECT_EQ(platform_->times(7), 2);
  EXPECT_EQ(platform_->times(6), 1);
  EXPECT_EQ(box_.receipted(), 10u);
  EXPECT_EQ(platform_->on("answers")[0]->payload, R"({"ok":true})");
  EXPECT_EQ(platform_->on("answers")[0]->correlation, "question-1");
}

TEST_F(UplinkEvents, RepetitionDoesNotHoldBackWhatIsNew) {
  start_broker();
  start_platform(Receipts::Automatic);
  constexpr int month = 300;
  box_.append_events(month);
  auto options = quick();
  options.uplink.event_window = 16;
  box_.start(options);
  ASSERT_TRUE(until([&] { return box_.receipted() == month; }));
  platform_->publish("request", R"({"op":"resend","from":0})");
  ASSERT_TRUE(until([&] { return platform_->times(0) == 2; }));
  box_.append_events(1);
  ASSERT_TRUE(until([&] { return platform_->held() == month + 1; }));
  EXPECT_EQ(platform_->times(month - 1), 1);
  EXPECT_TRUE(until([&] { return platform_->times(month - 1) == 2; }));
}

TEST_F(UplinkEvents, PlatformAwayForAMonthCatchesUpInOrderWhileNewEventsCome) {
  constexpr int month = 3000;  // tests/bench/uplink_catch_up has tens of thousands
  start_broker();
  start_platform(Receipts::Automatic);
  box_.append_events(1);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return box_.receipted() == 1; }));
  platform_->leave();
  box_.append_events(month);
  box_.put_readings(month);
  platform_->join();
  ASSERT_TRUE(until([&] {
    box_.append_events(1);
    return platform_->held() >= month / 2;
  }));
  const std::uint64_t all = box_.store().checkpoint().size;
  ASSERT_GT(all, month + 2u) << "nothing was written while the platform caught up";
  ASSERT_TRUE(until([&] { return platform_->held() == all; }));
  EXPECT_TRUE(until([&] { return box_.receipted() == all; }));
  EXPECT_TRUE(came_in_order(platform_->events()));
}

TEST_F(UplinkEvents, CatchingUpHoldsBackNeitherTheStateNorAnAnswer) {
  constexpr int month = 3000;
  start_broker();
  start_platform(Receipts::Automatic);
  box_.append_events(1);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return box_.receipted() == 1; }));
  platform_->leave();
  box_.append_events(month);
  platform_->join();
  ASSERT_TRUE(until([&] { return platform_->held() >= 100; }));
  for (std::size_t n = 1; n <= 10; ++n) {
    box_.put_frame(7, {});
    platform_->publish("request", R"({"op":"resend","from":0})", "jieding/v1/answers");
    const std::uint64_t asked = platform_->held();
    ASSERT_TRUE(until([&] {
      return platform_->on("/state/").size() >= n && platform_->on("answers").size() >= n;
    }));
    EXPECT_LE(platform_->held() - asked, 4 * quick().uplink.event_window);
  }
  EXPECT_LT(platform_->held(), static_cast<std::uint64_t>(month));
  EXPECT_TRUE(until([&] { return platform_->held() == month + 1u; }));
}

TEST_F(UplinkEvents, RequestBeyondTheLedgerIsAnsweredWithTheReason) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(2);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->held() == 2; }));
  platform_->publish("request", R"({"op":"resend","from":3})", "jieding/v1/answers");
  ASSERT_TRUE(until([&] { return !platform_->on("answers").empty(); }));
  EXPECT_NE(platform_->on("answers")[0]->payload.find("only 2 events"), std::string::npos);
}

TEST_F(UplinkEvents, UnknownRequestIsAnsweredWithTheReason) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->health() == "online"; }));
  platform_->publish("request", R"({"op":"explode"})", "jieding/v1/answers");
  ASSERT_TRUE(until([&] { return !platform_->on("answers").empty(); }));
  EXPECT_NE(platform_->on("answers")[0]->payload.find(R"("ok":false)"), std::string::npos);
}

TEST_F(UplinkEvents, BrokerAwayForAWhileLosesNothing) {
  start_broker();
  start_platform(Receipts::Automatic);
  box_.append_events(20);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->held() == 20; }));
  broker_->kill();
  ASSERT_TRUE(until([&] { return box_.uplink().status().state != sync::UplinkState::Connected; }));
  box_.append_events(20);
  box_.put_readings(20);
  broker_->start();
  ASSERT_TRUE(until([&] { return platform_->held() == 40; }));
  EXPECT_TRUE(until([&] { return box_.receipted() == 40; }));
}

TEST_F(UplinkEvents, BrokerThatDropsItsQueueLosesNoEvent) {
  // Mosquitto acknowledges QoS 1 messages for an absent subscriber and drops what exceeds its
  // limit.
  start_broker("max_queued_messages 5\nmax_inflight_messages 5");
  start_platform(Receipts::Automatic);
  platform_->leave();
  box_.append_events(50);
  auto options = quick();
  options.uplink.receipt_timeout = milliseconds{100};
  box_.start(options);
  ASSERT_TRUE(until([&] { return box_.uplink().status().events_sent == 50; }));
  EXPECT_EQ(platform_->held(), 0u);
  platform_->join();
  ASSERT_TRUE(until([&] { return platform_->held() == 50; }));
  EXPECT_TRUE(until([&] { return box_.receipted() == 50; }));
}

}  // namespace
}  // namespace jieding::test
