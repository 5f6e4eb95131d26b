#include "firmware-tools/node/console_frame.hpp"

#include <gtest/gtest.h>

#include <string>

namespace jieding::tools::node {
namespace {

std::string packet_of(std::size_t size) {
  std::string packet;
  for (std::size_t i = 0; i < size; ++i)
    packet += static_cast<char>(i * 7 + i / 256);
  return packet;
}

TEST(ConsoleFrame, CrcIsXmodems) {
  EXPECT_EQ(crc_xmodem("123456789"), 0x31C3);  // the catalogue's check value
}

// Bytes that mcumgr's documents give the parts of: length 10 with CRC, marks, base64, line feed.
TEST(ConsoleFrame, AShortPacketIsOneLine) {
  EXPECT_EQ(to_lines(std::string(8, '\0')),
            "\x06\x09"
            "AAoAAAAAAAAAAAAA\n");
}

TEST(ConsoleFrame, PacketsOfEverySizeComeBack) {
  for (std::size_t size = 0; size <= 1024; ++size) {
    LineReader reader;
    reader.push(to_lines(packet_of(size)));
    ASSERT_EQ(reader.next(), packet_of(size)) << size;
    EXPECT_FALSE(reader.next());
  }
}

TEST(ConsoleFrame, NoLineIsLongerThan127) {
  const std::string lines = to_lines(packet_of(longest_packet));
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at) + 1;
    EXPECT_LE(end - at, longest_line);
    at = end;
  }
}

TEST(ConsoleFrame, ChunksMayBeCutAnywhere) {
  const std::string lines = to_lines(packet_of(300)) + to_lines(packet_of(5));
  for (std::size_t cut = 0; cut <= lines.size(); ++cut) {
    LineReader reader;
    reader.push(lines.substr(0, cut));
    reader.push(lines.substr(cut));
    ASSERT_EQ(reader.next(), packet_of(300)) << cut;
    ASSERT_EQ(reader.next(), packet_of(5)) << cut;
  }
}

TEST(ConsoleFrame, ALogBetweenTheLinesDoesNotHurt) {
  std::string lines = to_lines(packet_of(300));
  lines.insert(lines.find('\n') + 1, "[00:01] <inf> app: " + std::string(5000, 'x') + "\r\n");
  LineReader reader;
  reader.push("uart:~$ " + lines);
  EXPECT_EQ(reader.next(), packet_of(300));
  EXPECT_EQ(reader.broken(), 0U);
}

TEST(ConsoleFrame, AnyChangedByteGivesNoOtherPacket) {
  const std::string lines = to_lines(packet_of(150));
  for (std::size_t at = 0; at < lines.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = lines;
      changed[at] = static_cast<char>(changed[at] ^ 1 << bit);
      LineReader reader;
      reader.push(changed);
      const auto packet = reader.next();
      EXPECT_TRUE(!packet || *packet == packet_of(150)) << at;
    }
  }
}

TEST(ConsoleFrame, AfterABrokenPacketTheNextIsFound) {
  const std::string lines = to_lines(packet_of(300));
  for (std::size_t size = 0; size < lines.size(); ++size) {
    LineReader reader;
    reader.push(lines.substr(0, size) + "\n" + to_lines(packet_of(7)));
    auto packet = reader.next();
    // Without its last byte, the line's end, it was whole.
    if (size + 1 == lines.size()) packet = reader.next();
    ASSERT_EQ(packet, packet_of(7)) << size;
  }
}

TEST(ConsoleFrame, WhatNobodyTakesIsBounded) {
  LineReader reader;
  for (int i = 0; i < 100; ++i)
    reader.push(to_lines("packet"));
  int count = 0;
  while (reader.next())
    ++count;
  EXPECT_EQ(count, 16);
  EXPECT_EQ(reader.broken(), 84U);
}

}  // namespace
}  // namespace jieding::tools::node
