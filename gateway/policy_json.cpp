#include "gateway/policy_json.hpp"

#include <boost/json/array.hpp>
#include <cmath>

#include "gateway/policy/chain.hpp"
#include "gateway/policy/deadlines.hpp"
#include "gateway/policy/forecast.hpp"

namespace jieding {
namespace {

namespace json = boost::json;

json::value day_or_null(const std::optional<SiteDay>& day) {
  return day ? json::value(to_text(*day)) : json::value(nullptr);
}

json::value number_or_null(const std::optional<int>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::object wording(const Wording& words) {
  return {{"zh", words.zh}, {"en", words.en}};
}

std::string_view form_text(RuleForm form) {
  switch (form) {
    case RuleForm::Deadline:
      return "deadline";
    case RuleForm::Date:
      return "date";
    case RuleForm::Gate:
      return "gate";
    case RuleForm::Facilities:
      return "facilities";
    case RuleForm::Households:
      return "households";
    case RuleForm::Told:
      break;
  }
  return "told";
}

policy::Dates dates_of(const config::Config& config, const AllMilestones& milestones,
                       const std::vector<Households>& households) {
  policy::Dates dates(config.project);
  for (const Households& counted : households)
    dates.count(counted);
  for (const auto& [key, milestone] : milestones)
    if (key.storey == 0)
      dates.set(key.building, key.kind, {site_day(milestone.at), milestone.status});
  return dates;
}

json::object rule_json(const Policy& policy, const Rule& rule) {
  const bool own_source = !rule.source.zh.empty();
  json::object object{{"id", rule.id},
                      {"name", wording(rule.name)},
                      {"article", wording(rule.article)},
                      {"source", wording(own_source ? rule.source : policy.source)},
                      {"in_force", rule.in_force},
                      {"form", form_text(rule.form)}};
  if (rule.form == RuleForm::Told) {
    object["why_not"] = wording(rule.why_not);
    return object;
  }
  object["force"] = rule.force == Force::Must ? "must" : "principle";
  object["anchor"] = rule.anchor.empty() ? json::value(nullptr) : json::value(rule.anchor);
  object["target"] = rule.target;
  return object;
}

/// What of the policy's answers can be said in JSON, with the names that people know.
class PolicyJson {
 public:
  PolicyJson(const config::Config& config, const policy::Dates& dates,
             const std::vector<sync::StoredAction>& actions, const Stamp& now)
      : config_(config),
        policy_(*config.policy),
        dates_(dates),
        actions_(actions),
        today_(site_day(now.at)),
        trusted_(now.quality != TimeQuality::Unsynced) {}

  json::object all() const {
    json::array rules;
    for (const Rule& rule : policy_.rules)
      rules.push_back(rule_json(policy_, rule));
    json::array deadlines;
    for (const policy::Deadline& deadline : policy::deadlines(policy_, dates_, today_))
      if (deadline.standing != policy::Standing::NotComputed)
        deadlines.push_back(deadline_json(deadline));
    json::array chains;
    for (const policy::ChainState& chain : policy::chains(policy_, dates_, today_))
      chains.push_back(chain_json(chain));
    return {{"id", policy_.id},
            {"name", wording(policy_.name)},
            {"source", wording(policy_.source)},
            {"in_force", policy_.in_force},
            {"today", trusted_ ? json::value(to_text(today_)) : json::value(nullptr)},
            {"rules", std::move(rules)},
            {"deadlines", std::move(deadlines)},
            {"chains", std::move(chains)}};
  }

 private:
  json::object deadline_json(const policy::Deadline& deadline) const {
    const Rule& rule = *deadline.rule;
    const auto standing = trusted_ ? deadline.standing : policy::Standing::Unknown;
    const bool late =
        standing == policy::Standing::Overdue || standing == policy::Standing::DoneLate;
    const bool begun = deadline.anchor && deadline.anchor->confirmed();
    json::object object{
        {"rule", rule.id},
        {"in_force", rule.in_force},
        {"subject", deadline.subject},
        {"subject_name", name_of(deadline.subject)},
        {"status", policy::to_text(standing)},
        {"anchor", reached_json(deadline.anchor)},
        {"due", day_or_null(deadline.due)},
        {"days_left", trusted_ ? number_or_null(deadline.days_left) : json::value(nullptr)},
        {"provisional", deadline.provisional()},
        {"done", reached_json(deadline.done)},
        {"missing", missing_json(deadline.missing)},
        {"consequence", !late                       ? json::value(nullptr)
                        : rule.force == Force::Must ? json::value("breach")
                                                    : json::value("warning")},
        {"action", rule.starts_action && begun && !deadline.ended()},
        {"households", waiting_json(deadline)}};
    if (rule.starts_action) object["action_event"] = action_event(rule.id, deadline.subject);
    if (!deadline.facility.empty()) {
      object["facility"] = deadline.facility;
      object["facility_name"] = facility_name(deadline.facility);
    }
    return object;
  }

  json::object chain_json(const policy::ChainState& chain) const {
    json::array steps;
    for (const policy::ChainStep& step : chain.steps)
      steps.push_back(json::object{{"rule", step.rule->id},
                                   {"from", day_or_null(step.from)},
                                   {"by", day_or_null(step.by)},
                                   {"done", step.done},
                                   {"missing", missing_json(step.missing)}});
    return {{"id", chain.chain->id},
            {"name", wording(chain.chain->name)},
            {"subject", chain.subject},
            {"subject_name", name_of(chain.subject)},
            {"limit_rule", chain.chain->limit},
            {"limit", day_or_null(chain.limit)},
            {"slack_days", trusted_ ? number_or_null(chain.slack) : json::value(nullptr)},
            {"slack_of_policy_days", number_or_null(chain.slack_of_policy)},
            {"steps", std::move(steps)},
            {"missing", missing_json(chain.missing)}};
  }

  static json::value reached_json(const std::optional<policy::Reached>& reached) {
    if (!reached) return nullptr;
    return json::object{{"day", to_text(reached->day)}, {"status", to_text(reached->status)}};
  }

  json::array missing_json(const std::vector<policy::Missing>& missing) const {
    json::array array;
    for (const policy::Missing& one : missing) {
      const MilestoneKind* kind = find_milestone_kind(one.milestone);
      array.push_back(json::object{{"subject", one.subject},
                                   {"subject_name", name_of(one.subject)},
                                   {"milestone", one.milestone},
                                   {"zh", kind ? kind->zh : ""},
                                   {"en", kind ? kind->en : ""},
                                   {"status", to_text(one.status)}});
    }
    return array;
  }

  /// What a rule waits for, as it was last counted.
  static json::value waiting_json(const policy::Deadline& deadline) {
    if (!deadline.rule->waiting || !deadline.households) return nullptr;
    return json::object{{"waiting", waiting(*deadline.households, *deadline.rule->waiting)},
                        {"counted", to_text(deadline.households->counted)},
                        {"contradicts", deadline.contradicted()}};
  }

  /// The newest event by which the record started, moved or withdrew what a rule asks to begin.
  json::value action_event(const std::string& rule, const std::string& subject) const {
    for (const sync::StoredAction& one : actions_)
      if (one.rule == rule && one.subject == subject)
        return json::object{{"stands", one.stands},
                            {"since", to_text(one.since)},
                            {"at", to_rfc3339(one.updated)},
                            {"started", one.started},
                            {"ledger_index", one.ledger_index}};
    return nullptr;
  }

  std::string name_of(const std::string& subject) const { return subject_name(config_, subject); }

  /// Where none is configured, the kind that is wanted.
  json::object facility_name(const std::string& id) const {
    for (const Facility& facility : config_.project.facilities)
      if (facility.id == id) return wording({facility.name, facility.name});
    for (const FacilityKind& kind : policy_.facility_kinds)
      if (kind.id == id) return wording(kind.name);
    return wording({id, id});
  }

  const config::Config& config_;
  const Policy& policy_;
  const policy::Dates& dates_;
  const std::vector<sync::StoredAction>& actions_;
  SiteDay today_;
  bool trusted_;
};

policy::StoreysCast storeys_of(const config::Building& building, const AllMilestones& milestones) {
  policy::StoreysCast cast;
  for (const auto& [key, milestone] : milestones) {
    const bool stands = milestone.status == Status::Candidate ||
                        milestone.status == Status::Corroborated ||
                        milestone.status == Status::Confirmed;
    if (key.building == building.id && key.kind == "storey_cast" && stands)
      cast.emplace(key.storey, site_day(milestone.at));
  }
  return cast;
}

}  // namespace

std::string subject_name(const config::Config& config, const std::string& subject) {
  if (const config::Building* building = config.building(subject)) return building->name;
  for (const Phase& phase : config.project.phases)
    if (phase.id == subject) return phase.name;
  for (const Facility& facility : config.project.facilities)
    if (facility.id == subject) return facility.name;
  return subject == config.project.id ? config.project.name : subject;
}

json::value policy_json(const config::Config& config, const PolicySources& sources,
                        const Stamp& now) {
  if (!config.policy) return nullptr;
  const policy::Dates dates = dates_of(config, sources.milestones, sources.households);
  return PolicyJson(config, dates, sources.actions, now).all();
}

json::array households_json(const config::Config& config,
                            const std::vector<Households>& households) {
  const policy::Dates dates = dates_of(config, {}, households);
  std::vector<std::string> subjects{config.project.id};
  if (config.project.phases.size() > 1)
    for (const Phase& phase : config.project.phases)
      subjects.push_back(phase.id);
  json::array array;
  for (const std::string& subject : subjects) {
    const auto counted = dates.households(subject);
    if (!counted) continue;
    array.push_back(json::object{
        {"subject", subject},
        {"subject_name", subject_name(config, subject)},
        {"counted", to_text(counted->counted)},
        {"awaiting_return", counted->awaiting_return},
        {"housed", counted->housed},
        {"awaiting_registration", counted->awaiting_registration},
        {"ledger_indices", json::array(counted->events.begin(), counted->events.end())}});
  }
  return array;
}

json::object forecast_json(const config::Building& building, const AllMilestones& milestones,
                           const Stamp& now) {
  if (now.quality == TimeQuality::Unsynced) return {{"day", nullptr}, {"why_none", "no_clock"}};
  const policy::Forecast found =
      policy::forecast(storeys_of(building, milestones), building.storeys, site_day(now.at));
  json::object object{{"milestone", "topping_out"},
                      {"day", day_or_null(found.day)},
                      {"storeys_left", found.storeys_left},
                      {"from_storeys", found.from_storeys}};
  if (found.why_none) {
    object["why_none"] = policy::to_text(*found.why_none);
    return object;
  }
  object["early"] = to_text(found.early);
  object["late"] = to_text(found.late);
  object["days_a_storey"] = std::round(found.days_a_storey * 10) / 10;
  return object;
}

}  // namespace jieding
