#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

const std::string photo_name(64, 'b');
const std::string jpeg = "\xff\xd8\xff photo";
const std::string finding = R"({"kind":"quality","building":"b1","storey":7,"place":"楼梯间",)"
                            R"("text":"钢筋外露","photos":[")" +
                            photo_name + R"("]})";
const std::string answer = R"({"act":"answer","text":"明天处理"})";

HeaderLines with(HeaderLines headers, const std::string& name, const std::string& value) {
  headers.insert_or_assign(name, value);
  return headers;
}
HeaderLines as_json(HeaderLines headers) {
  return with(std::move(headers), "Content-Type", "application/json");
}
HeaderLines as_jpeg(HeaderLines headers) {
  return with(std::move(headers), "Content-Type", "image/jpeg");
}

TEST(FindingsApi, TheGroupRaisesWithAPhoto) {
  Rig rig;
  const auto keys = rig.sign_in("li");
  auto client = rig.client();
  const auto photo = client.ask("POST", "/api/v1/photos", jpeg, as_jpeg(keys.with_csrf()));
  ASSERT_EQ(photo.status, 201) << photo.body;
  EXPECT_EQ(boost::json::parse(photo.body).at("sha256").as_string(), photo_name);
  const auto raised = client.ask("POST", "/api/v1/findings", finding,
                                 with(as_json(keys.with_csrf()), "Idempotency-Key", "raise-1"));
  ASSERT_EQ(raised.status, 201) << raised.body;
  EXPECT_EQ(rig.findings.last.act, FindingAct::Raise);
  EXPECT_EQ(rig.findings.last.building, "b1");
  EXPECT_EQ(rig.findings.last.storey, 7);
  EXPECT_EQ(rig.findings.last.place, "楼梯间");
  EXPECT_EQ(rig.findings.last.photos, std::vector<std::string>{photo_name});
  ASSERT_TRUE(rig.findings.last_key);
  EXPECT_EQ(rig.findings.last_key->device, "user:li");
  EXPECT_EQ(rig.findings.last_key->key, "raise-1");
}

TEST(FindingsApi, StepsNameTheirFindingInThePath) {
  Rig rig;
  const auto keys = rig.sign_in("wang");
  const auto done =
      rig.client().ask("POST", "/api/v1/findings/7/steps", answer, as_json(keys.with_csrf()));
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(rig.findings.last.finding, 7u);
  EXPECT_EQ(rig.findings.last.act, FindingAct::Answer);
  const auto due = rig.client().ask("POST", "/api/v1/findings/7/steps",
                                    R"({"act":"set_due","due":"2026-12-24"})",
                                    as_json(rig.sign_in("zhao").with_csrf()));
  EXPECT_EQ(due.status, 200) << due.body;
  EXPECT_EQ(to_text(*rig.findings.last.due), "2026-12-24");
}

TEST(FindingsApi, WhoMayNotSpeakIsRefusedBeforeHisWordsAreRead) {
  Rig rig;
  const auto viewer = rig.sign_in("");
  const auto person = rig.sign_in("li");
  for (const std::string path : {"/api/v1/findings", "/api/v1/findings/7/steps"}) {
    auto client = rig.client();
    EXPECT_EQ(client.ask("POST", path, "{", as_json({})).status, 401) << path;
    EXPECT_EQ(client.ask("POST", path, "{", as_json(viewer.with_csrf())).status, 403) << path;
    EXPECT_EQ(client.ask("POST", path, "{", as_json(person.without_csrf())).status, 403) << path;
    EXPECT_EQ(client.ask("POST", path, "{", person.with_csrf()).status, 415) << path;
    EXPECT_EQ(client.ask("POST", path, "{", as_json(person.with_csrf())).status, 400) << path;
  }
  EXPECT_EQ(rig.findings.said, 0);
}

TEST(FindingsApi, WhatTheRulesForbidASignedInPersonIsForbidden) {
  Rig rig;
  const auto keys = rig.sign_in("zhao");
  const auto refused =
      rig.client().ask("POST", "/api/v1/findings", finding, as_json(keys.with_csrf()));
  EXPECT_EQ(refused.status, 403) << refused.body;
  EXPECT_NE(refused.body.find(R"("code":"not_their_part")"), std::string::npos) << refused.body;
}

TEST(FindingsApi, PhotosOfStrangersAreRefusedByTheirHeader) {
  Rig rig;
  const auto person = rig.sign_in("li");
  // Announced and not sent: an answer shows that the body was not waited for.
  const auto announced = [](HeaderLines headers) {
    return with(as_jpeg(std::move(headers)), "Content-Length", "9000000");
  };
  EXPECT_EQ(rig.client().ask("POST", "/api/v1/photos", "", announced({})).status, 401);
  EXPECT_EQ(
      rig.client().ask("POST", "/api/v1/photos", "", announced(rig.sign_in("").with_csrf())).status,
      403);
  EXPECT_EQ(rig.client()
                .ask("POST", "/api/v1/photos", "", announced(rig.sign_in("zhao").with_csrf()))
                .status,
            403);
  EXPECT_EQ(rig.client().ask("POST", "/api/v1/photos", "", announced(person.without_csrf())).status,
            403);
  EXPECT_EQ(rig.client()
                .ask("POST", "/api/v1/photos", "",
                     with(announced(person.with_csrf()), "Content-Type", "image/heic"))
                .status,
            415);
  EXPECT_EQ(rig.client()
                .ask("POST", "/api/v1/photos", "",
                     with(announced(person.with_csrf()), "Content-Length", "12582913"))
                .status,
            413);
  EXPECT_EQ(rig.findings.photos, 0);
  const auto text =
      rig.client().ask("POST", "/api/v1/photos", "no photo", as_jpeg(person.with_csrf()));
  EXPECT_EQ(text.status, 400) << text.body;
}

TEST(FindingsApi, PhotosAndStepsOfOnePersonArePaced) {
  Rig rig;
  const auto keys = rig.sign_in("li");
  auto client = rig.client();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(client.ask("POST", "/api/v1/photos", jpeg, as_jpeg(keys.with_csrf())).status, 201);
  const auto refused = rig.client().ask("POST", "/api/v1/photos", jpeg, as_jpeg(keys.with_csrf()));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("retry-after"), "6");
  rig.clock.advance(std::chrono::seconds{6});
  EXPECT_EQ(rig.client().ask("POST", "/api/v1/photos", jpeg, as_jpeg(keys.with_csrf())).status,
            201);
  int taken = 0;
  for (int i = 0; i < 40; ++i)
    taken +=
        rig.client().ask("POST", "/api/v1/findings", finding, as_json(keys.with_csrf())).status ==
        201;
  EXPECT_EQ(taken, 30);
}

TEST(FindingsApi, WordsThatCannotBeAreRefused) {
  Rig rig;
  const auto keys = rig.sign_in("li");
  std::string too_long;
  for (int i = 0; i < 2001; ++i)
    too_long += "字";
  const std::string other_name(64, 'c');
  const auto refused = [&](const std::string& path, const std::string& body) {
    rig.clock.advance(std::chrono::seconds{60});
    const auto told = rig.client().ask("POST", path, body, as_json(keys.with_csrf()));
    EXPECT_EQ(told.status, 400) << body.substr(0, 80) << " " << told.body;
  };
  for (const std::string& body :
       {std::string("[]"), std::string(R"({"kind":"beauty"})"), std::string(R"({"text":"x"})"),
        R"({"kind":"safety","text":")" + too_long + R"("})",
        R"({"kind":"safety","place":")" + too_long.substr(0, 603) + R"("})",
        std::string(R"({"kind":"safety","storey":3})"),
        std::string(R"({"kind":"safety","building":"b1","storey":-1})"),
        std::string(R"({"kind":"safety","building":"../b1"})"),
        std::string(R"({"kind":"safety","photos":["../../etc/passwd"]})"),
        std::string(R"({"kind":"safety","photos":")") + photo_name + R"("})",
        R"({"kind":"safety","photos":[")" + photo_name + R"(",")" + photo_name + R"("]})",
        std::string(R"({"kind":"safety","photos":["a","b","c","d","e"]})"),
        std::string(R"({"kind":"safety","act":"close"})")})
    refused("/api/v1/findings", body);
  for (const std::string& body :
       {std::string(R"({"act":"raise"})"), std::string(R"({"act":"forget"})"), std::string("{}"),
        std::string(R"({"act":"set_due","due":"2026-02-30"})"),
        std::string(R"({"act":"set_due","due":20261224})"),
        std::string(R"({"act":"close","building":"b1"})")})
    refused("/api/v1/findings/7/steps", body);
  EXPECT_EQ(rig.findings.said, 0);
  for (const std::string id : {"x", "-1", "7x", "18446744073709551616"})
    EXPECT_EQ(
        rig.client()
            .ask("POST", "/api/v1/findings/" + id + "/steps", answer, as_json(keys.with_csrf()))
            .status,
        404)
        << id;
}

TEST(FindingsApi, ViewersReadAsViewersAndPeopleAsWhatTheyAre) {
  Rig rig;
  for (const std::string path : {"/api/v1/findings", "/api/v1/findings/7"}) {
    EXPECT_EQ(rig.client().get(path).status, 401) << path;
    EXPECT_EQ(rig.client().get(path, rig.sign_in("").without_csrf()).status, 200) << path;
    EXPECT_FALSE(rig.findings.last_reader);
    EXPECT_EQ(rig.client().get(path, rig.sign_in("wang").without_csrf()).status, 200) << path;
    EXPECT_EQ(rig.findings.last_reader, Owner::Contractor);
  }
  EXPECT_EQ(rig.client().get("/api/v1/findings/8", rig.sign_in("li").without_csrf()).status, 404);
  Rig open({}, {.open_to_viewers = true});
  EXPECT_EQ(open.client().get("/api/v1/findings").status, 200);
  EXPECT_FALSE(open.findings.last_reader);
}

}  // namespace
}  // namespace jieding::web
