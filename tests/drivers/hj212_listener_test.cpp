#include <gmock/gmock.h>

#include "drivers/hj212_frame.hpp"
#include "tests/drivers/house.hpp"

namespace jieding::drivers::test {
namespace {

using testing::Each;
using testing::ElementsAre;

constexpr std::string_view mn = "010000A8900016F000169DC0";

std::string qn(int number) {
  std::string digits = std::to_string(1000 + number % 1000);
  return "20260315080000" + digits.substr(1);
}

std::string frame(int number, int flag = 5, std::string_view from = mn,
                  std::string_view pw = "123456") {
  const int minute = number / 60 % 60;
  const int second = number % 60;
  const auto two = [](int value) { return std::to_string(100 + value).substr(1); };
  return hj212::to_frame("QN=" + qn(number) + ";ST=39;CN=2011;PW=" + std::string(pw) +
                         ";MN=" + std::string(from) + ";Flag=" + std::to_string(flag) +
                         ";CP=&&DataTime=2026031508" + two(minute) + two(second) +
                         ";a34002-Rtd=96.0,a34002-Flag=N&&");
}

std::string ack(int number) {
  return hj212::to_frame("QN=" + qn(number) + ";ST=91;CN=9014;PW=123456;MN=" + std::string(mn) +
                         ";Flag=4;CP=&&&&");
}

/// A dust station at the other end of a real socket.
class Station {
 public:
  explicit Station(House& house) : house_(house), socket_(house.io) {
    socket_.connect({asio::ip::address_v4::loopback(), house.driver().port()});
    socket_.non_blocking(true);
    house.pump(5ms);
  }
  void send(std::string_view bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
      boost::system::error_code failed;
      sent += socket_.write_some(asio::buffer(bytes.substr(sent)), failed);
      house_.pump(1ms);
      if (failed && failed != asio::error::would_block) return;
    }
  }
  /// All that was answered so far.
  const std::string& heard() {
    std::array<char, 4096> chunk;
    boost::system::error_code failed;
    while (true) {
      const auto count = socket_.read_some(asio::buffer(chunk), failed);
      if (failed) break;
      heard_.append(chunk.data(), count);
    }
    closed_ = closed_ || (failed && failed != asio::error::would_block);
    return heard_;
  }
  bool is_told(const std::string& answers) {
    return house_.until([&] { return heard().size() >= answers.size(); }) && heard_ == answers;
  }
  bool is_hung_up(std::chrono::milliseconds patience = 5s) {
    return house_.until([&] { return heard(), closed_; }, patience);
  }
  void leave() { socket_.close(); }
  void finish_sending() { socket_.shutdown(tcp::socket::shutdown_send); }

 private:
  House& house_;
  tcp::socket socket_;
  std::string heard_;
  bool closed_ = false;
};

class Hj212Listener : public testing::Test {
 protected:
  void configure(std::string key, config::Settings::Value value) {
    driver_settings_.set(std::move(key), std::move(value));
  }
  config::Device& device(std::string id, std::string_view number) {
    config::Device& added = house.config.devices.emplace_back();
    added.id = std::move(id);
    added.driver = "hj212";
    added.settings.set("mn", std::string(number));
    return added;
  }
  void open() {
    configure("listen", std::string("127.0.0.1:0"));
    house.config.drivers.push_back({"hj212", driver_settings_});
    if (house.config.devices.empty())
      device("dust-1", mn).settings.set("pw", std::string("123456"));
    house.start("hj212");
    ASSERT_NE(house.driver().port(), 0);
  }

  House house;

 private:
  config::Settings driver_settings_;
};

TEST_F(Hj212Listener, FrameIsStoredAndAcknowledged) {
  open();
  Station station(house);
  station.send(frame(1));
  EXPECT_TRUE(station.is_told(ack(1)));
  ASSERT_EQ(house.intake.batches.size(), 1U);
  const Reading& reading = house.intake.batches[0].at(0);
  EXPECT_EQ(reading.device, "dust-1");
  EXPECT_EQ(reading.quantity, "pm10");
  EXPECT_EQ(reading.received.at, noon);
}

TEST_F(Hj212Listener, AckComesOnlyAfterTheCommit) {
  open();
  house.intake.hold();
  Station station(house);
  station.send(frame(1) + frame(2));
  ASSERT_TRUE(house.until([&] { return house.intake.arrived == 2; }));  // both wait for one commit
  house.pump(100ms);
  EXPECT_EQ(station.heard(), "");
  house.intake.release();
  EXPECT_TRUE(station.is_told(ack(1) + ack(2)));
}

TEST_F(Hj212Listener, WhatIsNotCommittedIsNotAnswered) {
  open();
  house.intake.fault = Error{Fault::Full, "the disk is full"};
  Station station(house);
  station.send(frame(1));
  ASSERT_TRUE(house.until([&] { return house.intake.arrived == 1; }));
  house.intake.fault.reset();
  station.send(frame(1));  // sent again, as a station does
  EXPECT_TRUE(station.is_told(ack(1)));
  EXPECT_THAT(house.intake.reasons(), ElementsAre());
}

TEST_F(Hj212Listener, FlagWithoutBit0IsNotAnswered) {
  open();
  Station station(house);
  station.send(frame(1, 4) + frame(2, 5));
  EXPECT_TRUE(station.is_told(ack(2)));
  EXPECT_EQ(house.intake.batches.size(), 2U);
}

TEST_F(Hj212Listener, SameFrameAgainIsAcknowledgedAgain) {
  open();
  Station station(house);
  station.send(frame(1) + frame(1));
  EXPECT_TRUE(station.is_told(ack(1) + ack(1)));
}

TEST_F(Hj212Listener, FramesCutAnywhereAreAnswered) {
  open();
  Station station(house);
  const std::string whole = frame(1);
  std::string expected;
  for (std::size_t cut = 1; cut < whole.size(); cut += 11) {
    station.send(std::string_view(whole).substr(0, cut));
    station.send(std::string_view(whole).substr(cut));
    expected += ack(1);
  }
  EXPECT_TRUE(station.is_told(expected));
}

TEST_F(Hj212Listener, WrongCrcIsQuarantinedAndNotAnswered) {
  open();
  Station station(house);
  std::string broken = frame(1);
  broken[100] = '7';
  station.send(broken + frame(2));
  EXPECT_TRUE(station.is_told(ack(2)));
  ASSERT_THAT(house.intake.reasons(), ElementsAre("crc"));
  const Refusal& refusal = house.intake.refusals[0];
  EXPECT_EQ(refusal.bytes, broken.substr(0, broken.size() - 2));
  EXPECT_EQ(refusal.peer, "127.0.0.1");
  EXPECT_EQ(refusal.driver, "hj212");
}

TEST_F(Hj212Listener, UnknownStationIsRefused) {
  open();
  Station station(house);
  station.send(frame(1, 5, "FFFF00A8900016F000169DC0") + frame(2));
  EXPECT_TRUE(station.is_told(ack(2)));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("unknown_device"));
}

TEST_F(Hj212Listener, WrongPasswordIsRefused) {
  open();
  Station station(house);
  station.send(frame(1, 5, mn, "654321") + frame(2));
  EXPECT_TRUE(station.is_told(ack(2)));
  ASSERT_THAT(house.intake.reasons(), ElementsAre("password"));
  EXPECT_EQ(house.intake.refusals[0].device, "dust-1");
}

TEST_F(Hj212Listener, ForeignAddressIsRefused) {
  device("dust-1", mn).settings.set("allow", std::vector<std::string>{"10.1.0.0/16", "127.0.0.1"});
  device("dust-2", "OTHER").settings.set("allow", std::vector<std::string>{"10.2.0.7"});
  open();
  Station station(house);
  station.send(frame(1, 5, "OTHER") + frame(2));
  EXPECT_TRUE(station.is_told(ack(2)));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("address"));
}

TEST_F(Hj212Listener, AddressThatNobodyMayUseIsTurnedAway) {
  device("dust-1", mn).settings.set("allow", std::vector<std::string>{"10.1.0.0/16", "fd00::/8"});
  open();
  Station station(house);
  EXPECT_TRUE(station.is_hung_up());
  EXPECT_THAT(house.intake.reasons(), ElementsAre("address"));
}

TEST_F(Hj212Listener, AnswersComeInTheOrderOfFrames) {
  configure("frames_per_second", 10'000.0);
  open();
  Station station(house);
  std::string sent;
  std::string expected;
  for (int i = 0; i < 500; ++i) {
    sent += i % 10 == 9 ? frame(i, 4) : frame(i);
    if (i % 10 != 9) expected += ack(i);
  }
  house.intake.hold();
  station.send(sent);
  ASSERT_TRUE(house.until([&] { return house.intake.arrived >= 64; }));
  house.pump(50ms);
  EXPECT_EQ(house.intake.arrived, 64U);  // no more in flight than this
  house.intake.release();
  EXPECT_TRUE(station.is_told(expected));
  EXPECT_EQ(house.intake.batches.size(), 500U);
}

TEST_F(Hj212Listener, TooManyFramesWaitTheirTurn) {
  configure("frames_per_second", 10.0);  // and a burst of 50
  open();
  Station station(house);
  const auto begin = std::chrono::steady_clock::now();
  std::string sent;
  std::string expected;
  for (int i = 0; i < 60; ++i) {
    sent += frame(i);
    expected += ack(i);
  }
  station.send(sent);
  EXPECT_TRUE(station.is_told(expected));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 900ms);  // ten frames beyond the burst
  EXPECT_THAT(house.intake.reasons(), ElementsAre());
}

TEST_F(Hj212Listener, HalfFrameThatDripsIsCutOff) {
  configure("frame_timeout", std::chrono::milliseconds{200});
  open();
  Station station(house);
  const std::string whole = frame(1);
  for (const char c : whole) {
    station.send({&c, 1});
    house.pump(10ms);
    if (station.is_hung_up(0ms)) break;
  }
  EXPECT_TRUE(station.is_hung_up(0ms));
  EXPECT_TRUE(house.until([&] { return !house.intake.refusals.empty(); }));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("torn"));
}

TEST_F(Hj212Listener, IdleConnectionIsClosedAndGarbageDoesNotKeepItOpen) {
  configure("idle_timeout", std::chrono::milliseconds{800});
  open();
  Station silent(house);
  Station noisy(house);
  Station good(house);
  for (int i = 0; i < 200 && !(silent.is_hung_up(0ms) && noisy.is_hung_up(0ms)); ++i) {
    noisy.send("x");
    good.send(frame(i));
    house.pump(30ms);
  }
  EXPECT_TRUE(silent.is_hung_up(0ms));
  EXPECT_TRUE(noisy.is_hung_up(0ms));
  EXPECT_FALSE(good.is_hung_up(0ms));
}

TEST_F(Hj212Listener, TornFrameAtTheEndIsRefused) {
  open();
  Station station(house);
  station.send(frame(1).substr(0, 50));
  station.leave();
  EXPECT_TRUE(house.until([&] { return !house.intake.refusals.empty(); }));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("torn"));
}

TEST_F(Hj212Listener, StationThatStopsSendingStillGetsItsAnswers) {
  open();
  house.intake.hold();
  Station station(house);
  station.send(frame(1));
  station.finish_sending();
  house.pump(20ms);
  house.intake.release();
  EXPECT_TRUE(station.is_told(ack(1)));
  EXPECT_TRUE(station.is_hung_up());
}

TEST_F(Hj212Listener, StopAnswersWhatWasReadAndCloses) {
  open();
  house.intake.hold();
  Station station(house);
  station.send(frame(1));
  ASSERT_TRUE(house.until([&] { return house.intake.arrived == 1; }));
  house.driver().stop();
  house.pump(50ms);
  EXPECT_FALSE(house.outcome.has_value());  // the commit is still out
  house.intake.release();
  EXPECT_TRUE(station.is_told(ack(1)));
  ASSERT_TRUE(house.until([&] { return house.outcome.has_value(); }));
  EXPECT_TRUE(house.outcome->has_value());
}

TEST_F(Hj212Listener, SilentStrangersMakeRoomForStations) {
  configure("max_connections", std::int64_t{2});
  open();
  Station proven(house);
  proven.send(frame(1));
  EXPECT_TRUE(proven.is_told(ack(1)));
  Station stranger(house);
  Station newcomer(house);
  EXPECT_TRUE(stranger.is_hung_up());
  newcomer.send(frame(2));
  EXPECT_TRUE(newcomer.is_told(ack(2)));
  Station late(house);  // both places are held by stations that speak
  EXPECT_TRUE(late.is_hung_up());
  EXPECT_THAT(house.intake.reasons(), ElementsAre("connections"));
}

TEST_F(Hj212Listener, TakenPortEndsWithAnError) {
  open();
  House second;
  config::Settings settings;
  settings.set("listen", "127.0.0.1:" + std::to_string(house.driver().port()));
  second.config.drivers.push_back({"hj212", settings});
  second.start("hj212");
  ASSERT_TRUE(second.until([&] { return second.outcome.has_value(); }));
  ASSERT_FALSE(second.outcome->has_value());
  EXPECT_EQ(second.outcome->error().kind(), Fault::Unavailable);
}

TEST_F(Hj212Listener, WrongConfigurationIsRefusedAtStart) {
  config::Device& first = device("dust-1", mn);
  first.settings.set("units", config::TextTable{{"a34004", "kPa"}});
  EXPECT_THROW(house.make("hj212"), std::runtime_error);
  first.settings.set("units", config::TextTable{});
  first.settings.set("allow", std::vector<std::string>{"everybody"});
  EXPECT_THROW(house.make("hj212"), std::runtime_error);
  first.settings.set("allow", std::vector<std::string>{});
  device("dust-2", mn);
  EXPECT_THROW(house.make("hj212"), std::runtime_error);
}

}  // namespace
}  // namespace jieding::drivers::test
