#include "gateway/web/building_words.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>

#include "gateway/domain/calendar.hpp"
#include "gateway/web/json_parts.hpp"
#include "gateway/web/written_dates.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;

/// As sure as this the box names one figure.
constexpr double sure = 0.95;

long long rounded(const json::value& value) {
  return std::llround(real(value));
}

bool is_sure(const json::value& estimate) {
  return rounded(part(estimate, "storeys_low")) == rounded(part(estimate, "storeys_high")) ||
         (!is(estimate, "cameras_disagree") && real(part(estimate, "confidence")) >= sure);
}

/// Nobody sees a roof that is out of the picture: whether it stands is reckoned from the pace.
bool topped_out_reckoned(const json::value& building, const json::value& estimate) {
  if (rounded(part(estimate, "storeys_low")) >= whole(part(building, "storeys_planned")))
    return false;
  return std::ranges::any_of(list(estimate, "cameras"), [](const json::value& word) {
    return !part(part(word, "grounds"), "by_pace").is_null();
  });
}

/// "；按现在的速度约 8月20日结顶"; the year is named where it is not the picture's.
std::string forecast(const Words& words, const json::value& building) {
  const std::string iso = text(part(building, "forecast"), "day");
  const auto day = day_from_text(iso);
  if (!day) return {};
  const bool same_year = text(part(building, "estimate"), "at").substr(0, 4) == iso.substr(0, 4);
  const auto written =
      same_year ? written_short_day(*day, words.english()) : written_day(*day, words.english());
  return words("sentence", "forecast", {written});
}

}  // namespace

std::string building_name(const json::value& building) {
  const std::string name = text(building, "name");
  return name.empty() ? text(building, "id") : name;
}

bool topped_out_confirmed(const json::value& building) {
  return std::ranges::any_of(list(building, "milestones"), [](const json::value& one) {
    return text(one, "milestone") == "topping_out" && text(one, "status") == "confirmed";
  });
}

std::string cast_storeys(const Words& words, const json::value& estimate) {
  if (is_sure(estimate)) return std::to_string(rounded(part(estimate, "storeys")));
  return words("page", "range",
               {std::to_string(rounded(part(estimate, "storeys_low"))),
                std::to_string(rounded(part(estimate, "storeys_high")))});
}

std::string how_sure(const Words& words, const json::value& estimate) {
  if (is_sure(estimate)) return words("building", "sure");
  return words("building", "between",
               {std::to_string(rounded(part(estimate, "storeys_low"))),
                std::to_string(rounded(part(estimate, "storeys_high")))});
}

std::pair<std::string, std::string> sentence_parts(const Words& words,
                                                   const json::value& building) {
  const auto& estimate = part(building, "estimate");
  const std::string name = building_name(building) + words("page", "colon");
  if (!estimate.is_object()) return {name, words("sentence", "none")};
  const std::string stage = text(estimate, "stage");
  const auto planned = std::to_string(whole(part(building, "storeys_planned")));
  if (stage.empty()) return {name, words("sentence", "unknown")};
  if (stage == "superstructure")
    return {name, words("sentence", stage, {cast_storeys(words, estimate), planned}) +
                      forecast(words, building)};
  if (stage == "topped_out" && topped_out_confirmed(building))
    return {name, words("sentence", "topped_out_confirmed", {planned})};
  if (stage == "topped_out" && topped_out_reckoned(building, estimate))
    return {name, words("sentence", "topped_out_reckoned", {planned})};
  return {name, words("sentence", stage, {planned})};
}

std::string milestone_name(const Words& words, const json::value& milestone) {
  if (text(milestone, "milestone") == "storey_cast")
    return words("milestones", "storeyCast", {std::to_string(whole(part(milestone, "storey")))});
  std::string name = text(milestone, words.english() ? "en" : "zh");
  if (name.empty()) name = text(milestone, "milestone");
  if (words.english() && !name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] -= 'a' - 'A';
  return name;
}

std::string days_in_words(const Words& words, const json::value& days) {
  if (days.is_null()) return {};
  const auto count = whole(days);
  if (count == 0) return words("clocks", "lastDay");
  return count > 0 ? words.count("clocks", "daysLeft", count)
                   : words.count("clocks", "daysLate", -count);
}

std::string missing_in_words(const Words& words, const json::value& deadline) {
  const std::string_view language = words.english() ? "en" : "zh";
  const std::string facility = text(deadline, "facility");
  std::string items;
  for (const json::value& one : list(deadline, "missing")) {
    const std::string subject = text(one, "subject_name");
    const std::string status = text(one, "status");
    const bool unconfirmed = !status.empty() && status != "none";
    if (!items.empty()) items += words("page", "comma");
    items += !facility.empty() && subject == facility
                 ? words("clocks", "noFacility", {text(part(deadline, "facility_name"), language)})
                 : words("clocks", unconfirmed ? "missingConfirmation" : "missingDate",
                         {subject, text(one, language)});
  }
  return items.empty() ? items : words("clocks", "missing", {items});
}

std::string action_in_words(const Words& words, const json::value& deadline) {
  const json::value& event = part(deadline, "action_event");
  if (!event.is_object()) return "";
  const bool stands = is(event, "stands");
  const auto entry = whole(part(event, stands ? "started" : "ledger_index"));
  return words("clocks", stands ? "setGoing" : "takenBack", {std::to_string(entry)});
}

std::string slack_in_words(const Words& words, const json::value& days) {
  if (days.is_null()) return words("clocks", "noChain");
  const auto count = whole(days);
  if (count == 0) return words("clocks", "noSlack");
  return count > 0 ? words.count("clocks", "slack", count)
                   : words.count("clocks", "overrun", -count);
}

std::string written_age(const Words& words, std::chrono::milliseconds age) {
  const auto seconds = std::chrono::round<std::chrono::seconds>(age).count();
  if (seconds < -60) return words("ago", "ahead");
  if (seconds < 5) return words("ago", "now");
  if (seconds < 60) return words.count("ago", "seconds", seconds);
  if (seconds < 3600) return words.count("ago", "minutes", seconds / 60);
  if (seconds < 48 * 3600) return words.count("ago", "hours", seconds / 3600);
  return words.count("ago", "days", seconds / 86400);
}

}  // namespace jieding::web
