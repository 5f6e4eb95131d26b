#include <gmock/gmock.h>

#include "drivers/hj212_frame.hpp"
#include "drivers/hj212_seal.hpp"
#include "tests/drivers/house.hpp"

namespace jieding::drivers::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

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
  explicit Station(House& house, const char* from = "127.0.0.1")
      : house_(house), socket_(house.io) {
    socket_.open(tcp::v4());
    socket_.bind({asio::ip::make_address(from), 0});
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

/// A frame of dust-1 with any command and contents.
std::string said(const std::string& cn, int flag, const std::string& contents, int number = 1,
                 const std::string& packets = "") {
  return hj212::to_frame("QN=" + qn(number) + ";ST=39;CN=" + cn +
                         ";PW=123456;MN=" + std::string(mn) + ";Flag=" + std::to_string(flag) +
                         ";" + packets + "CP=&&" + contents + "&&");
}

std::string told(const std::string& cn, int flag, int number = 1,
                 const std::string& contents = "") {
  return hj212::to_frame("QN=" + qn(number) + ";ST=91;CN=" + cn +
                         ";PW=123456;MN=" + std::string(mn) + ";Flag=" + std::to_string(flag) +
                         ";CP=&&" + contents + "&&");
}

/// One of several packets of an hour.
std::string part(int number, int packet, int packets, int flag = 7, int hour = 8) {
  return said("2061", flag,
              "DataTime=202603150" + std::to_string(hour) + "0000;a3400" + std::to_string(packet) +
                  "-Avg=66.5",
              number, "PNUM=" + std::to_string(packets) + ";PNO=" + std::to_string(packet) + ";");
}

TEST_F(Hj212Listener, EveryEditionIsAnsweredInItsOwnWay) {
  open();
  Station station(house);
  const std::string contents = "DataTime=20260315080000;LA-Rtd=60";
  station.send(said("2011", 1, contents) + said("2011", 5, contents) + said("2011", 9, contents));
  EXPECT_TRUE(station.is_told(told("9014", 0, 1, "QN=" + qn(1) + ";CN=2011") + told("9014", 4) +
                              told("9014", 8)));
}

TEST_F(Hj212Listener, AnswerComesInTheStyleTheStationWaitsFor) {
  device("dust-1", mn).settings.set("reply", std::string("qnrtn"));
  open();
  Station station(house);
  station.send(frame(1));
  EXPECT_TRUE(station.is_told(told("9014", 4, 1, "QnRtn=1")));
}

TEST_F(Hj212Listener, HeartbeatIsAnsweredAndASignOfLife) {
  configure("idle_timeout", std::chrono::milliseconds{300});
  open();
  Station station(house);
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    station.send(said("9015", i == 7 ? 8 : 9, ""));
    if (i != 7) expected += told("9013", 8);
    house.pump(30ms);
  }
  EXPECT_TRUE(station.is_told(expected));
  EXPECT_EQ(house.intake.signs_of_life.size(), 20U);
  EXPECT_EQ(house.intake.batches.size(), 0U);
}

TEST_F(Hj212Listener, ClockIsSetWhileOursIsTrusted) {
  house.on_wall_clock = true;
  open();
  Station station(house);
  station.send(said("1013", 5, "PolId=w01018"));
  const std::string set =
      hj212::to_frame("QN=20260315120000000;ST=39;CN=1012;PW=123456;MN=" + std::string(mn) +
                      ";Flag=5;CP=&&PolId=w01018;SystemTime=20260315120000&&");
  EXPECT_TRUE(station.is_told(told("9013", 4) + set));
  house.wall.stamp.quality = TimeQuality::Unsynced;
  station.send(said("1013", 5, ""));
  EXPECT_TRUE(station.is_told(told("9013", 4) + set + told("9013", 4)));
  house.pump(50ms);
  EXPECT_EQ(station.heard(), told("9013", 4) + set + told("9013", 4));
  EXPECT_EQ(house.intake.counts["dust-1 clock_request_unserved"], 1);
}

TEST_F(Hj212Listener, PlayedPicturesSetNobodysClock) {
  open();
  Station station(house);
  station.send(said("1013", 5, "") + frame(2));
  EXPECT_TRUE(station.is_told(told("9013", 4) + ack(2)));
}

TEST_F(Hj212Listener, ClockThatWasNotTakenIsAWarning) {
  house.on_wall_clock = true;
  open();
  Station station(house);
  station.send(said("1013", 5, ""));
  ASSERT_TRUE(house.until([&] { return station.heard().find("1012") != std::string::npos; }));
  const auto answer = [&](const std::string& cn, const std::string& contents) {
    station.send(hj212::to_frame("QN=20260315120000000;ST=91;CN=" + cn + ";PW=123456;MN=" +
                                 std::string(mn) + ";Flag=4;CP=&&" + contents + "&&"));
    house.pump(20ms);
  };
  answer("9011", "QnRtn=1");
  answer("9012", "ExeRtn=1");
  EXPECT_TRUE(house.intake.healths.empty());
  answer("9012", "ExeRtn=4");
  ASSERT_EQ(house.intake.healths.size(), 1U);
  EXPECT_THAT(house.intake.healths[0].reason, HasSubstr("did not take it"));
  EXPECT_THAT(house.intake.reasons(), ElementsAre());
}

TEST_F(Hj212Listener, ClockFarOffIsAWarningAndItsReadingsStayAsTheyAre) {
  house.on_wall_clock = true;
  open();
  Station station(house);
  const auto at = [](const std::string& time, const std::string& mark = "") {
    return said("2011", 9, "DataTime=" + time + ";LA-Rtd=60", 1, mark);
  };
  station.send(at("20260315120000") + at("20260315080000", "RF=1;"));  // stored data may be old
  EXPECT_TRUE(station.is_told(told("9014", 8) + told("9014", 8)));
  EXPECT_TRUE(house.intake.healths.empty());
  EXPECT_EQ(house.intake.counts["dust-1 resent"], 1);
  station.send(at("19700101000000"));
  ASSERT_TRUE(house.until([&] { return house.intake.healths.size() == 1; }));
  EXPECT_THAT(house.intake.healths[0].reason, HasSubstr("its clock says 1969-12-31T16:00:00Z"));
  EXPECT_EQ(to_rfc3339(house.intake.batches.back().front().device_time), "1969-12-31T16:00:00Z");
  house.wall.stamp.quality = TimeQuality::Unsynced;  // then it may be ours that is wrong
  station.send(at("19700101000001"));
  EXPECT_TRUE(house.until([&] { return house.intake.batches.size() == 4; }));
  house.pump(20ms);
  EXPECT_EQ(house.intake.healths.size(), 1U);
}

TEST_F(Hj212Listener, PartsAreStoredAndAnsweredEachByItself) {
  open();
  Station station(house);
  station.send(part(1, 1, 2));  // a station that waits for this answer before it goes on
  EXPECT_TRUE(station.is_told(ack(1)));
  EXPECT_EQ(house.intake.batches.size(), 1U);
  station.send(part(2, 2, 2));
  EXPECT_TRUE(station.is_told(ack(1) + ack(2)));
  house.stop();
  EXPECT_THAT(house.intake.reasons(), ElementsAre());
}

TEST_F(Hj212Listener, WholeIsNotAnsweredBeforeAllPartsAreCommitted) {
  device("dust-1", mn).settings.set("answer_parts", std::string("whole"));
  open();
  Station station(house);
  station.send(part(1, 1, 3) + part(1, 2, 3));
  ASSERT_TRUE(house.until([&] { return house.intake.batches.size() == 2; }));
  house.intake.hold();
  station.send(part(1, 4, 3 + 1));  // of another upload
  station.send(part(1, 3, 3));
  ASSERT_TRUE(house.until([&] { return house.intake.arrived == 4; }));
  house.pump(50ms);
  EXPECT_EQ(station.heard(), "");
  house.intake.release();
  EXPECT_TRUE(station.is_told(ack(1)));  // one QN, one answer
}

TEST_F(Hj212Listener, PartsThatNeverComeAreTold) {
  configure("parts_timeout", std::chrono::milliseconds{100});
  open();
  Station station(house);
  station.send(part(1, 2, 3));
  EXPECT_TRUE(station.is_told(ack(1)));
  ASSERT_TRUE(house.until([&] { return !house.intake.refusals.empty(); }));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("incomplete"));
  EXPECT_EQ(house.intake.refusals[0].device, "dust-1");
  EXPECT_THAT(house.intake.refusals[0].detail, HasSubstr("PNO 1, 3 has not come"));
  EXPECT_EQ(house.intake.batches.size(), 1U);  // what came is stored
}

TEST_F(Hj212Listener, StopTellsOfPartsThatAreMissing) {
  open();
  Station station(house);
  station.send(part(1, 1, 2));
  EXPECT_TRUE(station.is_told(ack(1)));
  house.stop();
  EXPECT_THAT(house.intake.reasons(), ElementsAre("incomplete"));
}

TEST_F(Hj212Listener, PartsMayComeOverSeveralConnections) {
  open();
  Station first(house);
  first.send(part(1, 1, 2));
  EXPECT_TRUE(first.is_told(ack(1)));
  first.leave();
  Station second(house);
  second.send(part(2, 2, 2));
  EXPECT_TRUE(second.is_told(ack(2)));
  house.stop();
  EXPECT_THAT(house.intake.reasons(), ElementsAre());
}

TEST_F(Hj212Listener, UndatedPartsFollowTheFirst) {
  device("dust-1", mn).settings.set("tolerate", std::vector<std::string>{"undated_part"});
  open();
  Station station(house);
  const std::string rest = said("2061", 7, "a34004-Avg=12", 2, "PNUM=2;PNO=2;");
  station.send(rest + part(1, 1, 2) + rest);
  EXPECT_TRUE(station.is_told(ack(1) + ack(2)));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("datatime"));  // before the first had come
  EXPECT_EQ(house.intake.batches.back().front().device_time,
            house.intake.batches.front().front().device_time);
  EXPECT_EQ(house.intake.counts["dust-1 tolerated.undated_part"], 1);
}

TEST_F(Hj212Listener, ToleranceIsEachStationsOwnAndCounted) {
  device("dust-1", mn).settings.set("tolerate", std::vector<std::string>{"modbus_crc"});
  device("dust-2", "OTHER");
  open();
  Station station(house);
  const auto modbus = [](std::string whole) {
    std::array<char, 8> digits{};
    const auto segment = std::string_view(whole).substr(6, whole.size() - 12);
    std::snprintf(digits.data(), digits.size(), "%04x", unsigned{hj212::modbus_checksum(segment)});
    return whole.replace(whole.size() - 6, 4, digits.data());
  };
  station.send(modbus(frame(1)) + modbus(frame(1)) + modbus(frame(1, 5, "OTHER")));
  EXPECT_TRUE(station.is_told(ack(1) + ack(1)));
  ASSERT_TRUE(house.until([&] { return house.intake.refusals.size() == 1; }));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("crc"));
  EXPECT_THAT(house.intake.refusals[0].detail, HasSubstr("\"modbus_crc\""));
  EXPECT_EQ(house.intake.counts["dust-1 tolerated.modbus_crc"], 2);
  EXPECT_EQ(house.intake.counts["dust-2 tolerated.modbus_crc"], 0);
}

TEST_F(Hj212Listener, EncryptedUploadsAreOpened) {
  const Scratch folder("hj212-listener");
  for (const std::string form : {"raw", "hex"}) {
    House site;
    config::Device& station = site.config.devices.emplace_back();
    station.id = "dust-1";
    station.driver = "hj212";
    station.settings.set("mn", std::string(mn));
    station.settings.set("sm4_key_file", folder.write("key", "0000000000000000\n").string());
    station.settings.set("sm4_wire", form);
    config::Settings settings;
    settings.set("listen", std::string("127.0.0.1:0"));
    site.config.drivers.push_back({"hj212", settings});
    site.start("hj212");
    hj212::Seal seal;
    seal.form = form == "hex" ? hj212::WireForm::Hex : hj212::WireForm::Raw;
    seal.keys.push_back(*hj212::Sm4Key::parse("0000000000000000"));
    const std::string plain = said("2011", 9, "DataTime=20260315080000;a34002-Rtd=96.0");
    const std::string segment = plain.substr(6, plain.size() - 12);
    Station sender(site);
    sender.send(hj212::to_sealed_frame(seal, segment) + plain + said("9015", 9, "", 2));
    EXPECT_TRUE(sender.is_told(told("9014", 8) + told("9013", 8, 2))) << form;
    ASSERT_EQ(site.intake.batches.size(), 1U);
    EXPECT_EQ(site.intake.batches[0].at(0).value, 96);
    EXPECT_THAT(site.intake.reasons(), ElementsAre("plaintext"));
  }
}

TEST_F(Hj212Listener, NamesakesAreToldApartByTheirAddress) {
  device("dust-1", mn).settings.set("allow", std::vector<std::string>{"127.0.0.1"});
  device("dust-2", mn).settings.set("allow", std::vector<std::string>{"127.0.0.2"});
  open();
  Station first(house);
  Station second(house, "127.0.0.2");
  first.send(frame(1));
  EXPECT_TRUE(first.is_told(ack(1)));
  second.send(frame(1));
  EXPECT_TRUE(second.is_told(ack(1)));
  EXPECT_EQ(house.intake.batches[0].front().device, "dust-1");
  EXPECT_EQ(house.intake.batches[1].front().device, "dust-2");
}

TEST_F(Hj212Listener, TwoStationsWithOneMnAreAWarning) {
  open();
  Station first(house);
  Station second(house, "127.0.0.2");
  first.send(frame(1));
  EXPECT_TRUE(first.is_told(ack(1)));
  second.send(frame(2));  // may be the same station, connected anew
  EXPECT_TRUE(second.is_told(ack(2)));
  EXPECT_TRUE(house.intake.healths.empty());
  first.send(frame(3));
  EXPECT_TRUE(first.is_told(ack(1) + ack(3)));
  ASSERT_EQ(house.intake.healths.size(), 1U);
  EXPECT_THAT(house.intake.healths[0].reason, HasSubstr("127.0.0.2 and 127.0.0.1"));
  EXPECT_EQ(house.intake.batches.size(), 3U);  // nothing is lost for it
}

TEST_F(Hj212Listener, OtherValuesForATimeAreAWarning) {
  open();
  Station station(house);
  station.send(said("2011", 5, "DataTime=20260315080000;LA-Rtd=60", 1) +
               said("2011", 5, "DataTime=20260315080000;LA-Rtd=61", 2));
  EXPECT_TRUE(station.is_told(ack(1) + ack(2)));
  ASSERT_EQ(house.intake.healths.size(), 1U);
  EXPECT_THAT(house.intake.healths[0].reason, HasSubstr("other values"));
}

TEST_F(Hj212Listener, FloodOfWrongChecksumsIsOneLineASecond) {
  configure("frames_per_second", 1e6);
  open();
  Station station(house);
  std::string broken = frame(1);
  broken[100] = '7';
  std::string flood;
  for (int i = 0; i < 200; ++i)
    flood += broken;
  testing::internal::CaptureStderr();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i)
    station.send(flood);
  ASSERT_TRUE(house.until([&] { return house.intake.refusals.size() == 2000; }));
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin);
  const std::string log = testing::internal::GetCapturedStderr();
  const auto lines = std::count(log.begin(), log.end(), '\n');
  EXPECT_GE(lines, 1);
  EXPECT_LE(lines, 1 + seconds.count());
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
  const auto refused_with = [&](const std::string& key, config::Settings::Value value) {
    House other;
    other.config.devices = {first};
    other.config.devices[0].settings.set(key, std::move(value));
    EXPECT_THROW(other.make("hj212"), std::runtime_error) << key;
  };
  refused_with("tolerate", std::vector<std::string>{"everything"});
  refused_with("reply", std::string("polite"));
  refused_with("answer_parts", std::string("some"));
  refused_with("sm4_wire", std::string("base64"));
  refused_with("sm4_key_file", std::string("/nowhere/key"));
  device("dust-2", mn);
  EXPECT_THROW(house.make("hj212"), std::runtime_error);
}

}  // namespace
}  // namespace jieding::drivers::test
