#include "gateway/web/bulletin_page.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdlib>
#include <initializer_list>
#include <vector>

#include "gateway/domain/calendar.hpp"
#include "gateway/domain/site_time.hpp"
#include "gateway/web/building_words.hpp"
#include "gateway/web/bulletin_words.hpp"
#include "gateway/web/html.hpp"
#include "gateway/web/json_parts.hpp"
#include "gateway/web/words.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;

/// On the site's clock: `2026-11-29 10:30`.
std::string site_minute(const std::string& rfc3339) {
  const auto at = from_rfc3339(rfc3339);
  if (!at) return rfc3339;
  const auto minutes = std::chrono::floor<std::chrono::minutes>(time_of_day(*at)).count();
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return to_text(site_day(*at)) + " " + two(minutes / 60) + ":" + two(minutes % 60);
}

using Cells = std::vector<std::string>;  ///< HTML

std::string row(const Cells& cells) {
  std::string out = "<tr>";
  for (const std::string& cell : cells)
    out += "<td>" + cell + "</td>";
  return out + "</tr>\n";
}

std::string table(std::initializer_list<std::string_view> heads, const std::string& rows) {
  std::string out = "<table><thead><tr>";
  for (const std::string_view head : heads)
    out += "<th scope=\"col\">" + escape(head) + "</th>";
  return out + "</tr></thead><tbody>\n" + rows + "</tbody></table>\n";
}

std::string paragraph(std::string_view words, std::string_view kind = {}) {
  const std::string of_kind = kind.empty() ? "" : " class=\"" + std::string(kind) + "\"";
  return "<p" + of_kind + ">" + escape(words) + "</p>\n";
}

std::string note(std::string_view words) {
  return words.empty() ? "" : "<small>" + escape(words) + "</small>";
}

std::string unbroken(const std::string& html) {
  return "<span>" + html + "</span>";
}

/// One bulletin in one language.
class Sheet {
 public:
  Sheet(const json::value& bulletin, bool english)
      : bulletin_(bulletin), english_(english), words_(bulletin_words(english)), said_(english) {}

  std::string all() const {
    return head() + choice() + heading() + section(words_.works, works()) +
           section(said_("milestones", "title"), milestones()) +
           section(said_("clocks", "title"), deadlines()) +
           section(words_.households, households()) + section(words_.findings, findings()) +
           section(words_.alerts, alerts()) + section(words_.ledger, ledger()) +
           "</main></body></html>\n";
  }

 private:
  std::string head() const {
    return "<!doctype html>\n<html lang=\"" + std::string(words_.lang) +
           "\"><head><meta charset=\"utf-8\">"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>" +
           escape(words_.title) +
           "</title><link rel=\"icon\" href=\"/favicon.svg\">"
           "<link rel=\"stylesheet\" href=\"/bulletin.css\"></head><body>\n";
  }

  std::string period(std::string_view end) const { return text(part(bulletin_, "period"), end); }

  /// Not printed: other days, the other language.
  std::string choice() const {
    const std::string lang = english_ ? "en" : "zh";
    const auto input = [&](std::string_view label, std::string_view end) {
      return "<label>" + escape(label) + " <input type=\"date\" name=\"" + std::string(end) +
             "\" value=\"" + escape(period(end)) + "\" required></label> ";
    };
    const auto link = [&](const std::string& query, std::string_view label) {
      return "<a href=\"/bulletin?" + query + "\">" + escape(label) + "</a> ";
    };
    return "<nav><form action=\"/bulletin\" method=\"get\"><input type=\"hidden\" name=\"lang\" "
           "value=\"" +
           lang + "\">" + input(words_.from, "from") + input(words_.to, "to") + "<button>" +
           escape(words_.show) + "</button></form>\n<p>" +
           link("period=week&amp;lang=" + lang, words_.week) +
           link("period=month&amp;lang=" + lang, words_.month) +
           link("from=" + escape(period("from")) + "&amp;to=" + escape(period("to")) +
                    "&amp;lang=" + std::string(words_.other_lang),
                words_.other) +
           "</p>" + paragraph(words_.print) + "</nav>\n<main>\n";
  }

  std::string heading() const {
    const std::string days = std::string(words_.period) + " " + period("from") + " " +
                             std::string(words_.until) + " " + period("to");
    const std::string made = std::string(words_.made) + " " + site_minute(text(bulletin_, "made"));
    return "<header><h1>" + escape(words_.title) + "</h1>" +
           paragraph(text(part(bulletin_, "project"), "name"), "project") +
           paragraph(days + " · " + made) +
           (is(bulletin_, "clock_trusted") ? "" : paragraph(words_.untrusted, "warning")) +
           "</header>\n";
  }

  static std::string section(std::string_view title, const std::string& content) {
    return "<section><h2>" + escape(title) + "</h2>\n" + content + "</section>\n";
  }

  std::string known(const json::value& value) const {
    return value.is_null() ? escape(words_.unknown) : number(value);
  }
  std::string known_text(const std::string& value) const {
    return escape(value.empty() ? std::string(words_.unknown) : value);
  }
  std::string wording(const json::value& value, std::string_view name) const {
    return text(part(value, name), english_ ? "en" : "zh");
  }

  std::string works() const {
    std::string out;
    for (const json::value& phase : list(bulletin_, "phases")) {
      std::string rows;
      for (const json::value& building : list(phase, "buildings"))
        rows += building_row(building);
      out += "<h3>" + escape(text(phase, "name")) + "</h3>" +
             table({words_.building, words_.planned, words_.before, words_.after, words_.change,
                    said_("building", "stage"), words_.forecast},
                   rows);
      for (const json::value& building : list(phase, "buildings"))
        out += against_plan(building);
    }
    return out;
  }

  /// Planned against actual, as a sentence under the table; empty where nobody wrote a plan down.
  std::string against_plan(const json::value& building) const {
    const json::value& plan = part(building, "plan");
    if (plan.is_null()) return {};
    return paragraph(text(building, "name") + said_("page", "colon") +
                     difference(part(building, "against_plan")) +
                     said_("plan", "of", {text(plan, "zero_level"), text(plan, "topping_out")}));
  }

  std::string difference(const json::value& standing) const {
    if (standing.is_null()) return {};
    const auto late = whole(part(standing, "days_late"));
    const auto lacks = whole(part(standing, "storeys_short"));
    const std::string days = said_.count("plan", "days", std::abs(late));
    const std::string storeys = said_.count("plan", "storeys", std::abs(lacks));
    const std::string how = late == 0 ? "OnPlan" : late > 0 ? "Behind" : "Ahead";
    const std::string space = english_ ? " " : "";
    if (is(standing, "topped_out")) return said_("plan", "ended" + how, {days}) + space;
    return said_("plan",
                 late == 0  ? "onPlan"
                 : late > 0 ? "behind"
                            : "ahead",
                 {days, storeys}) +
           space;
  }

  std::string building_row(const json::value& building) const {
    const std::string seen = text(building, "seen");
    const std::string stage = text(building, "stage");
    const std::string from = seen.empty() ? "" : std::string(words_.seen) + " " + site_minute(seen);
    return row({escape(text(building, "name")), known(part(building, "storeys_planned")),
                known(part(building, "storeys_before")), known(part(building, "storeys")),
                change(part(building, "change")),
                known_text(stage.empty() ? "" : said_("stages", stage)) + note(from),
                forecast(part(building, "forecast"))});
  }

  std::string change(const json::value& value) const {
    const std::string said = known(value);
    const double* moved = value.if_double();
    return moved && *moved > 0 ? "+" + said : said;
  }

  std::string forecast(const json::value& value) const {
    const std::string day = text(value, "day");
    if (text(value, "why_none") == "done") return escape(words_.topped_out);
    if (day.empty()) return escape(words_.no_forecast);
    return escape(fill(words_.forecast_between, {day, text(value, "early"), text(value, "late")}));
  }

  std::string milestones() const {
    std::string rows;
    for (const json::value& one : list(bulletin_, "milestones"))
      rows += row({escape(text(one, "day")), escape(text(one, "subject_name")),
                   escape(milestone_name(one)), escape(said_("status", text(one, "status"))),
                   escape(owners(one)), number(part(one, "ledger_index"))});
    if (rows.empty()) return paragraph(words_.milestones_none);
    return table(
        {words_.day, words_.subject, words_.what, words_.status, words_.owners, words_.entry},
        rows);
  }

  std::string milestone_name(const json::value& one) const {
    const auto storey = whole(part(one, "storey"));
    const std::string name = text(one, english_ ? "en" : "zh");
    return storey == 0 ? name : name + " " + fill(words_.storey, {std::to_string(storey)});
  }

  std::string owners(const json::value& one) const {
    std::string all;
    for (const json::value& owner : list(one, "owners")) {
      if (!all.empty()) all += english_ ? ", " : "、";
      all += said_("owners", owner.as_string());
    }
    return all;
  }

  std::string deadlines() const {
    if (part(bulletin_, "policy").is_null()) return paragraph(words_.no_policy);
    std::string rows;
    int settled = 0;
    for (const json::value& one : list(bulletin_, "deadlines")) {
      const std::string status = text(one, "status");
      if (status == "not_applicable" || status == "done_in_time")
        ++settled;
      else
        rows += deadline_row(one);
    }
    std::string out =
        paragraph(wording(part(bulletin_, "policy"), "name")) + paragraph(words_.deadlines_note);
    if (!is(part(bulletin_, "policy"), "in_force")) out += paragraph(said_("clocks", "draftMore"));
    if (!rows.empty())
      out +=
          table({words_.rule, words_.subject, words_.last_day, words_.left, words_.status}, rows);
    if (settled > 0) out += paragraph(fill(words_.settled, {std::to_string(settled)}));
    for (const json::value& chain : list(bulletin_, "chains"))
      out += paragraph(said_("clocks", "chain") + " · " + text(chain, "subject_name") + " · " +
                       slack_in_words(said_, part(chain, "slack_days")));
    return out;
  }

  std::string deadline_row(const json::value& one) const {
    std::string rule = text(one, "rule") + " " + wording(one, "name");
    if (!is(one, "in_force")) rule += " · " + said_("clocks", "draft");
    const std::string facility = wording(one, "facility_name");
    const std::string subject = facility.empty() ? text(one, "subject_name") : facility;
    return row({escape(rule) + note(wording(one, "article")), escape(subject),
                unbroken(known_text(text(one, "due"))), unbroken(left(one)), standing(one)});
  }

  std::string left(const json::value& one) const {
    const json::value& days = part(one, "days_left");
    if (days.is_null()) return escape(words_.unknown);
    const auto count = whole(days);
    return escape(count < 0 ? fill(words_.days_late, {std::to_string(-count)})
                            : fill(words_.days, {std::to_string(count)}));
  }

  std::string standing(const json::value& one) const {
    const std::string status = text(one, "status");
    const std::string consequence = text(one, "consequence");
    const bool gate = text(one, "form") == "gate";
    std::string said = gate ? said_("gates", status) : status;
    if (said == status) said = said_("standing", status);
    std::string out = "<b class=\"" + escape(status) + "\">" + escape(said) + "</b>";
    const bool in_force = is(one, "in_force");
    if (!consequence.empty())
      out += note(said_(in_force ? "consequence" : "draftConsequence", consequence));
    if (is(one, "action")) out += note(said_("clocks", "begin"));
    out += note(action_in_words(said_, one));
    if (is(one, "provisional")) out += note(words_.provisional);
    const std::string done = text(part(one, "done"), "day");
    if (!done.empty()) out += note(fill(words_.told, {done}));
    return out + note(missing(one));
  }

  std::string missing(const json::value& one) const {
    std::string all;
    for (const json::value& lack : list(one, "missing")) {
      if (text(lack, "milestone") == "facility_ready") return std::string(words_.no_facility);
      if (!all.empty()) all += english_ ? "; " : "；";
      const std::string name = text(lack, english_ ? "en" : "zh");
      all += text(lack, "subject_name") + (english_ ? ": " : "：") + name;
    }
    return all.empty() ? all : said_("clocks", "missing", {all});
  }

  std::string households() const {
    std::string rows;
    for (const json::value& one : list(bulletin_, "households"))
      rows += row({escape(text(one, "subject_name")), escape(text(one, "counted")),
                   number(part(one, "awaiting_return")), number(part(one, "housed")),
                   number(part(one, "awaiting_registration"))});
    if (rows.empty()) return paragraph(words_.no_households);
    return table({words_.subject, words_.counted, words_.awaiting_return, words_.housed,
                  words_.awaiting_registration},
                 rows);
  }

  std::string findings() const {
    const json::value& found = part(bulletin_, "findings");
    std::string rows;
    for (const json::value& one : list(found, "list"))
      rows += finding_row(one);
    if (rows.empty()) return paragraph(words_.findings_none);
    const auto count = [&](std::string_view name) { return number(part(found, name)); };
    return paragraph(fill(words_.findings_sum,
                          {count("raised"), count("closed"), count("open"), count("overdue")})) +
           table(
               {words_.number, words_.kind, words_.place, words_.raised, words_.due, words_.status},
               rows);
  }

  std::string finding_row(const json::value& one) const {
    const auto storey = whole(part(one, "storey"));
    std::string place = text(one, "building_name");
    if (place.empty()) place = words_.on_site;
    if (storey > 0) place += " " + fill(words_.storey, {std::to_string(storey)});
    return row({number(part(one, "finding")), escape(said_("findings", text(one, "kind"))),
                escape(place), escape(text(one, "raised")), known_text(text(one, "due")),
                escape(said_("findingSteps", text(one, "status"))) +
                    (is(one, "overdue") ? note(words_.overdue) : "")});
  }

  std::string alerts() const {
    std::string rows;
    for (const json::value& one : list(bulletin_, "alerts")) {
      const std::string own = text(one, english_ ? "en" : "zh");
      const bool silent = text(one, "alert") == "silence";
      const std::string limit = own.empty() ? text(one, "limit") : own;
      rows += row({escape(text(one, "device_name")),
                   escape(silent ? std::string(words_.silence) : limit),
                   escape(site_minute(text(one, "raised"))),
                   escape(is(one, "stands") ? words_.stands : words_.over)});
    }
    if (rows.empty()) return paragraph(words_.alerts_none);
    return table({words_.device, words_.alert, words_.since, words_.status}, rows);
  }

  std::string ledger() const {
    const json::value& ledger = part(bulletin_, "ledger");
    const auto line = [](std::string_view name, const std::string& value) {
      return "<dt>" + escape(name) + "</dt><dd>" + escape(value) + "</dd>";
    };
    return paragraph(words_.ledger_note) + "<dl>" +
           line(words_.size, number(part(ledger, "size"))) +
           line(words_.root, text(ledger, "root")) + line(words_.key, text(ledger, "key")) +
           line(words_.fingerprint, text(ledger, "fingerprint")) + "</dl>\n";
  }

  const json::value& bulletin_;
  bool english_;
  const BulletinWords& words_;
  Words said_;
};

}  // namespace

std::string write_bulletin(const json::value& bulletin, bool english) {
  return Sheet(bulletin, english).all();
}

}  // namespace jieding::web
