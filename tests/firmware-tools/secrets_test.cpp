#include "firmware-tools/secrets.hpp"

#include <gmock/gmock.h>

#include "drivers/hj212_frame.hpp"

namespace jieding::tools {
namespace {

using namespace std::chrono_literals;
using drivers::hj212::to_frame;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view secret = "s3cr3tX9";

std::string frame_with(std::string_view password) {
  return to_frame("QN=20160801085857223;ST=32;CN=1062;PW=" + std::string(password) +
                  ";MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&");
}

std::vector<Event> drain(SecretMask& mask) {
  std::vector<Event> all;
  while (auto event = mask.next())
    all.push_back(std::move(*event));
  return all;
}

std::string bytes_of(const std::vector<Event>& events) {
  std::string all;
  for (const Event& event : events)
    all += event.bytes;
  return all;
}

/// The stream in pieces of this size, masked.
std::string masked(const std::string& stream, std::size_t piece) {
  SecretMask mask;
  std::string all;
  mask.push({0ms, Happening::Opened, ""});
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    mask.push({1ms, Happening::FromDevice, stream.substr(at, piece)});
    all += bytes_of(drain(mask));
  }
  mask.finish();
  return all + bytes_of(drain(mask));
}

TEST(Secrets, PasswordIsReplacedAndTheFrameStaysSound) {
  const std::string stream = "noise" + frame_with(secret) + frame_with(secret);
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    const std::string clean = masked(stream, piece);
    ASSERT_EQ(clean.size(), stream.size());
    EXPECT_EQ(clean, "noise" + frame_with("12345612") + frame_with("12345612")) << piece;
  }
}

TEST(Secrets, FrameOfTheExamplePasswordIsLeftAsItIs) {
  EXPECT_EQ(masked(frame_with("123456"), 7), frame_with("123456"));
}

TEST(Secrets, WrongChecksumStaysWrongAndThePasswordGoes) {
  std::string frame = frame_with(secret);
  frame[frame.size() - 3] ^= 1;
  const std::string clean = masked(frame, 16);
  EXPECT_THAT(clean, Not(HasSubstr(secret)));
  EXPECT_EQ(clean.substr(clean.size() - 6), frame.substr(frame.size() - 6));
}

TEST(Secrets, TornFrameDoesNotGiveThePasswordAway) {
  const std::string frame = frame_with(secret);
  for (std::size_t kept = 1; kept < frame.size(); ++kept) {
    const std::string clean = masked(frame.substr(0, kept), 5);
    EXPECT_EQ(clean.size(), kept);
    EXPECT_THAT(clean, Not(HasSubstr("s3c"))) << kept;
  }
}

TEST(Secrets, EndlessFrameIsNotHeldForEver) {
  SecretMask mask;
  mask.push({0ms, Happening::FromDevice, "##4000PW="});
  std::size_t out = 0;
  for (int i = 0; i < 200; ++i) {
    mask.push({1ms, Happening::ToDevice, std::string(1000, 'x')});
    for (const Event& event : drain(mask))
      out += event.bytes.size();
  }
  EXPECT_GT(out, 100'000);
}

TEST(Secrets, EventsKeepTheirOrder) {
  SecretMask mask;
  const std::string frame = frame_with(secret);
  mask.push({0ms, Happening::Opened, ""});
  mask.push({1ms, Happening::FromDevice, frame.substr(0, 60)});
  mask.push({2ms, Happening::ToDevice, "answer"});
  EXPECT_EQ(drain(mask).size(), 1);  // the rest waits for the frame's end
  mask.push({3ms, Happening::FromDevice, frame.substr(60)});
  const auto rest = drain(mask);
  ASSERT_EQ(rest.size(), 3);
  EXPECT_EQ(rest[0].at, 1ms);
  EXPECT_EQ(rest[1].bytes, "answer");
  EXPECT_EQ(rest[2].at, 3ms);
  EXPECT_EQ(rest[0].bytes + rest[2].bytes, frame_with("12345612"));
}

TEST(Secrets, MqttPasswordIsReplacedWhereverThePacketWasCut) {
  const std::string name("\x00\x04MQTT", 6);
  const std::string ids("\x00\x07hoist-1\x00\x07hoist-1", 18);
  const std::string body = name + std::string("\x04\xc2\x00\x3c", 4) + ids +
                           std::string("\x00\x08", 2) + std::string(secret);
  const std::string connect = std::string("\x10") + static_cast<char>(body.size()) + body;
  const std::string publish("\x30\x05\x00\x01t\x34\x32", 7);
  for (std::size_t piece = 1; piece <= connect.size(); ++piece) {
    const std::string clean = masked(connect + publish, piece);
    EXPECT_EQ(clean, connect.substr(0, connect.size() - 8) + "12345612" + publish) << piece;
  }
  for (std::size_t kept = 1; kept < connect.size(); ++kept)
    EXPECT_THAT(masked(connect.substr(0, kept), 4), Not(HasSubstr("s3c")));
}

TEST(Secrets, BearerTokenIsReplacedInAnyCase) {
  for (const std::string name : {"Authorization", "authorization", "AUTHORIZATION"}) {
    const std::string head = "POST / HTTP/1.1\r\n" + name + ": Bearer s3cr3tX9\r\n\r\n{}";
    for (std::size_t piece = 1; piece <= head.size(); ++piece) {
      const std::string clean = masked(head, piece);
      EXPECT_THAT(clean, Not(HasSubstr(secret)));
      EXPECT_THAT(clean, HasSubstr("\r\n\r\n{}"));
    }
  }
}

TEST(Secrets, OtherBytesPassAtOnceAndUnchanged) {
  const std::string question("\x10\x03\x00\x00\x00\x01\x86\x8b", 8);  // unit 16, as CONNECT begins
  SecretMask mask;
  mask.push({0ms, Happening::Opened, ""});
  mask.push({1ms, Happening::ToDevice, question});
  const auto out = drain(mask);
  ASSERT_EQ(out.size(), 2);
  EXPECT_EQ(out[1].bytes, question);
}

}  // namespace
}  // namespace jieding::tools
