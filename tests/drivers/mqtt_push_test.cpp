#include <gmock/gmock.h>

#include "tests/drivers/house.hpp"
#include "tests/drivers/mqtt_bytes.hpp"

namespace jieding::drivers::test {
namespace {

using namespace mqtt_bytes;
using testing::ElementsAre;
using testing::StartsWith;

constexpr std::string_view topic = "jieding/v1/push/hoist-1/readings";
constexpr std::string_view one = R"([{"n":"hoist_height","u":"m","v":4,"t":1773547200}])";
const std::string accepted_311("\x20\x02\x00\x00", 4);

std::string reading(int number) {
  return R"([{"n":"hoist_height","u":"m","v":4,"t":)" + std::to_string(1773547200 + number) + "}]";
}

std::string goodbye(unsigned reason) {
  return packet(0xE0, byte(reason));
}

/// A device at the other end of a real socket.
class Device {
 public:
  explicit Device(House& house) : house_(house), socket_(house.io) {
    socket_.connect({asio::ip::address_v4::loopback(), house.driver().port()});
    socket_.non_blocking(true);
    house.pump(5ms);
  }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      boost::system::error_code failed;
      bytes.remove_prefix(socket_.write_some(asio::buffer(bytes), failed));
      house_.pump(1ms);
      if (failed && failed != asio::error::would_block) return;
    }
  }
  const std::string& heard() {
    std::array<char, 4096> chunk;
    boost::system::error_code failed;
    while (!failed) {
      const auto count = socket_.read_some(asio::buffer(chunk), failed);
      heard_.append(chunk.data(), count);
    }
    closed_ = closed_ || failed != asio::error::would_block;
    return heard_;
  }
  bool is_told(const std::string& answers) {
    const bool came = house_.until([&] { return heard().size() >= answers.size(); }, 3s);
    return came && std::exchange(heard_, {}) == answers;
  }
  bool is_hung_up(std::chrono::milliseconds patience = 3s) {
    return house_.until([&] { return heard(), closed_; }, patience);
  }
  /// Signs in and takes the answer, whatever it is.
  std::string sign_in(const Hello& hello) {
    send(connect(hello));
    house_.until([&] { return heard().size() >= 4 && heard_.size() >= 2u + size_t(heard_[1]); },
                 3s);
    return std::exchange(heard_, {});
  }
  void leave() { socket_.close(); }

 private:
  House& house_;
  tcp::socket socket_;
  std::string heard_;
  bool closed_ = false;
};

Hello hello_of(unsigned level) {
  Hello hello;
  hello.level = level;
  return hello;
}

class MqttPush : public testing::Test {
 protected:
  void device(const std::string& id, std::string_view token) {
    config::Device& added = house.config.devices.emplace_back();
    added.id = id;
    added.driver = "mqtt";
    added.token_file = scratch.write(id + ".token", token);
  }
  void configure(std::string key, config::Settings::Value value) {
    settings_.set(std::move(key), std::move(value));
  }
  void open() {
    configure("listen", std::string("127.0.0.1:0"));
    house.config.drivers.push_back({"mqtt", settings_});
    device("hoist-1", "hoist-token-0123456789");
    device("crane-1", "crane-token-0123456789");
    house.start("mqtt");
  }
  std::string publish_one(unsigned level, unsigned id) { return publish(level, id, topic, one); }

  Scratch scratch{"jieding-mqtt"};
  House house;

 private:
  config::Settings settings_;
};

TEST_F(MqttPush, WhoCameWithAnOldTokenHasToComeAgain) {
  open();
  Device hoist(house), crane(house);
  hoist.sign_in(hello_of(5));
  Hello other = hello_of(5);
  other.user = "crane-1";
  other.password = "crane-token-0123456789";
  crane.sign_in(other);
  scratch.write("hoist-1.token", "another-token-0123456789");
  house.driver().read_token_again("hoist-1");
  EXPECT_TRUE(hoist.is_told(goodbye(0x87)));
  EXPECT_TRUE(hoist.is_hung_up());
  EXPECT_FALSE(crane.is_hung_up(50ms));
  Device again(house);
  EXPECT_EQ(again.sign_in(hello_of(5)), std::string("\x20\x03\x00\x86\x00", 5));
}

TEST_F(MqttPush, AcknowledgementWaitsForTheCommit) {
  open();
  for (const unsigned level : {4u, 5u}) {
    Device hoist(house);
    hoist.sign_in(hello_of(level));
    house.intake.hold();
    hoist.send(publish_one(level, 7));
    house.pump(50ms);
    EXPECT_EQ(hoist.heard(), "");
    house.intake.release();
    EXPECT_TRUE(hoist.is_told(puback(7)));
  }
  EXPECT_EQ(house.intake.batches.at(0).at(0).device, "hoist-1");
}

TEST_F(MqttPush, WhatIsNotSavedIsNotAcknowledgedAndTheDeviceComesAgain) {
  open();
  house.intake.fault = Error{Fault::Full, "no room"};
  Device five(house);
  five.sign_in(hello_of(5));
  five.send(publish_one(5, 7));
  EXPECT_TRUE(five.is_told(goodbye(0x97)));
  EXPECT_TRUE(five.is_hung_up());
  Device three(house);
  three.sign_in(hello_of(4));
  three.send(publish_one(4, 7));
  EXPECT_TRUE(three.is_hung_up());
  EXPECT_EQ(three.heard(), "");
}

TEST_F(MqttPush, WelcomeSaysTheLimits) {
  configure("receive_maximum", std::int64_t{20});
  open();
  Device hoist(house);
  const std::string welcome = hoist.sign_in(hello_of(5));
  EXPECT_THAT(welcome.substr(2), StartsWith(byte(0) + byte(0)));
  EXPECT_NE(welcome.find(byte(0x21) + two(20)), std::string::npos);        // receive maximum
  EXPECT_NE(welcome.find(byte(0x24) + byte(1)), std::string::npos);        // maximum QoS
  EXPECT_NE(welcome.find(byte(0x27) + four(266'240)), std::string::npos);  // packet size
  EXPECT_NE(welcome.find(byte(0x22) + two(0)), std::string::npos);         // topic aliases
  EXPECT_NE(welcome.find(byte(0x13) + two(600)), std::string::npos);       // keep-alive
}

TEST_F(MqttPush, NoAnswerIsLongerThanTheClientTakes) {
  open();
  Hello hello;
  hello.properties = byte(0x27) + four(10);
  Device tiny(house);
  EXPECT_EQ(tiny.sign_in(hello), std::string("\x20\x03\x00\x95\x00", 5));
  EXPECT_TRUE(tiny.is_hung_up());
  hello.properties = byte(0x27) + four(40);
  Device small(house);
  small.sign_in(hello);
  small.send(publish(5, 1, "elsewhere", one));
  EXPECT_TRUE(small.is_told(packet(0x40, two(1) + byte(0x90))));  // without the reason in words
}

TEST_F(MqttPush, ManyAnswersKeepTheOrderOfArrival) {
  open();
  Device hoist(house);
  hoist.sign_in(hello_of(5));
  std::string sent;
  std::string answers;
  const std::string detail = "not JSON: incomplete JSON";
  for (unsigned id = 1; id <= 20; ++id) {
    sent += publish(5, id, topic, id % 5 == 0 ? "{" : reading(static_cast<int>(id)));
    answers += id % 5 == 0
                   ? packet(0x40, two(id) + byte(0x99) + byte(28) + byte(0x1F) + text(detail))
                   : puback(id);
  }
  hoist.send(sent);
  EXPECT_TRUE(hoist.is_told(answers));
  EXPECT_EQ(house.intake.refusals.size(), 4u);
}

TEST_F(MqttPush, SpoiltMessageDoesNotSpoilItsNeighbours) {
  open();
  Device hoist(house);
  hoist.sign_in(hello_of(4));
  house.intake.hold();
  hoist.send(publish(4, 1, topic, reading(1)) + publish(4, 2, topic, reading(2)));
  house.pump(20ms);
  house.intake.fault = Error{Fault::Invalid, "no"};
  house.intake.release();
  EXPECT_TRUE(hoist.is_told(puback(1) + puback(2)));  // 3.1.1 cannot hear why
  EXPECT_THAT(house.intake.reasons(), ElementsAre("rejected", "rejected"));
  EXPECT_EQ(house.intake.arrived, 3u);  // both together, then each alone
}

TEST_F(MqttPush, RefusedContentIsAnsweredAndKept) {
  open();
  Device three(house);
  three.sign_in(hello_of(4));
  three.send(publish(4, 1, topic, "{bad"));
  EXPECT_TRUE(three.is_told(puback(1)));
  three.send(publish(4, 2, topic, R"([{"n":"crane-1/crane_load","v":1}])"));
  EXPECT_TRUE(three.is_told(puback(2)));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("format", "foreign_device"));
  EXPECT_EQ(house.intake.refusals[0].bytes, "{bad");
  EXPECT_EQ(house.intake.refusals[0].device, "hoist-1");
}

TEST_F(MqttPush, StrangersAreTurnedAway) {
  open();
  Hello hello;
  for (const auto& [user, password] : std::map<std::string, std::string>{
           {"hoist-1", "crane-token-0123456789"}, {"nobody", "hoist-token-0123456789"}, {"", ""}}) {
    hello.user = user;
    hello.password = password;
    for (const unsigned level : {4u, 5u}) {
      hello.level = level;
      Device stranger(house);
      stranger.send(connect(hello) + publish_one(level, 1));
      EXPECT_TRUE(stranger.is_told(level == 4 ? std::string("\x20\x02\x00\x04", 4)
                                              : std::string("\x20\x03\x00\x86\x00", 5)));
      EXPECT_TRUE(stranger.is_hung_up());
    }
  }
  EXPECT_EQ(house.intake.arrived, 0u);
  for (const Refusal& each : house.intake.refusals)
    EXPECT_EQ(each.bytes, "");  // a token is nobody's business
}

TEST_F(MqttPush, WrongTopicIsToldOrCutOff) {
  open();
  Device five(house);
  five.sign_in(hello_of(5));
  five.send(publish(5, 1, "jieding/v1/push/crane-1/readings", one));
  house.until([&] { return five.heard().size() > 5; });
  EXPECT_EQ(five.heard().substr(2, 3), two(1) + byte(0x87));
  five.is_told(five.heard());
  five.send(publish(5, 2, "elsewhere", one));
  house.until([&] { return five.heard().size() > 5; });
  EXPECT_EQ(five.heard().substr(2, 3), two(2) + byte(0x90));
  Device three(house);
  three.sign_in(hello_of(4));
  three.send(publish(4, 1, "elsewhere", one));
  EXPECT_TRUE(three.is_hung_up());
  EXPECT_EQ(house.intake.arrived, 0u);
}

TEST_F(MqttPush, QosTwoIsRefused) {
  open();
  Device five(house);
  five.sign_in(hello_of(5));
  five.send(publish(5, 1, topic, one, 0x34));
  EXPECT_TRUE(five.is_told(goodbye(0x9B)));
  EXPECT_TRUE(five.is_hung_up());
  Device three(house);
  three.sign_in(hello_of(4));
  three.send(publish(4, 1, topic, one, 0x34));
  EXPECT_TRUE(three.is_hung_up());
  EXPECT_EQ(house.intake.arrived, 0u);
}

TEST_F(MqttPush, SubscriptionsAreRefusedPolitely) {
  open();
  Device five(house);
  five.sign_in(hello_of(5));
  five.send(packet(0x82, two(3) + byte(0) + text("a/#") + byte(1)));
  EXPECT_TRUE(five.is_told(packet(0x90, two(3) + byte(0) + byte(0x87))));
  five.send(packet(0xA2, two(4) + byte(0) + text("a/#")));
  EXPECT_TRUE(five.is_told(packet(0xB0, two(4) + byte(0) + byte(0x11))));
  five.send(publish_one(5, 1));
  EXPECT_TRUE(five.is_told(puback(1)));
}

TEST_F(MqttPush, SentAgainIsStoredOnceEvenWithoutATimeOfItsOwn) {
  open();
  const std::string timeless = R"([{"n":"hoist_height","v":4}])";
  {
    Device hoist(house);
    hoist.sign_in(hello_of(4));
    hoist.send(publish(4, 5, topic, timeless));
    EXPECT_TRUE(house.until([&] { return house.intake.batches.size() == 1; }));
  }
  house.clock.move_to(noon + 30s);
  Device again(house);
  again.sign_in(hello_of(4));
  again.send(publish(4, 5, topic, timeless, 0x3A));
  EXPECT_TRUE(again.is_told(puback(5)));
  EXPECT_EQ(house.intake.batches[1][0].device_time, house.intake.batches[0][0].device_time);
  again.send(publish(4, 6, topic, timeless));  // not the same message: the same value, later
  EXPECT_TRUE(again.is_told(puback(6)));
  EXPECT_EQ(house.intake.batches[2][0].device_time, noon + 30s);
}

TEST_F(MqttPush, SessionIsKeptForWhoAsksForIt) {
  open();
  Hello hello = hello_of(4);
  hello.clean = false;
  for (const std::string& expected : {accepted_311, std::string("\x20\x02\x01\x00", 4)}) {
    Device hoist(house);
    EXPECT_EQ(hoist.sign_in(hello), expected);
    hoist.leave();
    house.pump(20ms);
  }
  hello.clean = true;
  Device fresh(house);
  EXPECT_EQ(fresh.sign_in(hello), accepted_311);
}

TEST_F(MqttPush, DeviceThatComesBackTakesOverItsOldConnection) {
  open();
  Device old(house);
  old.sign_in(hello_of(5));
  Device fresh(house);
  fresh.sign_in(hello_of(5));
  EXPECT_TRUE(old.is_told(goodbye(0x8E)));
  EXPECT_TRUE(old.is_hung_up());
  Hello crane = hello_of(5);  // another device may use the same client id
  crane.user = "crane-1";
  crane.password = "crane-token-0123456789";
  Device other(house);
  other.sign_in(crane);
  fresh.send(publish_one(5, 1));
  EXPECT_TRUE(fresh.is_told(puback(1)));
}

TEST_F(MqttPush, SilenceBeyondTheKeepAliveEndsTheConnection) {
  open();
  Hello hello;
  hello.keep_alive = 1;
  Device silent(house);
  silent.sign_in(hello);
  EXPECT_FALSE(silent.is_hung_up(1200ms));
  EXPECT_TRUE(silent.is_told(goodbye(0x8D)));
  EXPECT_TRUE(silent.is_hung_up());
  Device alive(house);
  alive.sign_in(hello);
  for (int i = 0; i < 4; ++i) {
    house.pump(600ms);
    alive.send(packet(0xC0, ""));
    EXPECT_TRUE(alive.is_told(packet(0xD0, "")));
  }
}

TEST_F(MqttPush, WhoDoesNotSignInInTimeIsCutOff) {
  configure("connect_timeout", 100ms);
  open();
  Device mute(house);
  Device slow(house);
  slow.send(connect({}).substr(0, 10));
  EXPECT_TRUE(mute.is_hung_up(1s));
  EXPECT_TRUE(slow.is_hung_up(1s));
}

TEST_F(MqttPush, DrippingPacketIsCutOff) {
  configure("packet_timeout", 200ms);
  open();
  Device slow(house);
  slow.sign_in(hello_of(5));
  const std::string whole = publish_one(5, 1);
  for (std::size_t i = 0; i < 12; ++i) {
    slow.send(whole.substr(i, 1));
    house.pump(30ms);
  }
  EXPECT_TRUE(slow.is_hung_up(2s));
  EXPECT_EQ(house.intake.arrived, 0u);
}

TEST_F(MqttPush, MoreInFlightThanAgreedIsReadLater) {
  configure("receive_maximum", std::int64_t{4});
  open();
  house.intake.hold();
  std::string five_sent;
  std::string four_sent;
  std::string answers;
  for (unsigned id = 1; id <= 9; ++id) {
    five_sent += publish(5, id, topic, reading(static_cast<int>(id)));
    four_sent += publish(4, id, topic, reading(static_cast<int>(id)));
    answers += puback(id);
  }
  Device five(house);
  five.sign_in(hello_of(5));
  five.send(five_sent);
  Hello patient = hello_of(4);
  patient.client = "c2";
  Device three(house);
  three.sign_in(patient);
  three.send(four_sent);
  house.pump(50ms);
  EXPECT_EQ(house.intake.arrived, 2u);  // of each the first four, together
  house.intake.release();
  EXPECT_TRUE(five.is_told(answers));
  EXPECT_TRUE(three.is_told(answers));
}

TEST_F(MqttPush, TooFastIsSlowedDownNotLost) {
  configure("readings_per_second", 20.0);
  open();
  Device hoist(house);
  hoist.sign_in(hello_of(4));
  std::string pack = "[";
  for (int i = 0; i < 1999; ++i)
    pack += R"({"n":"a","v":1,"t":)" + std::to_string(1773547200 + i) + "},";
  pack.back() = ']';
  const auto begun = std::chrono::steady_clock::now();
  hoist.send(publish(4, 1, topic, pack) + publish(4, 2, topic, reading(1)) +
             publish(4, 3, topic, reading(2)) + publish(4, 4, topic, reading(3)));
  EXPECT_TRUE(hoist.is_told(puback(1) + puback(2) + puback(3) + puback(4)));
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 80ms);
}

TEST_F(MqttPush, BrokenProtocolEndsWithItsReason) {
  open();
  const std::map<std::string, unsigned> wrongs{{std::string("\x32\xFF\xFF\xFF\xFF", 5), 0x81u},
                                               {std::string("\x32\xFF\xFF\xFF\x7F", 5), 0x95u},
                                               {packet(0x62, two(1)), 0x82u},
                                               {packet(0xF0, ""), 0x82u},
                                               {packet(0x00, ""), 0x82u},
                                               {packet(0xC0, "x"), 0x81u},
                                               {connect({}), 0x82u},
                                               {publish(5, 0, topic, one), 0x82u},
                                               {packet(0x32, "\xFF"), 0x81u}};
  for (const auto& [bytes, reason] : wrongs) {
    Device hoist(house);
    hoist.sign_in(hello_of(5));
    hoist.send(publish_one(5, 1) + bytes);
    EXPECT_TRUE(hoist.is_told(puback(1) + goodbye(reason))) << reason;
    EXPECT_TRUE(hoist.is_hung_up());
  }
  Device browser(house);
  browser.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(browser.is_hung_up());
  Device ancient(house);
  Hello hello;
  hello.level = 6;
  EXPECT_EQ(ancient.sign_in(hello), std::string("\x20\x03\x00\x84\x00", 5));
}

TEST_F(MqttPush, EverySplitIsPutTogether) {
  open();
  Device hoist(house);
  hoist.sign_in(hello_of(5));
  const std::string whole = publish_one(5, 1);
  for (std::size_t cut = 1; cut < whole.size(); cut += 7) {
    hoist.send(whole.substr(0, cut));
    hoist.send(whole.substr(cut));
    EXPECT_TRUE(hoist.is_told(puback(1)));
  }
}

TEST_F(MqttPush, StopAnswersWhatItTookAndSaysGoodbye) {
  open();
  Device hoist(house);
  hoist.sign_in(hello_of(5));
  house.intake.hold();
  hoist.send(publish_one(5, 1));
  house.pump(20ms);
  house.driver().stop();
  house.pump(20ms);
  EXPECT_EQ(hoist.heard(), "");
  house.intake.release();
  EXPECT_TRUE(hoist.is_told(puback(1) + goodbye(0x8B)));
  EXPECT_TRUE(house.until([&] { return house.outcome.has_value(); }));
}

TEST_F(MqttPush, BeyondLoopbackTlsIsTheRule) {
  config::Settings open_to_all;
  open_to_all.set("listen", std::string("0.0.0.0:0"));
  house.config.drivers.push_back({"mqtt", open_to_all});
  device("hoist-1", "hoist-token-0123456789");
  EXPECT_THROW(house.make("mqtt"), std::runtime_error);
  house.config.drivers.clear();
  open_to_all.set("tls", false);
  house.config.drivers.push_back({"mqtt", open_to_all});
  EXPECT_NO_THROW(house.make("mqtt"));
}

TEST_F(MqttPush, TokensAreToldApartAtStart) {
  device("hoist-1", "the-same-token-for-both");
  device("crane-1", "the-same-token-for-both");
  EXPECT_THROW(house.make("mqtt"), std::runtime_error);
}

}  // namespace
}  // namespace jieding::drivers::test
