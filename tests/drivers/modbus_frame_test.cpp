#include "drivers/modbus_frame.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace jieding::drivers::modbus {
namespace {

/// `01 03 FF` as bytes.
std::string bytes(const std::string& hex) {
  std::string all;
  std::istringstream in(hex);
  for (unsigned byte = 0; in >> std::hex >> byte;)
    all += static_cast<char>(byte);
  return all;
}

Request request(int unit, Function function, int first, int count) {
  return {static_cast<std::uint8_t>(unit), function, static_cast<std::uint16_t>(first),
          static_cast<std::uint16_t>(count)};
}

const Request two_registers = request(1, Function::Holding, 0, 2);

Reply over_wires(const std::string& hex, const Request& asked = two_registers) {
  RtuReply reply;
  reply.push(bytes(hex));
  return reply.find(asked);
}

std::string refused_over_wires(const std::string& hex, const Request& asked = two_registers) {
  RtuReply reply;
  reply.push(bytes(hex));
  EXPECT_TRUE(std::holds_alternative<Unfinished>(reply.find(asked))) << hex;
  return std::string(reply.complaint(asked).reason);
}

constexpr std::uint16_t transaction = 0x1234;

Reply over_tcp(const std::string& hex, const Request& asked = two_registers) {
  TcpReplies replies;
  replies.push(bytes(hex));
  return replies.next(asked, transaction);
}

std::string refused_over_tcp(const std::string& hex) {
  const Reply reply = over_tcp(hex);
  const auto* strange = std::get_if<Strange>(&reply);
  return strange == nullptr ? "not refused" : std::string(strange->reason);
}

std::string values_of(const Reply& reply) {
  const auto* values = std::get_if<Values>(&reply);
  return values == nullptr ? "no values" : values->bytes;
}

int exception_of(const Reply& reply) {
  const auto* exception = std::get_if<Exception>(&reply);
  return exception == nullptr ? -1 : exception->code;
}

TEST(ModbusFrame, CrcIsThatOfTheStandard) {
  EXPECT_EQ(crc16("123456789"), 0x4B37);
  EXPECT_EQ(crc16(""), 0xFFFF);
}

TEST(ModbusFrame, RequestsAreTheBytesThatDevicesKnow) {
  EXPECT_EQ(to_rtu(request(1, Function::Holding, 0, 1)), bytes("01 03 00 00 00 01 84 0A"));
  EXPECT_EQ(to_rtu(request(1, Function::InputRegisters, 0, 2)), bytes("01 04 00 00 00 02 71 CB"));
  EXPECT_EQ(to_rtu(request(0x11, Function::Holding, 0x6B, 3)), bytes("11 03 00 6B 00 03 76 87"));
  EXPECT_EQ(to_tcp(request(0x11, Function::Coils, 0x13, 37), transaction),
            bytes("12 34 00 00 00 06 11 01 00 13 00 25"));
}

TEST(ModbusFrame, AnswersGiveTheirValues) {
  EXPECT_EQ(values_of(over_wires("11 03 06 AE 41 56 52 43 40 49 AD",
                                 request(0x11, Function::Holding, 0x6B, 3))),
            bytes("AE 41 56 52 43 40"));
  EXPECT_EQ(values_of(over_tcp("12 34 00 00 00 07 01 03 04 47 F1 20 00")), bytes("47 F1 20 00"));
  EXPECT_EQ(values_of(over_tcp("12 34 00 00 00 08 11 01 05 CD 6B B2 0E 1B",
                               request(0x11, Function::Coils, 0x13, 37))),
            bytes("CD 6B B2 0E 1B"));
}

TEST(ModbusFrame, ExceptionsAreTheDevicesNo) {
  EXPECT_EQ(exception_of(over_wires("01 83 02 C0 F1")), 2);
  EXPECT_EQ(exception_of(over_tcp("12 34 00 00 00 03 01 83 06")), 6);
  EXPECT_EQ(to_text(Exception{2}), "illegal address (2)");
  EXPECT_EQ(to_text(Exception{200}), "exception (200)");
}

TEST(ModbusFrame, AnswerIsFoundBehindNoiseAndInPieces) {
  EXPECT_EQ(values_of(over_wires("00 FF 01 03 04 47 F1 20 00 A6 B4")), bytes("47 F1 20 00"));
  const std::string frame = bytes("01 03 04 47 F1 20 00 A6 B4");
  RtuReply reply;
  for (std::size_t i = 0; i + 1 < frame.size(); ++i) {
    reply.push(frame.substr(i, 1));
    EXPECT_TRUE(std::holds_alternative<Unfinished>(reply.find(two_registers))) << i;
  }
  reply.push(frame.substr(frame.size() - 1));
  EXPECT_EQ(values_of(reply.find(two_registers)), bytes("47 F1 20 00"));
}

TEST(ModbusFrame, FlippedBitIsRefusedWhereverItIs) {
  const std::string frame = bytes("01 03 04 47 F1 20 00 A6 B4");
  for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
    std::string flipped = frame;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    RtuReply reply;
    reply.push(flipped);
    EXPECT_TRUE(std::holds_alternative<Unfinished>(reply.find(two_registers))) << bit;
  }
  EXPECT_EQ(refused_over_wires("01 03 04 47 F1 20 01 A6 B4"), "crc");
}

TEST(ModbusFrame, LyingAnswerOverWiresSaysWhatIsWrong) {
  EXPECT_EQ(refused_over_wires("01 03 04"), "length");
  EXPECT_EQ(refused_over_wires("01 03 04 47 F1 20"), "length");
  // The answer to another question: one register, of another unit, by another function.
  EXPECT_EQ(refused_over_wires("01 03 02 FF 9C F9 DD"), "length");
  EXPECT_EQ(refused_over_wires("11 03 06 AE 41 56 52 43 40 49 AD"), "unit");
  EXPECT_EQ(
      refused_over_wires("01 03 04 47 F1 20 00 A6 B4", request(1, Function::InputRegisters, 0, 2)),
      "function");
}

TEST(ModbusFrame, LyingAnswerOverTcpSaysWhatIsWrong) {
  EXPECT_EQ(refused_over_tcp("12 33 00 00 00 07 01 03 04 47 F1 20 00"), "transaction");
  EXPECT_EQ(refused_over_tcp("12 34 00 00 00 07 02 03 04 47 F1 20 00"), "unit");
  EXPECT_EQ(refused_over_tcp("12 34 00 00 00 07 01 04 04 47 F1 20 00"), "function");
  EXPECT_EQ(refused_over_tcp("12 34 00 00 00 05 01 03 02 47 F1"), "length");
  EXPECT_EQ(refused_over_tcp("12 34 00 00 00 07 01 03 02 47 F1 20 00"), "length");
  EXPECT_EQ(refused_over_tcp("12 34 00 00 00 06 01 03 04 47 F1 20"), "length");
  EXPECT_EQ(refused_over_tcp("12 34 00 00 00 04 01 83 02 00"), "length");
  EXPECT_EQ(refused_over_tcp("12 34 00 01 00 07 01 03 04 47 F1 20 00"), "protocol");
  EXPECT_EQ(refused_over_tcp("12 34 00 00 FF FF 01"), "length");
  EXPECT_EQ(refused_over_tcp("12 34 00 00 00 02 01 03"), "length");
}

TEST(ModbusFrame, StreamThatCannotBeAFrameIsBroken) {
  const Reply reply = over_tcp("48 54 54 50 2F 31 2E 31");
  ASSERT_TRUE(std::holds_alternative<Strange>(reply));
  EXPECT_TRUE(std::get<Strange>(reply).broken);
  const Reply late = over_tcp("12 33 00 00 00 07 01 03 04 47 F1 20 00");
  ASSERT_TRUE(std::holds_alternative<Strange>(late));
  EXPECT_FALSE(std::get<Strange>(late).broken);
}

TEST(ModbusFrame, LateAnswerIsPassedAndTheRightOneFound) {
  TcpReplies replies;
  replies.push(bytes("12 33 00 00 00 07 01 03 04 00 00 00 00 12 34 00 00 00"));
  EXPECT_TRUE(std::holds_alternative<Strange>(replies.next(two_registers, transaction)));
  EXPECT_TRUE(std::holds_alternative<Unfinished>(replies.next(two_registers, transaction)));
  replies.push(bytes("07 01 03 04 47 F1 20 00"));
  EXPECT_EQ(values_of(replies.next(two_registers, transaction)), bytes("47 F1 20 00"));
  EXPECT_TRUE(replies.unfinished().empty());
}

TEST(ModbusFrame, EndlessNoiseIsBounded) {
  RtuReply reply;
  for (int i = 0; i < 1000; ++i)
    reply.push(std::string(512, '\x01'));
  EXPECT_TRUE(std::holds_alternative<Unfinished>(reply.find(two_registers)));
  EXPECT_LE(reply.complaint(two_registers).bytes.size(), 512u);
}

}  // namespace
}  // namespace jieding::drivers::modbus
