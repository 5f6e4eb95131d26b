#include "gateway/web/front_door.hpp"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "gateway/web/first_html.hpp"
#include "gateway/web/gzip.hpp"
#include "gateway/web/language.hpp"
#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;

const char* const rising = R"({
  "site": {"id": "hz", "name": "三里<亭>"},
  "clock": {"now": "2024-08-30T05:46:00Z", "mode": "real", "quality": "ntp"},
  "buildings": [{"id": "b3", "name": "3 号楼", "storeys_planned": 18,
    "estimate": {"at": "2024-08-30T05:40:00Z", "storeys": 15.1, "storeys_low": 15, "storeys_high": 15,
      "stage": "superstructure", "confidence": 0.9, "cameras_disagree": false,
      "picture": null, "overlay": null, "picture_at": null},
    "forecast": {"day": "2024-10-20", "why_none": null},
    "milestones": [
      {"milestone": "zero_level", "storey": 0, "zh": "±0.00", "en": "structure at ground level",
       "status": "confirmed", "at": "2024-07-01T02:00:00Z"},
      {"milestone": "storey_cast", "storey": 14, "zh": "", "en": "", "status": "candidate",
       "at": "2024-08-20T18:00:00Z"},
      {"milestone": "storey_cast", "storey": 15, "zh": "", "en": "", "status": "candidate",
       "at": "2024-08-29T18:00:00Z"}]}],
  "policy": {"name": {"zh": "草案", "en": "draft"}, "today": "2024-08-30",
    "rules": [{"id": "R7", "name": {"zh": "三年备案", "en": "filing"},
               "article": {"zh": "第七条", "en": "article 7"}, "form": "deadline"}],
    "deadlines": [{"rule": "R7", "subject_name": "二期", "status": "ok", "due": "2026-06-20",
       "days_left": 659, "provisional": false, "done": null, "consequence": null, "action": false}],
    "chains": []}})";

std::string written(const json::value& site, bool english = false, Detail detail = Detail::All) {
  const Words words(english);
  return first_html(site, words, detail, on_the_box(words));
}

std::string written(bool english, Detail detail = Detail::All) {
  return written(json::parse(rising), english, detail);
}

/// The text without tags.
std::string text_of(const std::string& html) {
  std::string out;
  bool tag = false;
  for (const char c : html) {
    if (c == '<') tag = true;
    if (!tag) out += c;
    if (c == '>') tag = false;
  }
  return out;
}

TEST(FirstHtml, SaysWhereABuildingIsAndWhatDaysAreLeft) {
  const std::string said = text_of(written(false));
  for (const std::string part :
       {"3 号楼：主体第 15 层，共 18 层；按现在的速度约 10月20日结顶", "已浇筑15/ 18 层",
        "主体结构", "2024年8月30日 13:46 的情况", "±0.00已确认2024年7月1日",
        "第 15 层浇筑待佐证2024年8月30日", "还有 659 天最晚 2026年6月20日第七条"})
    EXPECT_NE(said.find(part), std::string::npos) << part << "\n" << said;
  EXPECT_EQ(said.find("第 14 层浇筑"), std::string::npos);  // the latest storey alone
}

TEST(FirstHtml, SaysTheSameInEnglish) {
  const std::string said = text_of(written(true));
  for (const std::string part :
       {"structure at storey 15 of 18; at this pace topped out about Oct 20",
        "As of Aug 30, 2024, 13:46", "Structure at ground levelConfirmed", "659 days left"})
    EXPECT_NE(said.find(part), std::string::npos) << part << "\n" << said;
}

TEST(FirstHtml, RoofThatNobodySeesIsSaidToBeReckoned) {
  json::value site = json::parse(rising);
  auto& estimate = site.at("buildings").at(0).at("estimate").as_object();
  estimate["stage"] = "topped_out";
  estimate["cameras"] = {{{"grounds", {{"view_ends", 12.5}, {"by_pace", 18}}}}};
  EXPECT_NE(text_of(written(site)).find("楼顶在画面外，照快慢推算大约已到顶"), std::string::npos);
  estimate["storeys_low"] = estimate["storeys_high"] = 18;  // another camera sees it
  EXPECT_NE(text_of(written(site)).find("主体看上去已到顶"), std::string::npos);
}

TEST(FirstHtml, SaysThatCamerasContradictEachOtherAndNamesNoSingleFigure) {
  json::value site = json::parse(rising);
  EXPECT_EQ(text_of(written(site)).find("不一致"), std::string::npos);
  site.as_object()["cameras"] = json::parse(R"([{"id": "mast", "name": "塔吊<顶>"}])");
  auto& estimate = site.at("buildings").at(0).at("estimate").as_object();
  estimate["storeys_low"] = 1;
  estimate["cameras_disagree"] = true;
  estimate["confidence"] = 0.97;  // however sure one of them is
  estimate["cameras"] =
      json::parse(R"([{"camera": "mast", "storeys": 15}, {"camera": "gate", "storeys": 1}])");
  const std::string said = text_of(written(site));
  for (const std::string part : {"几台摄像机看到的层数不一致：塔吊&lt;顶&gt; 15 层、gate 1 层",
                                 "主体第 1–15 层", "在 1 层到 15 层之间"})
    EXPECT_NE(said.find(part), std::string::npos) << part << "\n" << said;
  EXPECT_NE(text_of(written(site, true))
                .find("The cameras do not agree: 塔吊&lt;顶&gt; 15 storeys, gate 1 storey"),
            std::string::npos);
}

TEST(FirstHtml, SaysWhatIsRaisedAndWhatTheGroupFound) {
  json::value site = json::parse(rising);
  EXPECT_EQ(text_of(written(false)).find("设备与相机"), std::string::npos) << "nothing is raised";
  site.as_object()["findings"] = json::parse(R"({"open": 3, "overdue": 1, "newest": 40})");
  site.as_object()["devices"] = json::parse(R"([{"id": "dust-1", "name": "东门<扬尘>"}])");
  site.as_object()["alerts"] = json::parse(R"([
    {"alert": "limit", "device": "dust-1", "level": "alarm", "zh": "扬尘", "en": "dust",
     "since": "2024-08-30T05:00:00Z"},
    {"alert": "silence", "device": "hoist-1", "last_heard": "2024-08-30T04:00:00Z"},
    {"alert": "silence", "device": "hoist-2", "last_heard": null}])");
  const std::string html = written(site);
  EXPECT_EQ(html.find("<扬尘>"), std::string::npos);
  const std::string said = text_of(html);
  for (const std::string part :
       {"监督小组发现的问题未办结 3 件，其中逾期 1 件",
        "报警东门&lt;扬尘&gt;扬尘自 2024年8月30日 13:00",
        "没有消息hoist-1超过规定时间没有消息最后一次消息：2024年8月30日 12:00",
        "hoist-2超过规定时间没有消息还没有消息"})
    EXPECT_NE(said.find(part), std::string::npos) << part << "\n" << said;
  EXPECT_NE(text_of(written(site, true)).find("3 not closed, 1 of them overdue"),
            std::string::npos);
}

TEST(FirstHtml, NamesCannotWriteMarkupAndNothingIsInline) {
  const std::string html = written(false);
  EXPECT_NE(html.find("三里&lt;亭&gt;"), std::string::npos);
  for (const std::string never : {"<亭>", "<script", "<style", " style=", " onload="})
    EXPECT_EQ(html.find(never), std::string::npos) << never;
}

TEST(FirstHtml, PicturesThatAreNotPublicAreNotInIt) {
  json::value site = json::parse(rising);
  site.at("buildings").at(0).at("estimate").as_object()["picture"] = std::string(64, 'a');
  EXPECT_NE(written(site).find("<img"), std::string::npos);
  site.as_object()["pictures"] = json::object{{"shown", "delayed"}, {"delay_hours", 24}};
  const std::string later = written(site);
  EXPECT_EQ(later.find("<img"), std::string::npos);
  EXPECT_NE(later.find("照片推迟 24 小时公开"), std::string::npos);
  site.as_object()["pictures"] = json::object{{"shown", "stopped"}, {"delay_hours", 0}};
  EXPECT_NE(written(site).find("照片暂不公开"), std::string::npos);
}

TEST(FirstHtml, ASiteOfNothingIsStillAPage) {
  for (const Detail detail : {Detail::All, Detail::Less, Detail::Lines})
    EXPECT_NE(written(json::object{}, false, detail).find("</main>"), std::string::npos);
}

TEST(FrontDoor, LetsNobodyReadWithoutALink) {
  Rig rig;
  rig.record.site_answer = json::parse(rising);
  const auto answer = rig.client().get("/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.find("3 号楼"), std::string::npos);
  EXPECT_NE(answer.body.find("怎样拿到链接"), std::string::npos);
  EXPECT_NE(answer.body.find("<div id=\"page\"></div>"), std::string::npos);
  EXPECT_EQ(answer.body.find("old"), std::string::npos);
}

TEST(FrontDoor, AViewerLinkOpensItWithoutAScript) {
  Rig rig;
  rig.record.site_answer = json::parse(rising);
  auto client = rig.client();
  const auto entered = client.get("/?viewer=" + rig.link(""));
  EXPECT_NE(entered.body.find("3 号楼"), std::string::npos);
  EXPECT_NE(entered.body.find("data-entered"), std::string::npos);
  const auto cookie = entered.header("set-cookie");
  ASSERT_TRUE(cookie.starts_with("jieding_session=")) << cookie;
  const auto again = client.get("/", {{"Cookie", cookie.substr(0, cookie.find(';'))}});
  EXPECT_NE(again.body.find("3 号楼"), std::string::npos);
}

/// Whoever previews links asks for them; that must not use one up.
TEST(FrontDoor, AOneTimeLinkIsNotUsedUpByLooking) {
  Rig rig;
  const auto token = rig.link("li");
  auto client = rig.client();
  for (const std::string query : {"/?signin=", "/?viewer="}) {
    const auto answer = client.get(query + token);
    EXPECT_EQ(answer.header("set-cookie"), "");
    EXPECT_EQ(answer.body.find("data-entered"), std::string::npos);
  }
  EXPECT_EQ(client
                .ask("POST", "/api/v1/session", "{\"token\":\"" + token + "\"}",
                     {{"Content-Type", "application/json"}})
                .status,
            200);
}

TEST(FrontDoor, GuessedLinksAreLockedOut) {
  Rig rig;
  auto client = rig.client();
  std::string said;
  for (int guess = 0; guess < 200 && said.find("试错的次数太多") == std::string::npos; ++guess)
    said = client.get("/?viewer=guess" + std::to_string(guess)).body;
  EXPECT_NE(said.find("试错的次数太多"), std::string::npos);
  said = client.get("/?viewer=" + rig.link("")).body;
  EXPECT_EQ(said.find("data-entered"), std::string::npos);
}

TEST(FrontDoor, WhoSignedInKeepsTheirSeatWhenOpeningAViewerLink) {
  Rig rig;
  const auto person = rig.sign_in("li");
  const auto answer = rig.client().get("/?viewer=" + rig.link(""), person.without_csrf());
  EXPECT_EQ(answer.header("set-cookie"), "");
  EXPECT_NE(answer.body.find("data-entered"), std::string::npos);
}

TEST(FrontDoor, FitsIntoTheFirstAnswerHoweverLargeTheSite) {
  Rig rig({}, {.open_to_viewers = true});
  for (const int buildings : {1, 12, 60}) {
    auto site = json::parse(rising).as_object();
    const auto one = site["buildings"].as_array()[0].as_object();
    const auto deadline = site["policy"].as_object()["deadlines"].as_array()[0].as_object();
    auto& all = site["buildings"].as_array();
    auto& deadlines = site["policy"].as_object()["deadlines"].as_array();
    for (int n = 1; n < buildings; ++n) {
      auto next = one;
      // Nothing that a packer could take for the same again.
      const auto odd = std::to_string(std::hash<int>{}(n)*2654435761U);
      next["name"] = odd + " 号楼";
      next["estimate"].as_object()["overlay"] = odd + odd + odd + odd + odd + odd;
      next["estimate"].as_object()["picture_at"] = "2024-08-30T05:40:00Z";
      for (int m = 0; m < 20; ++m) {
        auto milestone = one.at("milestones").as_array()[0].as_object();
        milestone["zh"] = odd + std::to_string(m * 7919);
        next["milestones"].as_array().push_back(milestone);
      }
      all.push_back(next);
      for (int d = 0; d < 19; ++d) {
        auto due = deadline;
        due["days_left"] = d * n;
        due["subject_name"] = odd + std::to_string(d);
        deadlines.push_back(due);
      }
    }
    rig.record.site_answer = site;
    const auto answer = rig.client().get("/", {{"Accept-Encoding", "gzip"}});
    EXPECT_EQ(answer.header("content-encoding"), "gzip");
    EXPECT_LE(answer.body.size(), most_first_bytes) << buildings;
    EXPECT_GT(answer.body.size(), 500U) << buildings;
  }
}

TEST(Language, IsTheOneAskedForElseTheOneKeptElseWhatTheBrowserPrefers) {
  const auto english = [](std::string lang, std::string cookie, std::string accepted) {
    http::Request request;
    if (!lang.empty()) request.query["lang"] = lang;
    request.headers["cookie"] = "a=1; jieding_language=" + cookie;
    request.headers["accept-language"] = accepted;
    return wants_english(request);
  };
  EXPECT_FALSE(english("", "", ""));
  EXPECT_FALSE(english("", "", "zh-CN,zh;q=0.9,en;q=0.8"));
  EXPECT_FALSE(english("", "", "fr, *"));
  EXPECT_FALSE(english("", "", "en;q=0"));
  EXPECT_FALSE(english("", "", "en;q=, zh;q=0.001"));
  EXPECT_TRUE(english("", "", "en-GB,en;q=0.9"));
  EXPECT_TRUE(english("", "", "de, en;q=0.5, zh;q=0.49"));
  EXPECT_TRUE(english("", "en", "zh"));
  EXPECT_FALSE(english("zh", "en", "en"));
  EXPECT_FALSE(english("xx", "zh", "en"));
}

TEST(Language, ChosenByTheAddressIsKept) {
  Rig rig;
  const auto answer = rig.client().get("/?lang=en");
  EXPECT_EQ(answer.header("set-cookie"),
            "jieding_language=en; Max-Age=31536000; Path=/; SameSite=Lax");
  EXPECT_NE(answer.body.find("<html lang=\"en\">"), std::string::npos);
  EXPECT_EQ(rig.client().get("/?lang=%0d%0a").header("set-cookie"), "");
}

}  // namespace
}  // namespace jieding::web
