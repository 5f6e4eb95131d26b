#include "drivers/hj212_frame.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <vector>

namespace jieding::drivers::hj212 {
namespace {

using testing::ElementsAre;

const std::string official =
    "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    "CP=&&RtdInterval=30&&1C80\r\n";

/// What comes out, one word each: `frame` or the reason.
std::vector<std::string> verdicts(FrameFinder& finder) {
  std::vector<std::string> list;
  while (auto found = finder.next()) {
    list.emplace_back(found->refused.empty() ? "frame" : found->refused);
  }
  return list;
}
std::vector<std::string> verdicts(std::string_view bytes) {
  FrameFinder finder;
  finder.push(bytes);
  return verdicts(finder);
}

TEST(Hj212Frame, ChecksumIsTheStandardsOwn) {
  EXPECT_EQ(checksum(""), 0xFFFF);
  EXPECT_EQ(checksum(std::string_view("\0", 1)), 0x4040);
  EXPECT_EQ(checksum("123456789"), 0x2F80);
}

/// As Annex A prints it, bit by bit.
unsigned checksum_by_bits(std::string_view segment) {
  unsigned value = 0xFFFF;
  for (const char c : segment) {
    value = (value >> 8U) ^ static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i)
      value = (value & 1U) != 0 ? (value >> 1U) ^ 0xA001U : value >> 1U;
  }
  return value;
}

TEST(Hj212Frame, ChecksumOfAnyLengthIsThatOfTheAnnex) {
  std::string segment;
  for (unsigned i = 0; i < 300; ++i) {
    EXPECT_EQ(checksum(segment), checksum_by_bits(segment)) << segment.size();
    segment += static_cast<char>(i * 73 + i / 7);
  }
}

TEST(Hj212Frame, EveryVectorHasItsVerdict) {
  std::ifstream file(JIEDING_TEST_DATA "/hj212/vectors.tsv");
  std::string line;
  std::getline(file, line);
  int rows = 0;
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, '\t');)
      cells.push_back(cell);
    ASSERT_EQ(cells.size(), 7U) << line;
    const std::string& frame = cells[6];
    const std::string segment = frame.substr(6, frame.size() - 10);
    const bool length_ok = std::stoul(frame.substr(2, 4)) == segment.size();
    const bool checksum_ok =
        std::stoul(frame.substr(frame.size() - 4), nullptr, 16) == checksum(segment);
    EXPECT_EQ(cells[0], std::string(checksum_ok ? "CRC_OK" : "CRC_BAD") +
                            (length_ok ? "+LEN_OK" : "+LEN_BAD"))
        << line;
    EXPECT_EQ(std::stoul(cells[4], nullptr, 16), checksum(segment)) << line;
    const std::string expected = !length_ok ? "length" : checksum_ok ? "frame" : "crc";
    EXPECT_THAT(verdicts(frame + "\r\n"), ElementsAre(expected)) << line;
    ++rows;
  }
  EXPECT_GE(rows, 30);
}

TEST(Hj212Frame, WhatIsFramedIsFoundAgain) {
  for (const std::size_t length : {2U, 99U, 100U, 1024U}) {
    const std::string segment = std::string(length - 2, 'x') + "&&";
    FrameFinder finder;
    finder.push(to_frame(segment));
    const auto found = finder.next();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->segment(), segment);
  }
}

TEST(Hj212Frame, FramesCutAnywhereAreJoined) {
  const std::string two = official + to_frame("CP=&&&&");
  for (std::size_t cut = 0; cut <= two.size(); ++cut) {
    FrameFinder finder;
    finder.push(std::string_view(two).substr(0, cut));
    auto list = verdicts(finder);
    finder.push(std::string_view(two).substr(cut));
    for (auto& each : verdicts(finder))
      list.push_back(each);
    EXPECT_THAT(list, ElementsAre("frame", "frame")) << "cut at " << cut;
  }
}

TEST(Hj212Frame, ByteByByteIsAsGoodAsAtOnce) {
  FrameFinder finder;
  std::vector<std::string> list;
  for (const char c : "noise" + official + "##12" + official + "\r\n\r\n" + official) {
    finder.push({&c, 1});
    for (auto& each : verdicts(finder))
      list.push_back(each);
  }
  EXPECT_THAT(list, ElementsAre("garbage", "frame", "garbage", "frame", "frame"));
}

Tolerances used_by(std::string_view bytes) {
  FrameFinder finder;
  finder.push(bytes);
  Tolerances used;
  while (const auto found = finder.next())
    used.add(found->used);
  return used;
}

TEST(Hj212Frame, OdditiesAreNoted) {
  const std::string bare = official.substr(0, official.size() - 2);
  const std::string segment = bare.substr(6, bare.size() - 10);
  EXPECT_TRUE(used_by(official + official).empty());
  EXPECT_TRUE(used_by(bare + bare).has(Tolerance::NoLineEnd));
  EXPECT_FALSE(used_by(bare + "\r\n" + bare).has(Tolerance::NoLineEnd));
  EXPECT_FALSE(used_by(bare).has(Tolerance::NoLineEnd));  // it may still come
  EXPECT_TRUE(used_by("##0101" + segment + "1c80\r\n").has(Tolerance::LowercaseCrc));
  EXPECT_TRUE(used_by("##101" + segment + "1C80\r\n").has(Tolerance::ThreeDigitLength));
  std::array<char, 8> modbus{};
  std::snprintf(modbus.data(), modbus.size(), "%04X", unsigned{modbus_checksum(segment)});
  EXPECT_TRUE(used_by("##0101" + segment + modbus.data()).has(Tolerance::ModbusCrc));
}

TEST(Hj212Frame, ModbusChecksumIsThePublicOne) {
  EXPECT_EQ(modbus_checksum("123456789"), 0x4B37);
}

TEST(Hj212Frame, ChecksumThatHj212CannotGiveIsNamed) {
  FrameFinder finder;
  finder.push(official.substr(0, official.size() - 6) + "1C83\r\n");
  EXPECT_NE(finder.next()->detail.find("no checksum of HJ 212"), std::string::npos);
}

TEST(Hj212Frame, LongSegmentsNeedALongerBound) {
  const std::string segment = std::string(2046, 'x') + "&&";
  EXPECT_EQ(verdicts(to_frame(segment)).front(), "length");
  FrameFinder finder(longest_segment_ever);
  finder.push(to_frame(segment));
  const auto found = finder.next();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->segment(), segment);
  EXPECT_TRUE(found->used.has(Tolerance::LongSegment));
}

TEST(Hj212Frame, TornFrameIsRefused) {
  const std::string torn = official.substr(0, 60);
  EXPECT_THAT(verdicts(torn), ElementsAre());  // it may still come
  EXPECT_THAT(verdicts(torn + official), ElementsAre("length", "frame"));
}

TEST(Hj212Frame, GarbageBetweenFramesIsSkipped) {
  EXPECT_THAT(verdicts(official + "noise#1##12x" + official),
              ElementsAre("frame", "garbage", "frame"));
  EXPECT_THAT(verdicts(official + "\r\n\r\n" + official), ElementsAre("frame", "frame"));
  EXPECT_THAT(verdicts("###" + official), ElementsAre("garbage", "frame"));
}

TEST(Hj212Frame, MissingLineEndIsHarmless) {
  const std::string bare = official.substr(0, official.size() - 2);
  EXPECT_THAT(verdicts(bare + bare + bare), ElementsAre("frame", "frame", "frame"));
}

TEST(Hj212Frame, OverlongLengthIsRefusedAtOnce) {
  EXPECT_THAT(verdicts("##1025QN="), ElementsAre("length"));
  EXPECT_THAT(verdicts("##9999" + std::string(3000, 'x') + official),
              ElementsAre("length", "frame"));
}

TEST(Hj212Frame, NothingIsKeptOfEndlessGarbage) {
  FrameFinder finder;
  for (int i = 0; i < 100; ++i) {
    finder.push(std::string(4096, i % 2 == 0 ? '#' : 'x'));
    verdicts(finder);
    EXPECT_LE(finder.unfinished().size(), longest_segment + frame_overhead);
  }
}

}  // namespace
}  // namespace jieding::drivers::hj212
