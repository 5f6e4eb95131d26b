#include "gateway/bulletin.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>
#include <set>

#include "gateway/programme.hpp"
#include "sync/hash.hpp"
#include "sync/verifier_key.hpp"

namespace jieding {
namespace {

namespace json = boost::json;
using Points = std::vector<sync::EstimatePoint>;

json::value day_or_null(const std::optional<SiteDay>& day) {
  return day ? json::value(to_text(*day)) : json::value(nullptr);
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

/// What the last good picture up to the end of a day showed; null: there was none.
const sync::EstimatePoint* standing(const Points& points, SiteDay day) {
  const auto seen = [&](const sync::EstimatePoint& point) {
    return point.usable && site_day(point.at) <= day;
  };
  const auto found = std::find_if(points.rbegin(), points.rend(), seen);
  return found == points.rend() ? nullptr : &*found;
}

double tenth(double storeys) {
  return std::round(storeys * 10) / 10;
}

json::value storeys_json(const sync::EstimatePoint* point) {
  return point ? json::value(tenth(point->estimate.storeys)) : json::value(nullptr);
}

/// The day on which somebody last said something of it within the days; none: nobody did.
std::optional<SiteDay> last_word(const milestones::Milestone& milestone, const Days& days) {
  std::optional<SiteDay> last;
  for (const auto& statement : milestone.statements)
    if (days.hold(site_day(statement.said.at))) last = site_day(statement.said.at);
  return last;
}

class Bulletin {
 public:
  Bulletin(const config::Config& config, const AllMilestones& milestones,
           const BulletinSources& sources, const Days& days, const Stamp& now)
      : config_(config), milestones_(milestones), sources_(sources), days_(days), now_(now) {}

  json::object all() const {
    const bool trusted = now_.quality != TimeQuality::Unsynced;
    const json::value policy =
        policy_json(config_, {milestones_, sources_.households, sources_.actions}, now_);
    json::object bulletin{
        {"site", json::object{{"id", config_.site.id}, {"gateway", config_.site.gateway}}},
        {"project", json::object{{"id", config_.project.id}, {"name", config_.project.name}}},
        {"period", json::object{{"from", to_text(days_.from)}, {"to", to_text(days_.to)}}},
        {"made", to_rfc3339(now_.at)},
        {"clock_trusted", trusted},
        {"phases", phases_json()},
        {"milestones", milestones_json()},
        {"households", households_json(config_, sources_.households)},
        {"findings", findings_json()},
        {"alerts", alerts_json()},
        {"ledger", ledger_json()}};
    add_policy(policy, bulletin);
    return bulletin;
  }

 private:
  json::array phases_json() const {
    json::array phases;
    for (const Phase& phase : config_.project.phases) {
      json::array buildings;
      for (const std::string& id : phase.buildings)
        if (const config::Building* building = config_.building(id))
          buildings.push_back(building_json(*building));
      phases.push_back(json::object{
          {"id", phase.id}, {"name", phase.name}, {"buildings", std::move(buildings)}});
    }
    return phases;
  }

  json::object building_json(const config::Building& building) const {
    static const Points none;
    const auto history = sources_.histories.find(building.id);
    const Points& points = history == sources_.histories.end() ? none : history->second;
    const auto* before = standing(points, days_.from - std::chrono::days{1});
    const auto* after = standing(points, days_.to);
    json::object object{
        {"id", building.id},
        {"name", building.name},
        {"storeys_planned", building.storeys},
        {"storeys_before", storeys_json(before)},
        {"storeys", storeys_json(after)},
        {"seen", after ? json::value(to_rfc3339(after->at)) : json::value(nullptr)},
        {"stage", after ? json::value(to_text(after->estimate.stage)) : json::value(nullptr)},
        {"plan", plan_json(building.plan)},
        {"against_plan", plan_standing_json(against_plan(building, points))},
        {"forecast", forecast_json(building, milestones_, now_)}};
    object["change"] =
        before && after
            ? json::value(tenth(tenth(after->estimate.storeys) - tenth(before->estimate.storeys)))
            : json::value(nullptr);
    return object;
  }

  /// As the building stood at the end of these days.
  std::optional<PlanStanding> against_plan(const config::Building& building,
                                           const Points& points) const {
    const auto topped = milestones_.find(MilestoneKey{building.id, "topping_out", 0});
    if (topped != milestones_.end() && topped->second.status != Status::Withdrawn &&
        site_day(topped->second.at) <= days_.to)
      return plan_standing_at_the_end(building, topped->second.at);
    const auto cast = [](const sync::EstimatePoint& point) {
      return static_cast<int>(std::lround(point.estimate.storeys));
    };
    const auto* last = standing(points, days_.to);
    if (last == nullptr) return std::nullopt;
    if (cast(*last) < building.storeys) return plan_standing(building, cast(*last), last->at);
    const auto first = std::find_if(points.begin(), points.end(), [&](const auto& point) {
      return cast(point) >= building.storeys;
    });
    return plan_standing_at_the_end(building, first->at);
  }

  /// Those that were reached in these days, or of which somebody said something.
  json::array milestones_json() const {
    json::array array;
    for (const auto& [key, milestone] : milestones_) {
      const auto word = last_word(milestone, days_);
      const bool reached =
          milestone.status != Status::Withdrawn && days_.hold(site_day(milestone.at));
      if (milestone.statements.empty() || (!word && !reached)) continue;
      array.push_back(milestone_json(milestone, word));
    }
    return array;
  }

  json::object milestone_json(const milestones::Milestone& milestone,
                              const std::optional<SiteDay>& word) const {
    const MilestoneKind* kind = find_milestone_kind(milestone.key.kind);
    std::set<Owner> spoke;
    for (const auto& statement : milestone.statements)
      spoke.insert(statement.owner);
    json::array owners;
    for (const Owner owner : spoke)
      owners.emplace_back(to_text(owner));
    return {{"subject", milestone.key.building},
            {"subject_name", subject_name(config_, milestone.key.building)},
            {"milestone", milestone.key.kind},
            {"storey", milestone.key.storey},
            {"zh", kind ? kind->zh : ""},
            {"en", kind ? kind->en : ""},
            {"status", to_text(milestone.status)},
            {"day", to_text(site_day(milestone.at))},
            {"last_word", day_or_null(word)},
            {"owners", std::move(owners)},
            {"ledger_index", milestone.statements.back().ledger_index}};
  }

  json::object findings_json() const {
    std::int64_t raised = 0;
    std::int64_t closed = 0;
    std::int64_t open = 0;
    std::int64_t overdue = 0;
    json::array list;
    for (const sync::StoredFinding& stored : sources_.findings) {
      const auto ended = closed_on(stored);
      const bool new_one = days_.hold(site_day(stored.finding.raised));
      const bool ended_now = ended && days_.hold(*ended);
      const bool late = findings::overdue(stored.finding, site_day(now_.at));
      raised += new_one ? 1 : 0;
      closed += ended_now ? 1 : 0;
      open += ended ? 0 : 1;
      overdue += late ? 1 : 0;
      if (new_one || ended_now || !ended) list.push_back(finding_json(stored, ended, late));
    }
    return {{"raised", raised},
            {"closed", closed},
            {"open", open},
            {"overdue", overdue},
            {"list", std::move(list)}};
  }

  static std::optional<SiteDay> closed_on(const sync::StoredFinding& stored) {
    const bool closed = stored.finding.status == FindingStatus::Closed;
    return closed ? std::optional(site_day(stored.steps.back().step.said.at)) : std::nullopt;
  }

  json::object finding_json(const sync::StoredFinding& stored, const std::optional<SiteDay>& ended,
                            bool late) const {
    const findings::Finding& finding = stored.finding;
    const std::string& building = finding.place.building;
    return {
        {"finding", stored.id},
        {"kind", to_text(finding.kind)},
        {"building", text_or_null(building)},
        {"building_name", text_or_null(building.empty() ? "" : subject_name(config_, building))},
        {"storey", finding.place.storey},
        {"status", to_text(finding.status)},
        {"raised", to_text(site_day(finding.raised))},
        {"closed", day_or_null(ended)},
        {"due", day_or_null(finding.due)},
        {"overdue", late}};
  }

  json::array alerts_json() const {
    json::array array;
    for (const sync::OpenAlert& alert : sources_.alerts)
      array.push_back(alert_json(alert, true));
    for (const sync::OpenAlert& alert : sources_.past_alerts)
      if (days_.hold(site_day(alert.raised))) array.push_back(alert_json(alert, false));
    return array;
  }

  json::object alert_json(const sync::OpenAlert& alert, bool stands) const {
    json::object object = alert.says;
    object.erase("act");
    object["device_name"] = device_name(alert.key.device);
    object["raised"] = to_rfc3339(alert.raised);
    object["ledger_index"] = alert.ledger_index;
    object["stands"] = stands;
    return object;
  }

  std::string device_name(const std::string& id) const {
    for (const config::Device& device : config_.devices)
      if (device.id == id) return device.name;
    for (const config::Camera& camera : config_.cameras)
      if (camera.id == id) return camera.name;
    return id;
  }

  /// So that the sheet can be held against any other copy of the record.
  json::object ledger_json() const {
    const auto key = sync::parse_vkey(sources_.vkey);
    return {{"size", sources_.checkpoint.size},
            {"root", sync::to_hex(sources_.checkpoint.root)},
            {"key", sources_.vkey},
            {"fingerprint", key ? json::value(key->fingerprint()) : json::value(nullptr)}};
  }

  static void add_policy(const json::value& policy, json::object& bulletin) {
    const json::object* found = policy.if_object();
    for (const std::string_view part : {"deadlines", "chains"})
      bulletin[part] = found ? found->at(part) : json::value(nullptr);
    bulletin["policy"] = found ? json::value{{"name", found->at("name")},
                                             {"source", found->at("source")},
                                             {"in_force", found->at("in_force")}}
                               : json::value(nullptr);
    if (!found) return;
    // A sheet of paper has nothing to look an article up in.
    for (json::value& deadline : bulletin["deadlines"].as_array())
      for (const json::value& rule : found->at("rules").as_array())
        if (rule.at("id") == deadline.at("rule"))
          for (const std::string_view part : {"name", "article", "source", "form"})
            deadline.as_object()[part] = rule.at(part);
  }

  const config::Config& config_;
  const AllMilestones& milestones_;
  const BulletinSources& sources_;
  const Days& days_;
  const Stamp& now_;
};

/// The same day a month before, or the last of a shorter month.
SiteDay month_before(SiteDay day) {
  const std::chrono::year_month_day date(day);
  const auto month = std::chrono::year_month(date.year(), date.month()) - std::chrono::months{1};
  const SiteDay last =
      std::chrono::year_month_day_last(month.year(), std::chrono::month_day_last(month.month()));
  return std::min(SiteDay(month / std::chrono::day{1}) +
                      std::chrono::days{static_cast<unsigned>(date.day()) - 1},
                  last);
}

}  // namespace

Result<Days> bulletin_days(const web::BulletinPeriod& period, SiteDay today) {
  switch (period.span) {
    case web::BulletinSpan::Week:
      return Days{today - std::chrono::days{6}, today};
    case web::BulletinSpan::Month:
      return Days{month_before(today) + std::chrono::days{1}, today};
    case web::BulletinSpan::Named:
      break;
  }
  if (period.named.to > today)
    return Error{Fault::Invalid, "the period ends on " + to_text(period.named.to) +
                                     ", which has not come yet; name days up to " + to_text(today)};
  return period.named;
}

json::value bulletin_json(const config::Config& config, const AllMilestones& milestones,
                          const BulletinSources& sources, const Days& days, const Stamp& now) {
  return Bulletin(config, milestones, sources, days, now).all();
}

}  // namespace jieding
