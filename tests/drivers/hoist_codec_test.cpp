#include "drivers/hoist_codec.hpp"

#include <gmock/gmock.h>

#include <boost/algorithm/hex.hpp>

namespace jieding::drivers::hoist {
namespace {

using testing::HasSubstr;

const Stamp now{from_rfc3339("2026-03-15T04:00:00Z").value(), TimeQuality::Synced};
/// As the maker's own server names it: serial 12345678, 2000-01-02 00:08:41.
const std::string heartbeat =
    boost::algorithm::unhex(std::string("7A7A010300000E003132333435363738000102000841DC7F7B7B"));
/// Of storey 15, with a card and an identity number.
std::string record() {
  std::string area = "HT000042";
  area += std::string("\x07\0\0\0", 4) + "CARD0001";
  area += "\x26\x03\x15\x11\x59\x30";                  // 2026-03-15 11:59:30
  area += std::string("\x52\x03\xD0\x07\x9C\x01", 6);  // 850 kg of 2000, 41.2 m
  area += std::string("\x06\0\x0F\x03\0\0\x05\0", 8);  // 0.6 m/s, storey 15, 3 persons, alarms
  area += std::string("\x01\x14\x02\x03\xA4\x01", 6);  // inner door, 4.20 m/s
  area += std::string("\xF4\xFF\x08\0", 4);            // -0.12, 0.08 deg
  return area + "330106199001011234";
}

std::vector<Found> all_of(FrameFinder& finder) {
  std::vector<Found> found;
  while (auto next = finder.next())
    found.push_back(std::move(*next));
  return found;
}
std::string reason(const Found& found) {
  const auto* strange = std::get_if<Strange>(&found);
  return strange == nullptr ? "frame" : std::string(strange->reason);
}

TEST(HoistFrame, CrcIsXmodemsLowByteFirst) {
  EXPECT_EQ(crc16("123456789"), 0x31C3);
  EXPECT_EQ(crc16(heartbeat.substr(8, 14)), 0x7FDC);
}

TEST(HoistFrame, MakersHeartbeatIsReadAndWrittenAlike) {
  FrameFinder finder;
  finder.push(heartbeat);
  const auto found = all_of(finder);
  ASSERT_EQ(found.size(), 1u);
  const Frame& frame = std::get<Frame>(found[0]);
  EXPECT_EQ(frame.command, Command::Heartbeat);
  EXPECT_EQ(frame.version, std::string("\x01\x03\0", 3));
  EXPECT_EQ(serial_number(frame), "12345678");
  EXPECT_EQ(to_bytes(frame), heartbeat);
  EXPECT_EQ(to_rfc3339(heartbeat_time(frame).value()), "2000-01-01T16:08:41Z");
}

TEST(HoistFrame, AnyCutAndAnyJoinGiveTheSameFrames) {
  const std::string two = heartbeat + to_bytes({"\x01\x04\x01", Command::Realtime, record()});
  for (std::size_t cut = 0; cut <= two.size(); ++cut) {
    FrameFinder finder;
    finder.push(two.substr(0, cut));
    std::size_t frames = all_of(finder).size();
    finder.push(two.substr(cut));
    for (const Found& each : all_of(finder))
      frames += std::holds_alternative<Frame>(each) ? 1 : 100;
    EXPECT_EQ(frames, 2u) << cut;
  }
}

TEST(HoistFrame, EveryFlippedBitIsRefusedAndTheNextFrameRead) {
  for (std::size_t bit = 16; bit < heartbeat.size() * 8; ++bit) {
    if (bit / 8 >= 2 && bit / 8 <= 5) continue;  // version and command stand outside of the CRC
    std::string bent = heartbeat;
    bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << (bit % 8)));
    FrameFinder finder;
    finder.push(bent + std::string(longest_area, '\0') + heartbeat);
    const auto found = all_of(finder);
    EXPECT_NE(reason(found.front()), "frame") << bit;
    EXPECT_EQ(reason(found.back()), "frame") << bit;
  }
}

TEST(HoistFrame, NoiseIsNotKept) {
  FrameFinder finder;
  finder.push("AT+CIPSTART\r\n\x7A");
  const auto found = all_of(finder);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(reason(found[0]), "noise");
  EXPECT_EQ(finder.unfinished(), "\x7A") << "it may be the first half of a head";
  finder.push(heartbeat.substr(1));
  EXPECT_EQ(all_of(finder).size(), 1u);
}

TEST(HoistFrame, LengthBeyondAllFramesIsNotWaitedFor) {
  FrameFinder finder;
  finder.push(std::string("\x7A\x7A\x01\x04\x00\x01\xFF\xFF", 8) + "abc" + heartbeat);
  const auto found = all_of(finder);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(reason(found[0]), "length");
  EXPECT_EQ(reason(found[1]), "frame");
}

TEST(HoistCodec, RecordGivesItsReadings) {
  const auto batch = readings({"", Command::Realtime, record()}, "hoist-1", now);
  ASSERT_TRUE(batch) << batch.error().text();
  std::map<std::string, std::pair<double, std::string>> values;
  for (const Reading& each : *batch) {
    EXPECT_EQ(to_rfc3339(each.device_time), "2026-03-15T03:59:30Z");
    EXPECT_EQ(each.received.at, now.at);
    values[each.quantity] = {each.value, each.unit};
  }
  using Value = std::pair<double, std::string>;
  EXPECT_EQ(values["hoist_load"], Value(850, "kg"));
  EXPECT_EQ(values["hoist_rated_load"], Value(2000, "kg"));
  EXPECT_EQ(values["hoist_height"], Value(41.2, "m"));
  EXPECT_EQ(values["hoist_speed"], Value(0.6, "m/s"));
  EXPECT_EQ(values["hoist_floor"], Value(15, "1"));
  EXPECT_EQ(values["hoist_persons"], Value(3, "1"));
  EXPECT_EQ(values["hoist_alarms"], Value(5, "1"));
  EXPECT_EQ(values["hoist_door"], Value(2, "1"));
  EXPECT_EQ(values["wind_speed"], Value(4.2, "m/s"));
  EXPECT_EQ(values["hoist_tilt_x"], Value(-0.12, "deg"));
  EXPECT_EQ(values["hoist_tilt_y"], Value(0.08, "deg"));
}

TEST(HoistCodec, WhatCannotBeIsRefusedByName) {
  const auto why = [](std::string area) {
    const auto batch = readings({"", Command::Realtime, std::move(area)}, "hoist-1", now);
    return batch ? "" : batch.error().text();
  };
  std::string storey = record();
  storey[34] = '\xFF';
  EXPECT_THAT(why(storey), HasSubstr("range: hoist_floor"));
  std::string month = record();
  month[21] = '\x13';
  EXPECT_THAT(why(month), HasSubstr("time: "));
  std::string digit = record();
  digit[25] = '\x3A';
  EXPECT_THAT(why(digit), HasSubstr("time: "));
  EXPECT_THAT(why(record() + "x"), HasSubstr("length: "));
  EXPECT_THAT(why(""), HasSubstr("length: "));
}

TEST(HoistCodec, AnswersAreFramesOfTheSameVersion) {
  const Frame asked{"\x01\x04\x02", Command::Heartbeat, "12345678"};
  const Frame plain = heartbeat_answer(asked, std::nullopt);
  EXPECT_EQ(plain.version, asked.version);
  EXPECT_EQ(plain.area, std::string(1, '\0'));
  const Frame set = heartbeat_answer(asked, now.at);
  EXPECT_EQ(set.area, std::string("\x01\x26\x03\x15\x12\0\0", 7)) << "local time";
  EXPECT_EQ(stored_answer(asked).command, Command::Stored);
}

TEST(HoistCodec, WhoDrivesIsBlanked) {
  const std::string frame = to_bytes({"\x01\x04\x01", Command::Realtime, record()});
  const std::string blanked = without_driver("noise" + frame);
  EXPECT_EQ(blanked.size(), frame.size() + 5);
  EXPECT_EQ(blanked.find("CARD0001"), std::string::npos);
  EXPECT_EQ(blanked.find("3301061990"), std::string::npos);
  EXPECT_NE(blanked.find("HT000042"), std::string::npos) << "which hoist it was stays";
  EXPECT_EQ(without_driver("\x7A\x7A" + std::string(3, 'x')).size(), 5u);
}

}  // namespace
}  // namespace jieding::drivers::hoist
