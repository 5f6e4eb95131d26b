// Laws of the lanes behind milestones.
#include <set>

#include "tests/uplink/uplink_test.hpp"

namespace jieding::test {
namespace {

using Receipts = Platform::Receipts;
using UplinkLanes = UplinkTest;

TEST_F(UplinkLanes, StateIsRetainedNewestWins) {
  start_broker();
  for (int storeys = 1; storeys <= 3; ++storeys)
    box_.put_frame(storeys, "");
  start_platform(Receipts::Automatic);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return !platform_->on("/state/b1").empty(); }));
  ASSERT_TRUE(until([&] { return box_.uplink().status().state_waiting == 0; }));
  EXPECT_EQ(platform_->on("/state/b1").size(), 1u);  // the older two never left
  box_.put_frame(4, "");
  ASSERT_TRUE(until([&] { return platform_->on("/state/b1").size() == 2; }));
  box_.stop();

  Platform later(io_, broker_->port(), Receipts::ByHand, "platform-2");
  later.join();
  ASSERT_TRUE(until([&] { return !later.on("/state/b1").empty(); }));
  EXPECT_TRUE(later.on("/state/b1")[0]->retained);
  EXPECT_NE(later.on("/state/b1")[0]->payload.find(R"("storeys":4)"), std::string::npos)
      << later.on("/state/b1")[0]->payload;
}

TEST_F(UplinkLanes, StateComesAgainWhenAskedFor) {
  start_broker();
  box_.put_frame(7, "");
  start_platform(Receipts::Automatic);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->on("/state/b1").size() == 1; }));
  ASSERT_TRUE(until([&] { return box_.uplink().status().state_waiting == 0; }));
  platform_->publish("request", R"({"op":"state"})", "jieding/v1/answers");
  ASSERT_TRUE(until([&] { return platform_->on("/state/b1").size() == 2; }));
  EXPECT_EQ(platform_->on("/state/b1")[0]->payload, platform_->on("/state/b1")[1]->payload);
  EXPECT_TRUE(until([&] { return !platform_->on("answers").empty(); }));
}

TEST_F(UplinkLanes, EvidenceGoesBeforeTelemetry) {
  start_broker();
  start_platform(Receipts::Automatic);
  for (int i = 1; i <= 10; ++i)
    box_.put_frame(i, "picture " + std::to_string(i));
  box_.put_readings(200);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->on("/telemetry").size() == 200; }));
  EXPECT_EQ(platform_->on("/evidence/").size(), 10u);
  bool telemetry_came = false;
  for (const sync::Message& message : platform_->messages()) {
    telemetry_came = telemetry_came || message.topic.ends_with("/telemetry");
    EXPECT_FALSE(telemetry_came && message.topic.find("/evidence/") != std::string::npos);
  }
  const sync::Message& picture = *platform_->on("/evidence/")[0];
  EXPECT_TRUE(picture.topic.ends_with(sync::sha256_hex(picture.payload)));
  EXPECT_TRUE(until([&] { return box_.uplink().status().evidence_waiting == 0; }));
}

TEST_F(UplinkLanes, LatestPictureOfACameraComesWhenAskedFor) {
  start_broker();
  start_platform(Receipts::Automatic);
  box_.put_frame(1, "earlier");
  box_.put_frame(2, "latest");
  box_.start(quick());
  ASSERT_TRUE(until([&] {
    return box_.uplink().status().evidence_waiting == 0 && platform_->on("/evidence/").size() == 2;
  }));
  platform_->publish("request", R"({"op":"picture","camera":"mast"})", "jieding/v1/answers");
  ASSERT_TRUE(until([&] {
    return platform_->on("/evidence/").size() == 3 && !platform_->on("answers").empty();
  }));
  EXPECT_EQ(platform_->on("/evidence/").back()->payload, "latest");
  const sync::Message& answer = *platform_->on("answers")[0];
  EXPECT_EQ(answer.payload, R"({"ok":true,"sha256":")" + sync::sha256_hex("latest") +
                                R"(","taken":"2024-11-08T06:13:00Z"})");
  EXPECT_EQ(answer.correlation, "question-1");
  platform_->publish("request", R"({"op":"picture","camera":"attic"})", "jieding/v1/answers");
  ASSERT_TRUE(until([&] { return platform_->on("answers").size() == 2; }));
  EXPECT_NE(platform_->on("answers")[1]->payload.find("no picture"), std::string::npos);
}

TEST_F(UplinkLanes, EvidenceThatTheBrokerCannotTakeStopsNothing) {
  start_broker("max_packet_size 5000");
  start_platform(Receipts::Automatic);
  box_.put_frame(1, std::string(20'000, 'x'));
  box_.put_frame(2, "small enough");
  box_.put_readings(3);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->on("/telemetry").size() == 3; }));
  ASSERT_EQ(platform_->on("/evidence/").size(), 1u);
  EXPECT_EQ(platform_->on("/evidence/")[0]->payload, "small enough");
}

TEST_F(UplinkLanes, TelemetryGoesInPacks) {
  start_broker();
  start_platform(Receipts::Automatic);
  box_.put_readings(450);
  auto options = quick();
  options.uplink.telemetry_pack = 200;
  box_.start(options);
  ASSERT_TRUE(until([&] { return platform_->on("/telemetry").size() == 3; }));
  EXPECT_TRUE(platform_->on("/telemetry")[0]->payload.starts_with(
      R"([{"bn":"urn:dev:jieding:hz-demo:pm-1:","n":"pm10/realtime","u":"ug/m3","v":41,"t":1731039181)"))
      << platform_->on("/telemetry")[0]->payload.substr(0, 200);
  EXPECT_EQ(platform_->on("/telemetry")[0]->content_type, "application/senml+json");
}

TEST_F(UplinkLanes, TelemetryCursorSurvivesRestart) {
  start_broker();
  start_platform(Receipts::Automatic);
  box_.put_readings(300);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->on("/telemetry").size() == 300; }));
  ASSERT_TRUE(until([&] { return box_.uplink().status().telemetry_waiting == 0; }));
  box_.close();
  box_.open(folder_);
  box_.put_readings(10);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->on("/telemetry").size() >= 310; }));
  box_.append_events(1);  // comes after all telemetry that was sent before it
  ASSERT_TRUE(until([&] { return platform_->held() == 1; }));
  EXPECT_EQ(platform_->on("/telemetry").size(), 310u);
}

// A broker acknowledges what nobody has subscribed to, and throws it away.
TEST_F(UplinkLanes, TelemetryAndEvidenceWaitUntilSomebodyListens) {
  start_broker();
  box_.put_readings(50);
  box_.put_frame(1, "a picture");
  box_.start(quick());
  ASSERT_TRUE(until([&] { return box_.uplink().status().state_waiting == 0; }));  // it is retained
  start_platform(Receipts::Automatic);
  ASSERT_TRUE(until([&] { return platform_->on("/telemetry").size() == 50; }));
  ASSERT_TRUE(until([&] { return platform_->on("/evidence/").size() == 1; }));
  EXPECT_TRUE(until([&] { return box_.uplink().status().telemetry_waiting == 0; }));
}

TEST_F(UplinkLanes, TelemetryThatWasOnItsWayComesAgain) {
  start_broker();
  start_platform(Receipts::Automatic);
  auto options = quick();
  box_.start(options);
  ASSERT_TRUE(until([&] { return platform_->health() == "online"; }));
  broker_->freeze();
  box_.put_readings(50);
  broker_->kill();
  broker_->start();
  std::set<std::string> different;
  ASSERT_TRUE(until([&] {
    for (const auto* message : platform_->on("/telemetry"))
      different.insert(message->payload);
    return different.size() == 50;
  }));
}

}  // namespace
}  // namespace jieding::test
