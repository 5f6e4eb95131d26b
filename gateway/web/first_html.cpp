#include "gateway/web/first_html.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <optional>
#include <vector>

#include "gateway/web/building_words.hpp"
#include "gateway/web/facade_svg.hpp"
#include "gateway/web/html.hpp"
#include "gateway/web/json_parts.hpp"
#include "gateway/web/written_dates.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;

constexpr std::size_t deadlines_when_less = 8;
constexpr std::size_t most_alerts = 8;

/// As people need to see them; policy.ts has the same order.
constexpr std::array<std::string_view, 8> by_urgency{
    "overdue", "due_soon", "shut", "unknown", "ok", "done_late", "done_in_time", "not_applicable"};

std::size_t urgency(const json::value& deadline) {
  const auto found = std::ranges::find(by_urgency, text(deadline, "status"));
  return static_cast<std::size_t>(found - by_urgency.begin());
}

/// One state of the site in one language.
class First {
 public:
  First(const json::value& site, const Words& words, Detail detail, const Places& places)
      : site_(site),
        words_(words),
        detail_(detail),
        places_(places),
        now_(text(part(site, "clock"), "now")) {}

  std::string all() const {
    std::string buildings;
    int number = 0;
    for (const json::value& one : list(site_, "buildings"))
      buildings += building(one, ++number);
    return header() + notices() + "<main>" + buildings + clocks() + findings() + alerts() +
           "</main>" +
           element("footer", "footer",
                   escape(words_("page", places_.mirrored.empty() ? "footer" : "mirrorFooter")));
  }

 private:
  std::string own(const json::value& value, std::string_view name) const {
    return text(part(value, name), words_.english() ? "en" : "zh");
  }
  std::string minute(const std::string& rfc3339) const {
    const auto at = from_rfc3339(rfc3339);
    return at ? written_minute(*at, words_.english()) : "—";
  }
  std::string day(const std::string& iso) const {
    const auto date = day_from_text(iso);
    return date ? written_day(*date, words_.english()) : "—";
  }

  std::string header() const {
    const auto& site = part(site_, "site");
    const std::string name = text(site, "name").empty() ? text(site, "id") : text(site, "name");
    const std::string state =
        "<span class=\"dot\"></span>" + escape(words_("first", "stateAt", {minute(now_)}));
    return "<header class=\"site-header\">" + element("h1", "", escape(name)) +
           element("p", "tagline", escape(words_("page", "tagline"))) +
           "<dl class=\"clockline\"><div>" + element("dt", "", escape(words_("page", "clock"))) +
           element("dd", "site-clock", escape(minute(now_))) + "</div><div>" +
           element("dd", "fresh fresh-away", state) + "</div></dl></header>";
  }

  std::string notices() const {
    const auto notice = [](std::string_view kind, const std::string& said,
                           const std::string& more) {
      return element("p", "notice page-notice " + std::string(kind),
                     element("strong", "", escape(said)) + element("span", "", escape(more)));
    };
    const auto& clock = part(site_, "clock");
    const std::string of_when = places_.mirrored.empty()
                                    ? words_("first", "stateMore")
                                    : words_("first", "mirror", {places_.mirrored});
    std::string out = element("noscript", "", notice("", of_when, words_("first", "more")));
    if (is(site_, "read_only"))
      out += notice("notice-warning", words_("page", "readOnly"), words_("page", "readOnlyMore"));
    if (text(clock, "mode") == "playback")
      return out +
             notice("notice-playback", words_("page", "playback"), words_("page", "playbackMore"));
    if (text(clock, "quality") == "unsynced")
      out += notice("notice-warning", words_("page", "clockUntrusted"), "");
    const std::string shown = text(part(site_, "pictures"), "shown");
    if (!shown.empty() && shown != "live")
      out += notice(
          "", words_("pictures", shown, {number(part(part(site_, "pictures"), "delay_hours"))}),
          words_("pictures", "more"));
    return out;
  }

  std::string building(const json::value& one, int number) const {
    const auto [name, state] = sentence_parts(words_, one);
    const std::string heading = element(
        "h2", "sentence", element("span", "", escape(name)) + element("span", "", escape(state)));
    if (detail_ == Detail::Lines) return element("section", "building", heading);
    const std::string glance =
        element("div", "glance-count", cast(one) + stage(part(one, "estimate"))) +
        element("div", "glance-drawing", facade_svg(words_, one, number)) + picture(one) +
        disagreement(part(one, "estimate"));
    const std::string reached = detail_ == Detail::All ? milestones(one) : "";
    return element("section", "building",
                   heading + element("div", "card glance", glance) + reached);
  }

  std::string cast(const json::value& building) const {
    const auto& estimate = part(building, "estimate");
    if (estimate.is_null()) return {};
    const auto planned = std::to_string(whole(part(building, "storeys_planned")));
    const std::string line =
        element("span", "cast-word", escape(words_("building", "cast"))) +
        element("span", "cast-number", cast_storeys(words_, estimate)) +
        element("span", "cast-of", "/ " + planned + " " + escape(words_("building", "storeys")));
    return element("p", "cast-line", line) +
           element("p", "cast-sure", escape(how_sure(words_, estimate)));
  }

  std::string stage(const json::value& estimate) const {
    const std::string id = text(estimate, "stage");
    return element("p", "stage-name",
                   element("span", "stage-word", escape(words_("building", "stage"))) + " " +
                       element("strong", "",
                               escape(id.empty() ? words_("building", "stageUnknown")
                                                 : words_("stages", id))));
  }

  /// Of this visitor nothing is known here: who signed in sees the newest when the script has come.
  std::string picture(const json::value& building) const {
    const std::string rule = text(part(site_, "pictures"), "shown");
    if (rule == "stopped") return {};
    const bool delayed = rule == "delayed";
    const auto& seen = part(building, delayed ? "public_picture" : "estimate");
    if (delayed && seen.is_null()) return {};
    const std::string overlay = text(seen, "overlay");
    const std::string shown = overlay.empty() ? text(seen, "picture") : overlay;
    if (shown.empty())
      return element("figure", "picture",
                     element("div", "picture-none", escape(words_("building", "pictureNone"))));
    const std::string at = text(seen, "picture_at");
    const std::string alt = words_("building", "pictureAlt", {building_name(building), minute(at)});
    const std::string caption =
        element("strong", "", escape(words_("building", delayed ? "pictureDelayed" : "picture"))) +
        element("span", "", escape(words_("building", "pictureTaken", {minute(at), age(at)}))) +
        element("span", "muted", escape(words_("building", "pictureMore")));
    return element("figure", "picture",
                   "<img " + sources(shown) + " alt=\"" + escape(alt) + "\" loading=\"lazy\">" +
                       element("figcaption", "", element("span", "picture-caption", caption)));
  }

  /// As the page asks for it (picture.tsx), so that it comes once.
  std::string sources(const std::string& sha256) const {
    const auto at = [&](unsigned width) { return escape(places_.picture(sha256, width)); };
    return "srcset=\"" + at(320) + " 320w, " + at(640) + " 640w, " + at(960) +
           " 960w\" sizes=\"(min-width: 60rem) 48vw, 92vw\" src=\"" + at(640) + "\"";
  }

  std::string age(const std::string& rfc3339) const {
    const auto at = from_rfc3339(rfc3339);
    const auto now = from_rfc3339(now_);
    if (!at || !now) return words_("ago", "unknown");
    return written_age(words_, *now - *at);
  }

  std::string disagreement(const json::value& estimate) const {
    if (!is(estimate, "cameras_disagree")) return {};
    std::string said;
    for (const json::value& word : list(estimate, "cameras"))
      said += words_("page", said.empty() ? "colon" : "comma") + unit_name(text(word, "camera")) +
              " " + words_.count("plan", "storeys", std::llround(real(part(word, "storeys"))));
    return element("p", "notice notice-warning refused-frame",
                   element("strong", "", escape(words_("building", "camerasDisagree") + said)) +
                       element("span", "", escape(words_("building", "camerasDisagreeMore"))));
  }

  std::string milestones(const json::value& building) const {
    std::vector<const json::value*> shown;
    const json::value* storey = nullptr;
    for (const json::value& one : list(building, "milestones")) {
      if (text(one, "milestone") != "storey_cast") {
        shown.push_back(&one);
      } else if (!storey || whole(part(one, "storey")) > whole(part(*storey, "storey"))) {
        storey = &one;
      }
    }
    // RFC 3339 in UTC sorts as text.
    std::ranges::stable_sort(shown, std::greater{},
                             [](const json::value* one) { return text(*one, "at"); });
    if (storey) shown.push_back(storey);
    std::string rows;
    for (const json::value* one : shown)
      rows += milestone(*one);
    const std::string title = element("h3", "", escape(words_("milestones", "title")));
    if (rows.empty())
      rows = element("p", "empty", escape(words_("milestones", "none")));
    else
      rows = element("ol", "rows", rows);
    return element("div", "card milestones", title + rows);
  }

  std::string milestone(const json::value& one) const {
    const std::string status = text(one, "status");
    return element("li", "row",
                   element("div", "row-head",
                           element("h4", "", escape(milestone_name(words_, one))) +
                               element("span", "chip chip-" + escape(status),
                                       escape(words_("status", status)))) +
                       element("p", "row-day", escape(day_of(text(one, "at")))));
  }

  /// The day on the site of an instant.
  std::string day_of(const std::string& rfc3339) const {
    const auto at = from_rfc3339(rfc3339);
    return at ? written_day(site_day(*at), words_.english()) : "—";
  }

  std::string clocks() const {
    const auto& policy = part(site_, "policy");
    if (policy.is_null() || detail_ == Detail::Lines) return {};
    std::vector<const json::value*> running;
    std::vector<const json::value*> unknown;
    long long settled = 0;
    for (const json::value& one : list(policy, "deadlines")) {
      const std::string standing = text(one, "status");
      if (standing == "unknown") {
        unknown.push_back(&one);
      } else if (standing == "done_in_time" || standing == "not_applicable") {
        ++settled;
      } else {
        running.push_back(&one);
      }
    }
    std::ranges::stable_sort(running, [](const json::value* a, const json::value* b) {
      if (urgency(*a) != urgency(*b)) return urgency(*a) < urgency(*b);
      return real(part(*a, "days_left")) < real(part(*b, "days_left"));
    });
    const std::size_t most =
        detail_ == Detail::All ? running.size() : std::min(running.size(), deadlines_when_less);
    const std::string rows =
        deadlines({running.begin(), running.begin() + static_cast<std::ptrdiff_t>(most)}, policy);
    const std::string today = text(policy, "today");
    const std::string until = today.empty() ? "" : " · " + words_("clocks", "today", {day(today)});
    std::string out =
        element("h2", "", escape(words_("clocks", "title"))) +
        element("p", "muted", escape(own(policy, "name") + until)) +
        (is(policy, "in_force") ? "" : element("p", "", escape(words_("clocks", "draftMore")))) +
        element("p", "muted", escape(words_("clocks", today.empty() ? "untrusted" : "more"))) +
        chains(policy) + rows;
    if (!unknown.empty()) out += not_known(unknown, policy);
    if (settled > 0)
      out += element("p", "muted", escape(words_("clocks", "settled", {std::to_string(settled)})));
    if (const auto left_out = static_cast<long long>(running.size() - most); left_out > 0)
      out += element("p", "muted", escape(words_.count("first", "shortened", left_out)));
    return element("section", "card clocks", out);
  }

  std::string deadlines(const std::vector<const json::value*>& shown,
                        const json::value& policy) const {
    std::string rows;
    for (const json::value* one : shown)
      rows += deadline(*one, policy);
    return element("ol", "clock-list", rows);
  }

  /// What is missing to tell them, folded away.
  std::string not_known(const std::vector<const json::value*>& unknown,
                        const json::value& policy) const {
    const std::string title =
        escape(words_("clocks", "notKnown", {std::to_string(unknown.size())}));
    if (detail_ != Detail::All) return element("p", "muted", title);
    return element("details", "folded", element("summary", "", title) + deadlines(unknown, policy));
  }

  std::string chains(const json::value& policy) const {
    std::string out;
    for (const json::value& chain : list(policy, "chains")) {
      const std::string limit = text(chain, "limit");
      const std::string title = words_("clocks", "chain") + " · " + own(chain, "name");
      const std::string slack =
          slack_in_words(words_, part(chain, "slack_days")) +
          (limit.empty() ? "" : " " + words_("clocks", "limit", {day(limit)}));
      out += element("div", "chain",
                     element("h3", "", escape(title + " " + text(chain, "subject_name"))) +
                         element("p", "chain-slack", escape(slack)));
    }
    return out;
  }

  std::string deadline(const json::value& one, const json::value& policy) const {
    const json::value* rule = nullptr;
    for (const json::value& known : list(policy, "rules"))
      if (text(known, "id") == text(one, "rule")) rule = &known;
    if (!rule) return {};
    const std::string facility = own(one, "facility_name");
    const bool gate = text(*rule, "form") == "gate";
    const std::string standing = text(one, "status");
    std::string chip = gate ? words_("gates", standing) : standing;
    if (chip == standing) chip = words_("standing", standing);
    if (const auto consequence = text(one, "consequence"); !consequence.empty())
      chip += " · " + words_(is(one, "in_force") ? "consequence" : "draftConsequence", consequence);
    const std::string name = own(*rule, "name") + (facility.empty() ? "" : " · " + facility);
    const std::string head =
        element("h3", "",
                escape(name) + " " + element("span", "muted", escape(text(one, "subject_name")))) +
        element("span", "chip chip-standing-" + escape(standing), escape(chip));
    return "<li class=\"clock\" data-standing=\"" + escape(standing) + "\">" +
           element("div", "clock-head", head) + element("p", "clock-line", line_of(one, gate)) +
           missing(one) + element("p", "muted", escape(own(*rule, "article"))) + "</li>";
  }

  std::string missing(const json::value& deadline) const {
    const auto items = missing_in_words(words_, deadline);
    return items.empty() ? "" : element("p", "clock-missing", escape(items));
  }

  std::string waiting_in_words(const json::value& counted) const {
    return words_("clocks", is(counted, "contradicts") ? "stillWaiting" : "waiting",
                  {json::serialize(part(counted, "waiting")), day(text(counted, "counted"))});
  }

  std::string line_of(const json::value& one, bool gate) const {
    const std::string standing = text(one, "status");
    const std::string due = text(one, "due");
    const auto& done = part(one, "done");
    std::string out;
    if (standing == "ok" || standing == "due_soon" || standing == "overdue")
      out += element("strong", "clock-days", escape(days_in_words(words_, part(one, "days_left"))));
    if (!gate && !due.empty())
      out += element(
          "span", "",
          escape(words_("clocks", is(one, "provisional") ? "wouldBeDue" : "due", {day(due)})));
    if (const auto on = text(done, "day"); !on.empty())
      out +=
          element("span", "",
                  escape(words_("clocks",
                                text(done, "status") == "confirmed" ? "doneOn" : "doneUnconfirmed",
                                {day(on)})));
    if (const auto& counted = part(one, "households"); counted.is_object())
      out += element("span", "", escape(waiting_in_words(counted)));
    if (is(one, "action"))
      out += element("strong", "clock-action", escape(words_("clocks", "begin")));
    if (const auto event = action_in_words(words_, one); !event.empty())
      out += element("span", "", escape(event));
    return out;
  }

  std::string findings() const {
    const auto& told = part(site_, "findings");
    if (!told.is_object()) return {};
    const auto open = number(part(told, "open"));
    const bool late = whole(part(told, "overdue")) > 0;
    const std::string said = part(told, "newest").is_null()
                                 ? words_("findingList", "none")
                                 : words_("findingList", late ? "countsOverdue" : "counts",
                                          {open, number(part(told, "overdue"))});
    return element("section", "card findings",
                   element("h2", "", escape(words_("findingList", "title"))) +
                       element("p", late ? "clock-missing" : "", escape(said)));
  }

  std::string alerts() const {
    const auto& all = list(site_, "alerts");
    if (all.empty()) return {};
    std::string rows;
    for (std::size_t n = 0; n < std::min(all.size(), most_alerts); ++n)
      rows += alert(all[n]);
    std::string out =
        element("h2", "", escape(words_("devices", "title"))) + element("ul", "alert-list", rows);
    if (const auto left_out =
            static_cast<long long>(all.size()) - static_cast<long long>(most_alerts);
        left_out > 0)
      out += element("p", "muted", escape(words_.count("first", "shortened", left_out)));
    return element("section", "card devices", out);
  }

  /// As alerts.tsx draws it, without what was measured.
  std::string alert(const json::value& one) const {
    const bool silent = text(one, "alert") == "silence";
    const std::string level = silent ? "silence" : text(one, "level");
    const std::string since = text(one, silent ? "last_heard" : "since");
    const std::string when =
        since.empty() ? words_("devices", "neverHeard")
                      : words_("devices", silent ? "lastWord" : "since", {minute(since)});
    const std::string chip =
        element("span", "chip chip-alert-" + escape(level), escape(words_("alertLevel", level)));
    return "<li class=\"alert\" data-level=\"" + escape(level) + "\">" + chip +
           element("strong", "", escape(unit_name(text(one, "device")))) +
           element("span", "",
                   escape(silent ? words_("devices", "silence")
                                 : text(one, words_.english() ? "en" : "zh"))) +
           element("span", "muted", escape(when)) + "</li>";
  }

  /// Of a device or camera.
  std::string unit_name(const std::string& id) const {
    for (const std::string_view group : {"devices", "cameras"})
      for (const json::value& one : list(site_, group))
        if (text(one, "id") == id && !text(one, "name").empty()) return text(one, "name");
    return id;
  }

  const json::value& site_;
  const Words& words_;
  Detail detail_;
  const Places& places_;
  std::string now_;
};

}  // namespace

std::string first_html(const json::value& site, const Words& words, Detail detail,
                       const Places& places) {
  return First(site, words, detail, places).all();
}

}  // namespace jieding::web
