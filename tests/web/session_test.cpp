#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "gateway/web/secrets.hpp"
#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

using namespace std::chrono_literals;

const HeaderLines json_type{{"Content-Type", "application/json"}};

int try_token(Rig& rig, const std::string& token) {
  return rig.client()
      .ask("POST", "/api/v1/session", R"({"token":")" + token + "\"}", json_type)
      .status;
}

TEST(Session, OneTimeLinkWorksOnce) {
  Rig rig;
  const auto token = rig.link("li");
  EXPECT_EQ(try_token(rig, token), 200);
  EXPECT_EQ(try_token(rig, token), 401);
}

TEST(Session, ViewerLinkWorksForMany) {
  Rig rig;
  const auto token = rig.link("");
  EXPECT_EQ(try_token(rig, token), 200);
  EXPECT_EQ(try_token(rig, token), 200);
}

TEST(Session, OneTimeTokenIsNoBearerKey) {
  Rig rig;
  const auto token = rig.link("li");
  EXPECT_EQ(rig.client().get("/api/v1/site", {{"Authorization", "Bearer " + token}}).status, 401);
  EXPECT_EQ(try_token(rig, token), 200) << "looking at it must not use it up";
}

TEST(Session, SaysWhoIsThere) {
  Rig rig;
  const auto li = rig.sign_in("li");
  auto client = rig.client();
  const auto person = boost::json::parse(client.get("/api/v1/session", li.without_csrf()).body);
  EXPECT_EQ(person.at("id").as_string(), "li");
  EXPECT_EQ(person.at("role").as_string(), "group");
  const auto viewer = client.get("/api/v1/session", rig.sign_in("").without_csrf());
  EXPECT_EQ(boost::json::parse(viewer.body).at("role").as_string(), "viewer");
  EXPECT_NE(viewer.header("set-cookie"), "") << "a viewer's cookie slides on";
}

TEST(Session, CookieIsOutOfReachOfScripts) {
  Rig rig;
  const auto answer = rig.client().ask("POST", "/api/v1/session",
                                       R"({"token":")" + rig.link("li") + "\"}", json_type);
  const auto cookie = answer.header("set-cookie");
  EXPECT_NE(cookie.find("; HttpOnly"), std::string::npos) << cookie;
  EXPECT_NE(cookie.find("; SameSite=Strict"), std::string::npos);
  EXPECT_NE(cookie.find("; Path=/"), std::string::npos);
  EXPECT_EQ(cookie.find("; Secure"), std::string::npos) << "plain HTTP on loopback";
}

TEST(Session, StoreNeverSeesTheSecret) {
  Rig rig;
  const auto keys = rig.sign_in("li");
  const auto value = keys.cookie.substr(keys.cookie.find('=') + 1);
  rig.on_io([&] {
    EXPECT_FALSE(rig.store.sessions.contains(value));
    EXPECT_TRUE(rig.store.sessions.contains(token_sha256(value)));
  });
}

TEST(Session, PersonsSessionEndsAfterTwelveHours) {
  Rig rig;
  const auto keys = rig.sign_in("li");
  auto client = rig.client();
  rig.clock.advance(11h);
  EXPECT_EQ(client.get("/api/v1/session", keys.without_csrf()).status, 200);
  rig.clock.advance(2h);
  EXPECT_EQ(client.get("/api/v1/session", keys.without_csrf()).status, 401);
}

TEST(Session, ViewersSessionSlides) {
  Rig rig;
  const auto keys = rig.sign_in("");
  auto client = rig.client();
  for (int visit = 0; visit < 4; ++visit) {
    rig.clock.advance(24h * 20);
    EXPECT_EQ(client.get("/api/v1/session", keys.without_csrf()).status, 200) << visit;
  }
  rig.clock.advance(24h * 31);
  EXPECT_EQ(client.get("/api/v1/session", keys.without_csrf()).status, 401);
}

TEST(Session, SignedOutCookieIsDead) {
  Rig rig;
  const auto keys = rig.sign_in("li");
  auto client = rig.client();
  EXPECT_EQ(client.ask("DELETE", "/api/v1/session", "", keys.with_csrf()).status, 204);
  EXPECT_EQ(client.get("/api/v1/session", keys.without_csrf()).status, 401);
  rig.on_io([&] { EXPECT_TRUE(rig.store.sessions.empty()); });
}

TEST(Session, TooManySignInsAreLockedOut) {
  Rig rig;
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(try_token(rig, "guess"), 401) << i;
  const auto good = rig.link("li");
  const auto locked =
      rig.client().ask("POST", "/api/v1/session", R"({"token":")" + good + "\"}", json_type);
  EXPECT_EQ(locked.status, 429);
  EXPECT_EQ(locked.header("retry-after"), "2");
  rig.clock.advance(3s);
  EXPECT_EQ(try_token(rig, "guess"), 401);
  rig.clock.advance(3s);
  EXPECT_EQ(try_token(rig, good), 429) << "the delay grows";
  rig.clock.advance(3s);
  EXPECT_EQ(try_token(rig, good), 200);
  EXPECT_EQ(try_token(rig, "guess"), 401) << "a success forgives";
  const auto audited = rig.audited();
  EXPECT_EQ(std::ranges::count(audited, "sign_in_failed 127.0.0.1"), 7);
  EXPECT_EQ(std::ranges::count(audited, "sign_in_locked_out 127.0.0.1"), 2);
}

TEST(Session, TokensAreLongAndNeverTheSame) {
  EXPECT_EQ(random_token().size(), 43U);
  EXPECT_NE(random_token(), random_token());
  EXPECT_EQ(token_sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2 B.1
  EXPECT_TRUE(same_secret("a", "a"));
  EXPECT_FALSE(same_secret("a", "b"));
  EXPECT_FALSE(same_secret("a", "ab"));
}

}  // namespace
}  // namespace jieding::web
