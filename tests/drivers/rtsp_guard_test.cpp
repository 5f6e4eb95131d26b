#include "drivers/rtsp_guard.hpp"

#include <gmock/gmock.h>

namespace jieding::drivers {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string answer = "RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE\r\n\r\n";
const std::string description =
    "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 12\r\n\r\nm=video\r\n$\n\n";
/// Its content looks like an answer that redirects.
const std::string packet = std::string("$\0\0\x16", 4) + "RTSP/1.0 302 Found\r\n\r\n";
const std::string digest =
    "RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
    "WWW-Authenticate: Digest realm=\"x\", nonce=\"1\"\r\n\r\n";
const std::string basic =
    "RTSP/1.0 401 Unauthorized\r\nwww-authenticate: Basic realm=\"x\"\r\n\r\n";

Error refusal(const std::string& bytes) {
  RtspGuard guard(false);
  const auto passed = guard.pass(bytes);
  return passed ? Error(Fault::Internal, "let pass") : passed.error();
}

TEST(RtspGuard, WhatACameraAnswersGoesOnInPiecesOfAnySize) {
  const std::string all = answer + digest + description + packet + packet +
                          "GET_PARAMETER rtsp://10.0.0.5/ RTSP/1.0\r\nCSeq: 3\r\n\r\n" + packet;
  for (std::size_t size = 1; size <= all.size(); ++size) {
    RtspGuard guard(false);
    std::string passed;
    for (std::size_t at = 0; at < all.size(); at += size) {
      const auto piece = guard.pass(std::string_view(all).substr(at, size));
      ASSERT_TRUE(piece) << piece.error().text();
      passed += *piece;
    }
    EXPECT_EQ(passed, all) << size;
  }
}

TEST(RtspGuard, AHeadGoesOnWhenItIsWhole) {
  RtspGuard guard(false);
  const std::string redirect = "RTSP/1.0 302 Found\r\nLocation: rtsp://10.9.9.9/\r\n";
  EXPECT_EQ(guard.pass(redirect).value(), "");
  EXPECT_FALSE(guard.pass("\r\n"));
}

TEST(RtspGuard, ARedirectGoesNowhere) {
  const std::string to = "\r\nLocation: rtsp://u:secret@10.9.9.9:99/x?password=secret\r\n\r\n";
  for (const char* status : {"301 Moved", "302", "305 Use Proxy", "399 X"}) {
    const Error error = refusal(answer + "RTSP/1.0 " + status + to);
    EXPECT_EQ(error.kind(), Fault::Invalid);
    EXPECT_THAT(error.text(), HasSubstr("redirects to 10.9.9.9:99,")) << status;
    EXPECT_THAT(error.text(), Not(HasSubstr("secret")));
  }
  EXPECT_THAT(refusal("RTSP/1.0 302 Found\n\n").text(), HasSubstr("redirects to elsewhere"));
}

TEST(RtspGuard, WhatCanBeReadInTwoWaysGoesNowhere) {
  for (const std::string& wrong : {
           std::string("HTTP/1.1 200 OK\r\n\r\n"),
           std::string("\r\nRTSP/1.0 302 Found\r\n\r\n"),
           std::string(" RTSP/1.0 302 Found\r\n\r\n"),
           std::string("RT\rSP/1.0 302 Found\r\n\r\n"),
           std::string("RTSP/1.0  302 Found\r\n\r\n"),
           std::string("RTSP/1.0 2000\r\n\r\n"),
           std::string("RTSP/1.0 20\0 302\r\n\r\n", 20),
           std::string("RTSP/1.0 200 OK\r\n$\0\0\1x\r\n\r\n", 26),
           std::string("RTSP/1.0 200 OK\r\nContent-Length: 1\r\nContent-Length: 9\r\n\r\n"),
           std::string("RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n"),
           std::string("RTSP/1.0 200 OK\r\nContent-Length: 0x10\r\n\r\n"),
       }) {
    EXPECT_THAT(refusal(wrong).text(), HasSubstr("speaks no RTSP")) << wrong;
  }
}

TEST(RtspGuard, ThePasswordGoesInTheClearOnlyWhereItMay) {
  EXPECT_EQ(refusal(basic).kind(), Fault::Refused);
  EXPECT_THAT(refusal(basic).text(), HasSubstr("basic_in_clear"));
  RtspGuard allowing(true);
  EXPECT_EQ(allowing.pass(basic).value(), basic);
}

TEST(RtspGuard, LengthsHaveBounds) {
  EXPECT_EQ(refusal(std::string(9000, 'A')).kind(), Fault::TooMuch);
  EXPECT_EQ(refusal("RTSP/1.0 200 OK\r\nContent-Length: 70000\r\n\r\n").kind(), Fault::TooMuch);
}

}  // namespace
}  // namespace jieding::drivers
