#include "drivers/http_auth.hpp"

#include <gmock/gmock.h>

namespace jieding::drivers {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Credentials mufasa{"Mufasa", "Circle of Life"};
constexpr std::string_view rfc7616 =
    R"(Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256,)"
    R"( nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",)"
    R"( opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",)"
    R"( Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5,)"
    R"( nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",)"
    R"( opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")";
const Asked asked{"GET", "/dir/index.html", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", 1};

TEST(HttpAuth, DigestIsThatOfTheStandardsExample) {  // RFC 7616 §3.9.1
  const auto offered = parse_challenges(rfc7616);
  ASSERT_EQ(offered.size(), 2U);
  EXPECT_TRUE(offered[0].sha256);
  EXPECT_EQ(offered[0].realm, "http-auth@example.org");
  EXPECT_THAT(answer_to(offered[0], mufasa, asked),
              HasSubstr("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"));
  EXPECT_THAT(answer_to(offered[1], mufasa, asked), HasSubstr("8ca523f5e9506fed4657c9700eebdbec"));
  EXPECT_THAT(answer_to(offered[1], mufasa, asked),
              HasSubstr(R"(opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")"));
}

TEST(HttpAuth, StrongestComesFirstInWhateverOrder) {
  const auto offered =
      parse_challenges(R"(Basic realm="a", Negotiate, Digest realm="a", nonce="n", Bearer abc==, )"
                       R"(digest realm=a , nonce="m" , algorithm=sha-256, qop=auth)");
  ASSERT_EQ(offered.size(), 3U);
  EXPECT_TRUE(offered[0].sha256);
  EXPECT_EQ(offered[0].nonce, "m");
  EXPECT_TRUE(offered[1].digest);
  EXPECT_FALSE(offered[1].has_qop);
  EXPECT_FALSE(offered[2].digest);
}

TEST(HttpAuth, OldCamerasWithoutQopAreAnsweredTheOldWay) {  // RFC 2069 §2.4
  const auto offered = parse_challenges(R"(Digest realm="r", nonce="n")");
  ASSERT_EQ(offered.size(), 1U);
  const auto answer = answer_to(offered[0], {"u", "p"}, {"GET", "/", "c", 1});
  // md5(md5("u:r:p") + ":n:" + md5("GET:/"))
  EXPECT_THAT(answer, HasSubstr("response=\"f23121ca97143c6b358da620220c83b4\""));
  EXPECT_THAT(answer, Not(HasSubstr("qop")));
  EXPECT_THAT(answer, Not(HasSubstr("cnonce")));
}

TEST(HttpAuth, SessionVariantHashesTheNoncesIn) {
  const auto offered =
      parse_challenges(R"(Digest realm="r", nonce="n", algorithm=MD5-sess, qop="auth")");
  ASSERT_EQ(offered.size(), 1U);
  const auto answer = answer_to(offered[0], {"u", "p"}, {"GET", "/", "c", 0x1a});
  EXPECT_THAT(answer, HasSubstr("response=\"72327bc8e0a045081078974884d3c261\""));
  EXPECT_THAT(answer, HasSubstr("nc=0000001a"));
  EXPECT_THAT(answer, HasSubstr("algorithm=MD5-sess"));
}

TEST(HttpAuth, BasicIsBase64) {
  EXPECT_EQ(answer_to({}, {"Aladdin", "open sesame"}, asked),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617 §2
}

TEST(HttpAuth, WhatCannotBeAnsweredIsPassedOver) {
  for (const char* header :
       {"", ",,,", "Digest", "Digest realm=\"a\"",
        "Digest realm=\"a\", nonce=\"n\", qop=\"auth-int\"",
        "Digest realm=\"a\", nonce=\"n\", algorithm=SHA-512-256", "Bearer realm=\"a\"",
        "Digest realm=\"never ends", "Digest realm=\"a\x01\", nonce=\"n\"", "=\"x\"", "\"\""}) {
    EXPECT_TRUE(parse_challenges(header).empty()) << header;
  }
}

TEST(HttpAuth, QuotesInNamesCannotBreakOut) {
  const auto offered = parse_challenges(R"(Digest realm="a\"b", nonce="n\\")");
  ASSERT_EQ(offered.size(), 1U);
  EXPECT_EQ(offered[0].realm, "a\"b");
  EXPECT_THAT(answer_to(offered[0], {"u\"", "p"}, asked),
              StartsWith(R"(Digest username="u\"", realm="a\"b", nonce="n\\")"));
}

TEST(HttpAuth, StaleIsTold) {
  EXPECT_TRUE(parse_challenges(R"(Digest realm="a", nonce="n", stale=TRUE)").at(0).stale);
  EXPECT_FALSE(parse_challenges(R"(Digest realm="a", nonce="n", stale=false)").at(0).stale);
}

}  // namespace
}  // namespace jieding::drivers
