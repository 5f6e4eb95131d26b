#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "gateway/web/bulletin_page.hpp"
#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

/// A site of one building that nobody has seen yet, and one deadline that nobody can tell.
const char* const unseen = R"({
  "site": {"id": "hz", "gateway": "gw1"}, "project": {"id": "p", "name": "一<二>"},
  "period": {"from": "2026-11-23", "to": "2026-11-29"}, "made": "2026-11-29T02:30:00Z",
  "clock_trusted": true,
  "phases": [{"id": "p1", "name": "一期", "buildings": [{"id": "b1", "name": "1号楼",
     "storeys_planned": 18, "storeys_before": null, "storeys": null, "change": null, "seen": null,
     "stage": null, "forecast": {"day": null, "why_none": "too_few"}}]}],
  "milestones": [], "policy": {"name": {"zh": "草案", "en": "draft"}},
  "deadlines": [{"rule": "R7", "name": {"zh": "三年备案", "en": "filing"}, "article": {"zh": "条文",
     "en": "article"}, "form": "deadline", "subject_name": "一期", "due": null, "days_left": null,
     "status": "unknown", "provisional": false, "done": null, "consequence": null, "action": false,
     "missing": [{"subject_name": "一期", "zh": "开工", "en": "construction started"}]}],
  "chains": [], "households": null,
  "findings": {"raised": 0, "closed": 0, "open": 0, "overdue": 0, "list": []}, "alerts": [],
  "ledger": {"size": 7, "root": "abcd", "key": "k", "fingerprint": "1234 5678"}})";

TEST(Bulletin, IsForThoseWhoMayReadTheRecord) {
  Rig rig;
  const auto viewer = rig.sign_in("");
  auto client = rig.client();
  for (const std::string path : {"/api/v1/bulletin", "/bulletin"}) {
    EXPECT_EQ(client.get(path).status, 401) << path;
    EXPECT_EQ(client.get(path, viewer.without_csrf()).status, 200) << path;
  }
  EXPECT_EQ(client.get("/bulletin", viewer.without_csrf()).header("content-type"),
            "text/html; charset=utf-8");
}

TEST(Bulletin, PeriodsThatCannotBeAreRefused) {
  Rig rig({}, {.open_to_viewers = true});
  auto client = rig.client();
  for (const std::string query :
       {"period=week", "period=month", "from=2026-11-01&to=2026-11-01", "lang=en"})
    EXPECT_EQ(client.get("/api/v1/bulletin?" + query).status, 200) << query;
  for (const std::string query : {"period=year", "from=2026-11-02&to=2026-11-01", "from=2026-11-01",
                                  "to=2026-11-01", "from=2026-02-30&to=2026-03-01",
                                  "from=1990-01-01&to=2026-01-01", "from=2199-12-30&to=2199-12-31"})
    EXPECT_EQ(client.get("/api/v1/bulletin?" + query).status, 400) << query;
}

TEST(Bulletin, WhatIsNotKnownIsSaidSo) {
  const std::string page = write_bulletin(boost::json::parse(unseen), false);
  EXPECT_NE(page.find("<td>18</td><td>不详</td><td>不详</td><td>不详</td>"), std::string::npos);
  EXPECT_NE(page.find("缺：一期：开工"), std::string::npos);
  EXPECT_NE(page.find("还没有登记户数"), std::string::npos);
  EXPECT_NE(page.find("1234 5678"), std::string::npos);
  EXPECT_NE(page.find("2026-11-29 10:30"), std::string::npos);  // on the site's clock
  const std::string english = write_bulletin(boost::json::parse(unseen), true);
  EXPECT_NE(english.find("<td>18</td><td>not known</td>"), std::string::npos);
  EXPECT_NE(english.find("Missing: 一期: construction started"), std::string::npos);
}

TEST(Bulletin, SaysPlannedAgainstActual) {
  auto sheet = boost::json::parse(unseen);
  EXPECT_EQ(write_bulletin(sheet, false).find("施工单位的计划"), std::string::npos);
  auto& building = sheet.at("phases").as_array().at(0).at("buildings").as_array().at(0).as_object();
  building["plan"] = {{"zero_level", "2026-09-01"}, {"topping_out", "2026-11-20"}};
  building["against_plan"] = {{"days_late", 1}, {"storeys_short", 2}, {"topped_out", false}};
  EXPECT_NE(write_bulletin(sheet, false)
                .find("1号楼：比计划晚 1 天，少 2 层。施工单位的计划：2026-09-01做到"),
            std::string::npos);
  EXPECT_NE(write_bulletin(sheet, true).find("1 day and 2 storeys behind the programme. The"),
            std::string::npos);
  building["against_plan"] = {{"days_late", -3}, {"storeys_short", 0}, {"topped_out", true}};
  EXPECT_NE(write_bulletin(sheet, false).find("结顶比计划早了 3 天。"), std::string::npos);
}

TEST(Bulletin, NamesTheEntryThatSetSomethingGoingOrTookItBack) {
  auto sheet = boost::json::parse(unseen);
  auto& deadline = sheet.at("deadlines").as_array().at(0).as_object();
  deadline["action_event"] = {{"stands", true}, {"started", 41}, {"ledger_index", 44}};
  EXPECT_NE(write_bulletin(sheet, false).find("已由记录第 41 条启动"), std::string::npos);
  deadline["action_event"].as_object()["stands"] = false;
  EXPECT_NE(write_bulletin(sheet, true).find("Taken back by entry 44"), std::string::npos);
}

TEST(Bulletin, NamesCannotWriteMarkupAndNoScriptIsNeeded) {
  const std::string page = write_bulletin(boost::json::parse(unseen), false);
  EXPECT_NE(page.find("一&lt;二&gt;"), std::string::npos);
  EXPECT_EQ(page.find("<二>"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

TEST(Bulletin, ASheetOfNothingIsStillASheet) {
  EXPECT_NE(write_bulletin(boost::json::object{}, false).find("</html>"), std::string::npos);
}

}  // namespace
}  // namespace jieding::web
