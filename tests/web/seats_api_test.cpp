#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;

const HeaderLines plain_json{{"Content-Type", "application/json"}};
const std::string good = "十个字以上的一句短话";

HeaderLines as_json(HeaderLines headers) {
  headers.insert_or_assign("Content-Type", "application/json");
  return headers;
}

std::string password_body(const std::string& password) {
  return json::serialize(json::object{{"password", password}});
}

std::string sign_in_body(const std::string& user, const std::string& password) {
  return json::serialize(json::object{{"user", user}, {"password", password}});
}

TEST(Passwords, WhoSetOneSignsInByIt) {
  Rig rig;
  auto client = rig.client();
  const auto keys = rig.sign_in("li");
  const auto set =
      client.ask("PUT", "/api/v1/password", password_body(good), as_json(keys.with_csrf()));
  ASSERT_EQ(set.status, 204) << set.body;
  const auto entered = client.ask("POST", "/api/v1/session", sign_in_body("li", good), plain_json);
  ASSERT_EQ(entered.status, 200) << entered.body;
  EXPECT_EQ(json::parse(entered.body).at("id").as_string(), "li");
  const auto wrong =
      client.ask("POST", "/api/v1/session", sign_in_body("li", good + "x"), plain_json);
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.header("set-cookie"), "");
}

TEST(Passwords, OnlyTheirArgonHashIsStored) {
  Rig rig;
  const auto keys = rig.sign_in("li");
  rig.client().ask("PUT", "/api/v1/password", password_body(good), as_json(keys.with_csrf()));
  std::string stored;
  rig.on_io([&] { stored = rig.store.passwords["li"]; });
  EXPECT_EQ(stored.find("$argon2id$"), 0U) << stored;
  EXPECT_EQ(stored.find(good), std::string::npos);
}

TEST(Passwords, ShortOnesAreRefusedWithWords) {
  Rig rig;
  const auto keys = rig.sign_in("li");
  for (const std::string& poor : {std::string(), std::string("short"), std::string(257, 'x')}) {
    const auto answer =
        rig.client().ask("PUT", "/api/v1/password", password_body(poor), as_json(keys.with_csrf()));
    EXPECT_EQ(answer.status, 400) << poor;
    EXPECT_NE(answer.body.find("password"), std::string::npos) << answer.body;
  }
  EXPECT_TRUE(rig.store.passwords.empty());
}

TEST(Passwords, UnknownNamesAndThoseWithoutOneAreToldAlike) {
  Rig rig;
  auto client = rig.client();
  const auto unknown =
      client.ask("POST", "/api/v1/session", sign_in_body("nobody", good), plain_json);
  const auto without = client.ask("POST", "/api/v1/session", sign_in_body("li", good), plain_json);
  const auto odd = client.ask("POST", "/api/v1/session", sign_in_body("<x>", good), plain_json);
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(without.body, unknown.body);
  EXPECT_EQ(odd.body, unknown.body);
}

TEST(Passwords, GuessesLockTheNameToo) {
  Rig rig;
  auto client = rig.client();
  int last = 0;
  for (int n = 0; n < 8; ++n)
    last = client
               .ask("POST", "/api/v1/session",
                    sign_in_body("li", "guess number " + std::to_string(n)), plain_json)
               .status;
  EXPECT_EQ(last, 429);
  const auto audited = rig.audited();
  EXPECT_GE(std::ranges::count(audited, "sign_in_failed 127.0.0.1"), 5);
}

TEST(Seats, ASecondDeviceIsSeenAndEnded) {
  Rig rig;
  auto client = rig.client();
  const auto here = rig.sign_in("li");
  const auto there = rig.sign_in("li");
  const auto other = rig.sign_in("zhao");
  const auto listed = client.get("/api/v1/sessions", here.without_csrf());
  ASSERT_EQ(listed.status, 200) << listed.body;
  const auto seats = json::parse(listed.body).at("sessions").as_array();
  ASSERT_EQ(seats.size(), 2U) << listed.body;
  EXPECT_EQ(listed.body.find(here.csrf), std::string::npos);
  const auto& second = seats[0].at("own").as_bool() ? seats[1] : seats[0];
  const std::string path = "/api/v1/sessions/" + std::string(second.at("id").as_string());
  EXPECT_EQ(client.ask("DELETE", path, "", other.with_csrf()).status, 404) << "not theirs";
  EXPECT_EQ(client.ask("DELETE", path, "", here.without_csrf()).status, 403);
  EXPECT_EQ(client.ask("DELETE", path, "", here.with_csrf()).status, 204);
  EXPECT_EQ(client.get("/api/v1/session", there.without_csrf()).status, 401);
  EXPECT_EQ(client.get("/api/v1/session", here.without_csrf()).status, 200);
}

TEST(Seats, ANewPasswordEndsTheOtherSessions) {
  Rig rig;
  auto client = rig.client();
  const auto here = rig.sign_in("li");
  const auto there = rig.sign_in("li");
  ASSERT_EQ(
      client.ask("PUT", "/api/v1/password", password_body(good), as_json(here.with_csrf())).status,
      204);
  EXPECT_EQ(client.get("/api/v1/session", there.without_csrf()).status, 401);
  EXPECT_EQ(client.get("/api/v1/session", here.without_csrf()).status, 200);
}

TEST(Seats, TheOperatorAloneSeesTheDoorAndMakesLinks) {
  Rig rig;
  auto client = rig.client();
  const auto group = rig.sign_in("li");
  const auto operators = rig.sign_in("zhao");
  EXPECT_EQ(client.get("/api/v1/users").status, 401);
  EXPECT_EQ(client.get("/api/v1/users", group.without_csrf()).status, 403);
  EXPECT_EQ(client.get("/api/v1/users", operators.without_csrf()).status, 200);
  const std::string path = "/api/v1/users/li/links";
  EXPECT_EQ(client.ask("POST", path, "{}", as_json(group.with_csrf())).status, 403);
  EXPECT_EQ(client.ask("POST", path, "{}", as_json(operators.without_csrf())).status, 403);
  const auto made = client.ask("POST", path, "{}", as_json(operators.with_csrf()));
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(json::parse(made.body).at("token").as_string(), "fresh");
  EXPECT_EQ(
      client.ask("POST", "/api/v1/users/x/links", "{}", as_json(operators.with_csrf())).status,
      404);
}

TEST(Seats, TheOperatorAddsSomebodyAndShutsThemOut) {
  Rig rig;
  auto client = rig.client();
  const auto keys = as_json(rig.sign_in("zhao").with_csrf());
  const std::string added = R"({"id":"sun","name":"孙师傅","role":"contractor"})";
  EXPECT_EQ(client.ask("POST", "/api/v1/users", added, keys).status, 204);
  EXPECT_EQ(rig.seats.last.id, "sun");
  EXPECT_EQ(rig.seats.last.name, "孙师傅");
  EXPECT_EQ(rig.seats.last.role, Owner::Contractor);
  EXPECT_FALSE(rig.seats.last.disabled);
  const std::string shut = R"({"name":"孙师傅","role":"contractor","disabled":true})";
  EXPECT_EQ(client.ask("PUT", "/api/v1/users/sun", shut, keys).status, 204);
  EXPECT_EQ(rig.seats.last.id, "sun");
  EXPECT_TRUE(rig.seats.last.disabled);
}

TEST(Seats, NobodyElseMakesUsers) {
  Rig rig;
  auto client = rig.client();
  const std::string added = R"({"id":"sun","role":"operator"})";
  for (const std::string user : {"", "li", "wang"}) {
    const auto keys = rig.sign_in(user);
    EXPECT_EQ(client.ask("POST", "/api/v1/users", added, as_json(keys.with_csrf())).status, 403);
    EXPECT_EQ(client.ask("PUT", "/api/v1/users/li", added, as_json(keys.with_csrf())).status, 403);
  }
  const auto operators = rig.sign_in("zhao");
  EXPECT_EQ(client.ask("POST", "/api/v1/users", added, as_json(operators.without_csrf())).status,
            403);
  EXPECT_EQ(client.ask("POST", "/api/v1/users", added, as_json({})).status, 401);
  EXPECT_EQ(rig.seats.changes, 0);
}

TEST(Seats, AUserThatCannotBeIsRefusedWithWords) {
  Rig rig;
  const auto keys = as_json(rig.sign_in("zhao").with_csrf());
  for (const std::string wrong :
       {R"({"id":"a b","role":"group"})", R"({"id":"sun"})", R"({"id":"sun","role":"box"})",
        R"({"id":"sun","role":"platform"})", R"({"id":"sun","role":"group","disabled":true})",
        R"({"id":"sun","role":"group","name":"two\nlines"})", R"({"role":"group"})", "[]"}) {
    const auto answer = rig.client().ask("POST", "/api/v1/users", wrong, keys);
    EXPECT_EQ(answer.status, 400) << wrong << answer.body;
  }
  const std::string named = R"({"id":"sun","role":"group","name":")" + std::string(41, 'x') + "\"}";
  EXPECT_EQ(rig.client().ask("POST", "/api/v1/users", named, keys).status, 400);
  EXPECT_EQ(rig.client().ask("PUT", "/api/v1/users/li", R"({"role":"group"})", keys).status, 400);
  EXPECT_EQ(rig.seats.changes, 0);
}

}  // namespace
}  // namespace jieding::web
