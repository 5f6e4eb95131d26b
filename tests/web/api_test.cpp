#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

const HeaderLines json_type{{"Content-Type", "application/json"}};
const std::string confirmation =
    R"({"building":"b1","milestone":"topping_out","storey":0,"act":"confirm","comment":"seen"})";
const std::string known_evidence = "/api/v1/evidence/" + std::string(64, 'a');

HeaderLines with_json(HeaderLines headers) {
  headers.insert(json_type.begin(), json_type.end());
  return headers;
}

TEST(Api, WritingWithoutCredentialsIsRefused) {
  Rig rig({}, {.open_to_viewers = true});
  int writing = 0;
  for (const auto& route : rig.table) {
    if (route.method == "GET") continue;
    ++writing;
    auto client = rig.client();
    const auto answer = client.ask(route.method, route.pattern, R"({"token":"guess"})", json_type);
    EXPECT_EQ(answer.status, 401) << route.method << " " << route.pattern;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  }
  EXPECT_GE(writing, 3);
  EXPECT_EQ(rig.record.acts, 0);
}

TEST(Api, ReadingNeedsTheViewerLink) {
  Rig rig;
  const auto viewer = rig.sign_in("");
  const auto token = rig.link("");
  auto client = rig.client();
  for (const std::string path :
       {"/api/v1/site", "/api/v1/buildings/b1/history", "/api/v1/events", "/api/v1/session"}) {
    EXPECT_EQ(client.get(path).status, 401) << path;
    EXPECT_EQ(client.get(path, {{"Authorization", "Bearer guess"}}).status, 401) << path;
    EXPECT_EQ(client.get(path, viewer.without_csrf()).status, 200) << path;
    EXPECT_EQ(client.get(path, {{"Authorization", "Bearer " + token}}).status, 200) << path;
  }
  EXPECT_EQ(client.get(known_evidence).status, 401);
  EXPECT_EQ(rig.client().get("/api/v1/stream").status, 401);
  EXPECT_EQ(client.get("/healthz").body, "ok");
  EXPECT_EQ(client.get("/checkpoint").header("content-type"), "text/plain; charset=utf-8");
}

TEST(Api, LedgerIsOpenToMonitors) {
  Rig rig;
  auto client = rig.client();
  const auto tile = client.get("/tile/0/x001/234.p/5");
  EXPECT_EQ(tile.status, 200) << tile.body;
  EXPECT_EQ(tile.header("content-type"), "application/octet-stream");
  EXPECT_EQ(tile.header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(tile.body.size(), 5u * 32);
  EXPECT_EQ(client.get("/checkpoint").header("cache-control"), "no-cache");
  for (const std::string missing : {"/tile/", "/tile", "/tile/0/000", "/tiles/0"})
    EXPECT_EQ(client.get(missing).status, 404) << missing;
}

TEST(Api, EventsGoCompressedToWhoTakesIt) {
  Rig rig;
  auto client = rig.client();
  const std::string bundle = "/tile/entries/000.p/7";
  const auto plain = client.get(bundle), small = client.get(bundle, {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(plain.body, std::string(7000, 'e'));
  EXPECT_EQ(plain.header("vary"), "Accept-Encoding");
  EXPECT_EQ(plain.header("content-encoding"), "");
  EXPECT_EQ(small.header("content-encoding"), "gzip");
  EXPECT_EQ(small.body.substr(0, 3), "\x1f\x8b\x08") << "RFC 1952 §2.3.1";
  EXPECT_LT(small.body.size(), 200u);
  EXPECT_EQ(client.get("/tile/0/x001/234.p/5", {{"Accept-Encoding", "gzip"}}).body.size(), 5u * 32);
}

TEST(Api, OpenSiteIsReadByAnybody) {
  Rig rig({}, {.open_to_viewers = true});
  EXPECT_EQ(rig.client().get("/api/v1/site").status, 200);
  EXPECT_EQ(rig.client().get(known_evidence).status, 200);
}

TEST(Api, GroupConfirms) {
  Rig rig;
  const auto keys = rig.sign_in("li");
  const auto answer =
      rig.client().ask("POST", "/api/v1/milestones", confirmation, with_json(keys.with_csrf()));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(boost::json::parse(answer.body).at("ledger_index").as_int64(), 44);
  EXPECT_EQ(rig.record.acts, 1);
}

TEST(Api, SessionWithoutCsrfIsRefused) {
  Rig rig;
  const auto keys = rig.sign_in("li");
  const auto other = rig.sign_in("li");
  auto crossed = keys;
  crossed.csrf = other.csrf;
  auto client = rig.client();
  for (const auto& headers : {keys.without_csrf(), crossed.with_csrf()}) {
    EXPECT_EQ(client.ask("POST", "/api/v1/milestones", confirmation, with_json(headers)).status,
              403);
    EXPECT_EQ(client.ask("DELETE", "/api/v1/session", "", headers).status, 403);
  }
  EXPECT_EQ(rig.record.acts, 0);
}

TEST(Api, ViewerMayNotConfirm) {
  Rig rig;
  auto client = rig.client();
  for (const std::string user : {"", "wang", "zhao"}) {
    const auto keys = rig.sign_in(user);
    const auto answer =
        client.ask("POST", "/api/v1/milestones", confirmation, with_json(keys.with_csrf()));
    EXPECT_EQ(answer.status, 403) << user;
  }
  const auto by_token = client.ask("POST", "/api/v1/milestones", confirmation,
                                   with_json({{"Authorization", "Bearer " + rig.link("")}}));
  EXPECT_EQ(by_token.status, 403);
  EXPECT_EQ(rig.record.acts, 0);
}

TEST(Api, ActThatMakesNoSenseIsRefused) {
  Rig rig;
  const auto keys = with_json(rig.sign_in("li").with_csrf());
  auto client = rig.client();
  std::string nested(200, '[');
  const std::string long_comment(2001, 'x');
  for (const std::string& body : std::vector<std::string>{
           "", "{", nested, "[]", R"({"building":"b1"})",
           R"({"building":"../b1","milestone":"topping_out","act":"confirm"})",
           R"({"building":"b1","milestone":"party","act":"confirm"})",
           R"({"building":"b1","milestone":"topping_out","act":"propose"})",
           R"({"building":"b1","milestone":"topping_out","act":"confirm","storey":-1})",
           R"({"building":"b1","milestone":"topping_out","act":"confirm","storey":1.5})",
           R"({"building":"b1","milestone":"topping_out","act":"confirm","role":"platform"})",
           R"({"building":"b1","milestone":"topping_out","act":"confirm","comment":")" +
               long_comment + "\"}",
           "{\"building\":\"b1\",\"milestone\":\"topping_out\",\"act\":\"confirm\",\"comment\":"
           "\"\xff\"}"}) {
    EXPECT_EQ(client.ask("POST", "/api/v1/milestones", body, keys).status, 400) << body;
  }
  EXPECT_EQ(rig.record.acts, 0);
}

const std::string record =
    R"({"building":"p1","milestone":"completion_filing","act":"record","day":"2025-05-20",)"
    R"("document_sha256":")" +
    std::string(64, 'd') + "\"}";

TEST(Api, TheOperatorRecordsAndNobodyElse) {
  Rig rig;
  auto client = rig.client();
  for (const std::string user : {"", "li", "wang"}) {
    const auto keys = with_json(rig.sign_in(user).with_csrf());
    EXPECT_EQ(client.ask("POST", "/api/v1/milestones", record, keys).status, 403) << user;
  }
  EXPECT_EQ(rig.record.acts, 0);
  const auto keys = with_json(rig.sign_in("zhao").with_csrf());
  EXPECT_EQ(client.ask("POST", "/api/v1/milestones", record, keys).status, 200);
  EXPECT_EQ(rig.record.acts, 1);
}

TEST(Api, ARecordHasADayAndADocument) {
  Rig rig;
  auto client = rig.client();
  const auto keys = with_json(rig.sign_in("zhao").with_csrf());
  const std::string begin = R"({"building":"p1","milestone":"completion_filing","act":)";
  const std::string hash = R"("document_sha256":")" + std::string(64, 'd') + "\"";
  for (const std::string& rest : std::vector<std::string>{
           "\"record\"}", "\"record\"," + hash + "}", R"("record","day":"2025-05-20"})",
           R"("record","day":"2025-02-29",)" + hash + "}",
           R"("record","day":"20.5.2025",)" + hash + "}",
           R"("record","day":"2025-05-20","document_sha256":"DD"})",
           R"("withdraw","day":"2025-05-20"})"}) {
    EXPECT_EQ(client.ask("POST", "/api/v1/milestones", begin + rest, keys).status, 400) << rest;
  }
  EXPECT_EQ(rig.record.acts, 0);
}

TEST(Api, ADocumentIsTakenFromOperatorAndContractorOnly) {
  Rig rig;
  const std::string pdf = "%PDF-1.7 a filing";
  // Who is turned away before the body is read loses the connection as well.
  const auto hand_in = [&](const std::string& bytes, const HeaderLines& headers) {
    return rig.client().ask("POST", "/api/v1/documents", bytes, headers);
  };
  EXPECT_EQ(hand_in(pdf, {}).status, 401);
  EXPECT_EQ(hand_in(pdf, rig.sign_in("li").with_csrf()).status, 403);
  const auto keys = rig.sign_in("zhao");
  EXPECT_EQ(hand_in(pdf, keys.without_csrf()).status, 403);
  EXPECT_EQ(hand_in("MZ a program", keys.with_csrf()).status, 415);
  EXPECT_EQ(hand_in(pdf, rig.sign_in("wang").with_csrf()).status, 200);
  const auto kept = hand_in(pdf, keys.with_csrf());
  EXPECT_EQ(kept.status, 200);
  EXPECT_EQ(boost::json::parse(kept.body).at("sha256").as_string(), std::string(64, 'd'));
}

TEST(Api, TheContractorClaimsWithADayAndPerhapsADocument) {
  Rig rig;
  auto client = rig.client();
  const std::string claim = R"({"building":"b1","milestone":"topping_out","act":"claim")";
  const std::string day = R"(,"day":"2025-05-20")";
  const std::string document = R"(,"document_sha256":")" + std::string(64, 'd') + "\"";
  const auto contractor = with_json(rig.sign_in("wang").with_csrf());
  const auto ask = [&](const std::string& body, const HeaderLines& keys) {
    return client.ask("POST", "/api/v1/milestones", body + "}", keys).status;
  };
  EXPECT_EQ(ask(claim, contractor), 400);
  EXPECT_EQ(ask(claim + document, contractor), 400);
  for (const std::string user : {"li", "zhao"})
    EXPECT_EQ(ask(claim + day, with_json(rig.sign_in(user).with_csrf())), 403) << user;
  EXPECT_EQ(rig.record.acts, 0);
  EXPECT_EQ(ask(claim + day, contractor), 200);
  EXPECT_EQ(ask(claim + day + document, contractor), 200);
  EXPECT_EQ(rig.record.acts, 2);
}

TEST(Api, PicturesThatAreNotPublicAreForPeopleWhoSignedIn) {
  Rig rig({}, {.open_to_viewers = true});
  auto client = rig.client();
  const std::string path = "/api/v1/evidence/" + std::string(64, 'a');
  EXPECT_EQ(client.get(path).status, 200);
  rig.record.pictures_public = false;
  const auto viewer = rig.sign_in("").without_csrf();
  for (const HeaderLines& keys : {HeaderLines{}, viewer}) {
    EXPECT_EQ(client.get(path, keys).status, 403);
    HeaderLines again = keys;
    again.insert_or_assign("If-None-Match", "*");
    EXPECT_EQ(client.get(path, again).status, 403) << "nor is it said to be unchanged";
  }
  for (const std::string user : {"li", "wang", "zhao"})
    EXPECT_EQ(client.get(path, rig.sign_in(user).without_csrf()).status, 200) << user;
}

TEST(Api, CommentIsMeasuredInCharacters) {
  Rig rig;
  const auto keys = with_json(rig.sign_in("li").with_csrf());
  std::string comment;
  for (int i = 0; i < 2000; ++i)
    comment += "顶";
  const auto body =
      R"({"building":"b1","milestone":"topping_out","act":"dispute","comment":")" + comment + "\"}";
  EXPECT_EQ(rig.client().ask("POST", "/api/v1/milestones", body, keys).status, 200);
}

TEST(Api, OtherMediaTypesAreRefused) {
  Rig rig;
  auto headers = rig.sign_in("li").with_csrf();
  headers["Content-Type"] = "text/plain";
  auto client = rig.client();
  EXPECT_EQ(client.ask("POST", "/api/v1/milestones", confirmation, headers).status, 415);
  EXPECT_EQ(client.ask("POST", "/api/v1/session", R"({"token":"x"})", headers).status, 415);
}

TEST(Api, EvidenceIsImmutable) {
  Rig rig({}, {.open_to_viewers = true});
  auto client = rig.client();
  const auto picture = client.get(known_evidence);
  EXPECT_EQ(picture.status, 200);
  EXPECT_EQ(picture.header("content-type"), "image/jpeg");
  EXPECT_EQ(picture.header("cache-control"), "private, max-age=31536000, immutable");
  EXPECT_EQ(picture.body.size(), 200'000U);
  const auto again = client.get(known_evidence, {{"If-None-Match", picture.header("etag")}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(client.get("/api/v1/evidence/" + std::string(64, 'b')).status, 404);
  EXPECT_EQ(client.get("/api/v1/evidence/..%2f..%2fjieding.db").status, 404);
}

TEST(Api, DocumentsAreForPeopleWhoSignedIn) {
  Rig rig({}, {.open_to_viewers = true});
  auto client = rig.client();
  const std::string path = "/api/v1/documents/" + std::string(64, 'a');
  EXPECT_EQ(client.get(path).status, 401);
  EXPECT_EQ(client.get(path, rig.sign_in("").without_csrf()).status, 403);
  const auto keys = rig.sign_in("li").without_csrf();
  const auto answer = client.get(path, keys);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/pdf");
  EXPECT_TRUE(answer.header("content-disposition").starts_with("attachment"));
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  EXPECT_EQ(client.get("/api/v1/documents/" + std::string(64, 'b'), keys).status, 404);
  EXPECT_EQ(client.get("/api/v1/documents/x", keys).status, 404);
}

TEST(Api, EventsAreAskedForInBounds) {
  Rig rig({}, {.open_to_viewers = true});
  auto client = rig.client();
  const auto answer = client.get("/api/v1/events?from=7&count=20");
  EXPECT_EQ(boost::json::parse(answer.body).at("from").as_int64(), 7);
  EXPECT_EQ(boost::json::parse(answer.body).at("count").as_int64(), 20);
  EXPECT_EQ(client.get("/api/v1/events").status, 200);
  for (const std::string query : {"from=-1", "from=x", "count=1001", "from=1e3", "from="}) {
    EXPECT_EQ(client.get("/api/v1/events?" + query).status, 400) << query;
  }
}

TEST(Api, RefusedBytesAreForOperatorAndContractorOnly) {
  Rig rig({}, {.open_to_viewers = true});
  auto client = rig.client();
  const std::string path = "/api/v1/quarantine";
  EXPECT_EQ(client.get(path).status, 401);
  EXPECT_EQ(client.get(path, rig.sign_in("").without_csrf()).status, 403);
  EXPECT_EQ(client.get(path, rig.sign_in("li").without_csrf()).status, 403);
  for (const std::string user : {"zhao", "wang"}) {
    const auto keys = rig.sign_in(user).without_csrf();
    const auto answer = client.get(path + "?count=7", keys);
    EXPECT_EQ(answer.status, 200) << user;
    EXPECT_EQ(boost::json::parse(answer.body).at("count").as_int64(), 7);
    EXPECT_EQ(client.get(path + "?count=201", keys).status, 400);
  }
}

TEST(Api, UnknownBuildingIsAProblem) {
  Rig rig({}, {.open_to_viewers = true});
  EXPECT_EQ(rig.client().get("/api/v1/buildings/b9/history").status, 404);
  EXPECT_EQ(rig.client().get("/api/v1/buildings/b%00/history").status, 400);
}

TEST(Api, APictureComesAtTheWidthOfAScreen) {
  Rig rig({}, {.open_to_viewers = true});
  auto client = rig.client();
  const auto small = client.get(known_evidence + "?width=320");
  EXPECT_EQ(small.body.size(), 20'000U);
  EXPECT_EQ(small.header("cache-control"), "private, max-age=31536000, immutable");
  EXPECT_NE(small.header("etag"), client.get(known_evidence).header("etag"));
  for (const std::string width : {"321", "0", "-320", "320px", "99999999999999999999", ""})
    EXPECT_EQ(client.get(known_evidence + "?width=" + width).status, 400) << width;
}

/// What is larger than asked must not be kept as if it were what was asked.
TEST(Api, APictureThatNobodyMadeSmallerIsKeptForAMinuteOnly) {
  Rig rig({}, {.open_to_viewers = true});
  const auto large = rig.client().get(known_evidence + "?width=960");
  EXPECT_EQ(large.status, 200);
  EXPECT_EQ(large.body.size(), 200'000U);
  EXPECT_EQ(large.header("cache-control"), "private, max-age=60");
  EXPECT_EQ(large.header("etag"), "");
}

TEST(Api, ADevicesDayIsForThoseWhoMayReadTheRecord) {
  Rig rig;
  const auto viewer = rig.sign_in("");
  auto client = rig.client();
  EXPECT_EQ(client.get("/api/v1/devices/dust-1/readings").status, 401);
  EXPECT_EQ(client.get("/api/v1/devices/dust-1/readings", viewer.without_csrf()).status, 200);
  EXPECT_EQ(client.get("/api/v1/devices/none/readings", viewer.without_csrf()).status, 404);
  EXPECT_EQ(client.get("/api/v1/devices/a%2Fb/readings", viewer.without_csrf()).status, 404);
}

}  // namespace
}  // namespace jieding::web
