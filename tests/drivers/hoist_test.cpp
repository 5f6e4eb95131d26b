// The hoist driver over real sockets and a pty: what is stored, what is answered, what is refused.

#include <gmock/gmock.h>

#include <boost/algorithm/hex.hpp>

#include "drivers/hoist_codec.hpp"
#include "tests/drivers/house.hpp"
#include "tests/drivers/pty.hpp"

namespace jieding::drivers::test {
namespace {

using hoist::Command;
using testing::Contains;
using testing::HasSubstr;

const std::string version("\x01\x04\0", 3);

/// Of 2026-03-15 and a time as BCD: `115930`.
std::string record(const std::string& hhmmss, int floor, const std::string& serial = "HT000042") {
  std::string area = serial + std::string(4, '\0') + "CARD0001";
  area += boost::algorithm::unhex("260315" + hhmmss);
  area += std::string(68 - 26, '\0');
  area[34] = static_cast<char>(floor);
  return area;
}
std::string bytes(Command command, const std::string& area) {
  return to_bytes(hoist::Frame{version, command, area});
}
std::string heartbeat(const std::string& yymmddhhmmss) {
  return bytes(Command::Heartbeat, "HT000042" + boost::algorithm::unhex(yymmddhhmmss));
}

class HoistDriver : public testing::Test {
 protected:
  HoistDriver() {
    config::Settings limits;
    limits.set("listen", std::string("127.0.0.1:0"));
    limits.set("frame_timeout", 60ms);
    limits.set("idle_timeout", 400ms);
    house.config.drivers.push_back({"hoist", limits});
    house.on_wall_clock = true;
    device("hoist-1", "HT000042");
  }
  config::Device& device(const std::string& id, const std::string& serial) {
    config::Device& added = house.config.devices.emplace_back();
    added.id = id;
    added.driver = "hoist";
    added.settings.set("sn", serial);
    return added;
  }
  tcp::socket connect() {
    tcp::socket socket(house.io);
    socket.connect({asio::ip::address_v4::loopback(), house.driver().port()});
    socket.non_blocking(true);
    return socket;
  }
  void say(tcp::socket& socket, const std::string& what) {
    socket.non_blocking(false);
    asio::write(socket, asio::buffer(what));
    socket.non_blocking(true);
  }
  /// The next frame that the hoist hears; none in a while: an empty one.
  hoist::Frame hear(tcp::socket& socket, std::chrono::milliseconds patience = 5s) {
    hoist::FrameFinder finder;
    std::optional<hoist::Found> found;
    house.until(
        [&] {
          std::array<char, 256> chunk{};
          boost::system::error_code none;
          const auto count = socket.read_some(asio::buffer(chunk), none);
          if (!none) finder.push({chunk.data(), count});
          found = finder.next();
          return found.has_value();
        },
        patience);
    return found ? std::get<hoist::Frame>(*found) : hoist::Frame{};
  }
  bool ended(tcp::socket& socket) {
    return house.until([&] {
      std::array<char, 256> chunk{};
      boost::system::error_code failed;
      socket.read_some(asio::buffer(chunk), failed);
      return failed == asio::error::eof || failed == asio::error::connection_reset;
    });
  }
  bool stored(std::size_t batches) {
    return house.until([&] { return house.intake.batches.size() >= batches; });
  }
  bool refused(std::size_t times = 1) {
    return house.until([&] { return house.intake.refusals.size() >= times; });
  }

  Scratch scratch{"jieding-hoist"};
  House house;
};

TEST_F(HoistDriver, RealtimeIsStoredForTheSerialNumber) {
  house.start("hoist");
  auto socket = connect();
  say(socket, bytes(Command::Realtime, record("115930", 15)));
  ASSERT_TRUE(stored(1));
  const Reading& first = house.intake.batches[0].front();
  EXPECT_EQ(first.device, "hoist-1");
  EXPECT_EQ(to_rfc3339(first.device_time), "2026-03-15T03:59:30Z");
  EXPECT_EQ(hear(socket, 30ms).area, "") << "nobody answers it";
}

TEST_F(HoistDriver, StoredRecordIsAnsweredAfterItsCommitOnly) {
  house.start("hoist");
  house.intake.hold();
  auto socket = connect();
  say(socket, bytes(Command::Stored, record("030000", 11)));
  ASSERT_TRUE(house.until([&] { return house.intake.arrived == 1; }));
  EXPECT_EQ(hear(socket, 30ms).area, "");
  house.intake.release();
  EXPECT_EQ(hear(socket).command, Command::Stored);
  house.intake.fault = Error{Fault::Full, "disk full"};
  say(socket, bytes(Command::Stored, record("030100", 11)));
  ASSERT_TRUE(house.until([&] { return house.intake.arrived == 2; }));
  EXPECT_EQ(hear(socket, 30ms).area, "") << "it is not on the disk: the hoist keeps it";
}

TEST_F(HoistDriver, HeartbeatSetsAWrongClockOnlyByATrustedOne) {
  house.start("hoist");
  auto socket = connect();
  say(socket, heartbeat("260315120000"));
  EXPECT_EQ(hear(socket).area, std::string(1, '\0')) << "its clock is right";
  say(socket, heartbeat("000102000841"));
  EXPECT_EQ(hear(socket).area, std::string("\x01\x26\x03\x15\x12\0\0", 7));
  house.wall.stamp.quality = TimeQuality::Unsynced;
  say(socket, heartbeat("000102000841"));
  EXPECT_EQ(hear(socket).area, std::string(1, '\0'));
  EXPECT_EQ(house.intake.counts["hoist-1 heartbeat"], 3);
  EXPECT_EQ(house.intake.counts["hoist-1 clock_set"], 1);
  EXPECT_EQ(house.intake.signs_of_life.size(), 3u);
}

TEST_F(HoistDriver, RecordWithALostClockIsKeptAsItSaysAndTold) {
  house.start("hoist");
  auto socket = connect();
  say(socket, bytes(Command::Realtime,
                    record("115930", 2)
                        .replace(20, 6, boost::algorithm::unhex(std::string("000102000841")))));
  ASSERT_TRUE(stored(1));
  EXPECT_EQ(to_rfc3339(house.intake.batches[0][0].device_time), "2000-01-01T16:08:41Z");
  ASSERT_TRUE(house.until([&] { return !house.intake.healths.empty(); }));
  EXPECT_EQ(house.intake.healths[0].health, Health::Warning);
  EXPECT_THAT(house.intake.healths[0].reason, HasSubstr("its clock says 2000-01-01"));
}

TEST_F(HoistDriver, WhatIsRefusedTellsNobodysName) {
  house.start("hoist");
  auto socket = connect();
  std::string bent = bytes(Command::Realtime, record("115930", 15));
  bent[60] = static_cast<char>(bent[60] ^ 1);
  say(socket, bent + bytes(Command::Realtime, record("115930", 255)) +
                  bytes(Command::Realtime, record("115930", 3, "STRANGER")) + "noise");
  ASSERT_TRUE(refused(4));
  EXPECT_EQ(house.intake.reasons(),
            (std::vector<std::string>{"crc", "range", "unknown_device", "noise"}));
  EXPECT_EQ(house.intake.refusals[1].device, "hoist-1");
  for (const Refusal& each : house.intake.refusals)
    EXPECT_EQ(each.bytes.find("CARD0001"), std::string::npos) << each.reason;
  EXPECT_TRUE(house.intake.batches.empty());
  say(socket, bytes(Command::Realtime, record("115931", 15)));
  EXPECT_TRUE(stored(1)) << "it finds its feet again";
}

TEST_F(HoistDriver, HoistFromElsewhereIsNotThatHoist) {
  house.config.devices.back().settings.set("allow", std::vector<std::string>{"10.0.0.0/8"});
  house.start("hoist");
  auto socket = connect();
  say(socket, bytes(Command::Realtime, record("115930", 15)));
  ASSERT_TRUE(refused());
  EXPECT_EQ(house.intake.reasons().front(), "unknown_device");
}

TEST_F(HoistDriver, HalfAFrameAndSilenceEndAConnection) {
  house.start("hoist");
  auto dripping = connect();
  auto silent = connect();
  const std::string frame = bytes(Command::Realtime, record("115930", 15));
  for (char byte : frame.substr(0, 6)) {
    say(dripping, std::string(1, byte));
    house.pump(5ms);
  }
  EXPECT_TRUE(ended(dripping));
  EXPECT_THAT(house.intake.reasons(), Contains("torn"));
  EXPECT_TRUE(ended(silent));
  EXPECT_EQ(house.intake.refusals.size(), 1u) << "silence is no refusal";
}

TEST_F(HoistDriver, OtherCommandsAreSignsOfLife) {
  house.start("hoist");
  auto socket = connect();
  say(socket, bytes(Command::Identity, "HT000042" + std::string(20, '7')));
  ASSERT_TRUE(house.until([&] { return !house.intake.signs_of_life.empty(); }));
  EXPECT_EQ(house.intake.counts["hoist-1 command_2"], 1);
  EXPECT_TRUE(house.intake.refusals.empty());
}

TEST_F(HoistDriver, PulledAdapterIsHealthAndReadAgainWhenItIsBack) {
  SerialPort port(scratch.path() / "adapter");
  house.config.devices.back().settings.set("serial", port.name());
  house.start("hoist");
  EXPECT_EQ(house.driver().port(), 0) << "nobody needs the listener";
  house.pump(20ms);
  port.say(bytes(Command::Stored, record("115930", 15)));
  ASSERT_TRUE(stored(1));
  ASSERT_TRUE(house.until([&] { return !port.heard().empty(); })) << "answered over the wires";
  port.say(bytes(Command::Realtime, record("115931", 15)).substr(0, 20));
  house.pump(20ms);
  port.pull();
  ASSERT_TRUE(house.until([&] { return !house.intake.healths.empty(); }));
  EXPECT_EQ(house.intake.healths[0].health, Health::Failed);
  EXPECT_EQ(house.intake.healths[0].since, noon);
  EXPECT_THAT(house.intake.reasons(), Contains("torn"));
  house.pump(300ms);
  port.plug_in();
  ASSERT_TRUE(house.until([&] { return house.intake.healths.back().health == Health::Ok; }));
  port.say(bytes(Command::Realtime, record("115932", 16)));
  EXPECT_TRUE(stored(2));
  EXPECT_EQ(house.intake.batches[1].front().device, "hoist-1");
}

TEST_F(HoistDriver, TwoWithOneSerialNumberAreToldAtStart) {
  device("hoist-2", "HT000042");
  EXPECT_THROW(house.make("hoist"), std::runtime_error);
}

}  // namespace
}  // namespace jieding::drivers::test
