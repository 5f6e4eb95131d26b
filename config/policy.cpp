// The file of a city's policy: [policy] [[facility_kind]] [[rule]] [[chain]]

#include <algorithm>
#include <array>

#include "config/sections.hpp"
#include "config/toml_file.hpp"
#include "config/words.hpp"

namespace jieding::config {
namespace {

constexpr std::array<std::string_view, 6> form_words{"deadline",   "date",       "gate",
                                                     "facilities", "households", "told"};
constexpr std::array<RuleForm, 6> forms{RuleForm::Deadline,   RuleForm::Date,       RuleForm::Gate,
                                        RuleForm::Facilities, RuleForm::Households, RuleForm::Told};
constexpr std::array<std::string_view, 2> waiting_words{"awaiting_return", "awaiting_registration"};
constexpr std::array<Waiting, 2> waitings{Waiting::Return, Waiting::Registration};
constexpr std::array<std::string_view, 2> force_words{"principle", "must"};
constexpr std::array<Force, 2> forces{Force::Principle, Force::Must};
constexpr std::array<std::string_view, 3> scope_words{"building", "phase", "project"};
constexpr std::array<Scope, 3> scopes{Scope::Building, Scope::Phase, Scope::Project};
constexpr std::array<std::string_view, 2> siting_words{"in_place", "new_site"};
constexpr std::array<Siting, 2> sitings{Siting::InPlace, Siting::NewSite};
constexpr Range<int> any_warning{0, 3660};  ///< days
constexpr std::size_t most_rules = 200;

bool is_rule_id(std::string_view text) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
  return text.size() <= 16 && text.find_first_not_of(allowed) == std::string_view::npos;
}

/// `article` reads `article_zh` and `article_en`; an empty name `zh` and `en`.
void read_wording(Table& table, const std::string& name, Wording& into, bool required) {
  const std::string zh = name.empty() ? "zh" : name + "_zh";
  const std::string en = name.empty() ? "en" : name + "_en";
  if (required) {
    table.must_have(zh, "\"...\"");
    table.must_have(en, "\"...\"");
  }
  table.text(zh, into.zh);
  table.text(en, into.en);
}

void read_milestone(Table& table, std::string_view key, std::string& into) {
  table.must_have(key, "the id of a milestone, such as \"construction_start\"");
  if (!table.text(key, into) || find_milestone_kind(into) != nullptr) return;
  std::vector<std::string_view> ids;
  for (const MilestoneKind& kind : milestone_kinds())
    ids.push_back(kind.id);
  const auto meant = nearest(into, ids);
  table.complain(key,
                 meant.empty()
                     ? "there is no such milestone; write an id such as \"topping_out\""
                     : "there is no such milestone; did you mean \"" + std::string(meant) + "\"?");
}

void read_period(Table& table, Term& into) {
  table.must_have("period", "\"3y\", \"6mo\" or \"15d\"");
  std::string text;
  if (!table.text("period", text)) return;
  if (const auto period = period_from_text(text))
    into = *period;
  else
    table.complain("period",
                   "wrong value; write years, months or days, such as \"3y\", \"6mo\", "
                   "\"15d\"");
}

void read_condition(Table& rule, Rule& into) {
  auto table = rule.table("when");
  if (!table) return;
  RuleCondition condition;
  read_milestone(*table, "milestone", condition.milestone);
  table->must_have("before", "\"2020-01-01\"");
  table->day("before", condition.before);
  table->refuse_unknown();
  into.when = condition;
}

void read_facilities(Table& table, const Policy& policy, Rule& rule) {
  table.must_have("facilities", "[\"road\"]");
  if (!table.text_list("facilities", rule.facilities)) return;
  if (rule.facilities.empty()) table.complain("facilities", "names none; name some");
  for (const std::string& id : rule.facilities)
    if (std::none_of(policy.facility_kinds.begin(), policy.facility_kinds.end(),
                     [&](const FacilityKind& kind) { return kind.id == id; }))
      table.complain("facilities", "no [[facility_kind]] has the id \"" + id + "\"; add one");
}

/// Which keys a rule needs hangs on its form; a key of another form is then an unknown one.
void read_form(Table& table, const Policy& policy, Rule& rule) {
  if (rule.form == RuleForm::Told) {
    read_wording(table, "why_not", rule.why_not, true);
    return;
  }
  table.must_have("force", "\"principle\" or \"must\"");
  if (const auto force = table.choice("force", force_words)) rule.force = forces[*force];
  read_milestone(table, "target", rule.target);
  read_condition(table, rule);
  table.integer("due_soon_days", rule.due_soon_days, any_warning);
  if (rule.form == RuleForm::Deadline || rule.form == RuleForm::Gate)
    read_milestone(table, "anchor", rule.anchor);
  if (rule.form == RuleForm::Deadline) {
    read_period(table, rule.period);
    table.boolean("starts_action", rule.starts_action);
  }
  if (rule.form == RuleForm::Date) {
    table.must_have("due", "\"2024-12-31\"");
    table.day("due", rule.due);
  }
  if (rule.form == RuleForm::Facilities) {
    read_facilities(table, policy, rule);
    if (table.has("latest")) read_milestone(table, "latest", rule.latest);
  }
  if (rule.form == RuleForm::Households) table.must_have("waiting", "\"awaiting_registration\"");
  if (rule.form == RuleForm::Households || rule.form == RuleForm::Date ||
      rule.form == RuleForm::Deadline) {
    if (const auto waiting = table.choice("waiting", waiting_words))
      rule.waiting = waitings[*waiting];
  }
}

void read_rule(Table& table, int due_soon_days, Policy& policy) {
  Rule rule;
  rule.due_soon_days = due_soon_days;
  rule.in_force = policy.in_force;
  table.must_have("id", "\"...\", such as \"R7\"");
  if (table.text("id", rule.id)) {
    if (!is_rule_id(rule.id))
      table.complain("id", "wrong value; write 1 to 16 letters, digits and -, such as \"R7\"");
    else if (policy.rule(rule.id) != nullptr)
      table.complain("id", "another [[rule]] has this id; choose another one");
  }
  read_wording(table, "", rule.name, true);
  read_wording(table, "article", rule.article, true);
  read_wording(table, "source", rule.source, false);
  table.boolean("in_force", rule.in_force);
  table.must_have("scope", "\"phase\"");
  if (const auto scope = table.choice("scope", scope_words)) rule.scope = scopes[*scope];
  if (const auto siting = table.choice("siting", siting_words)) rule.siting = sitings[*siting];
  table.must_have("form", "\"deadline\"");
  if (const auto form = table.choice("form", form_words)) {
    rule.form = forms[*form];
    read_form(table, policy, rule);
    table.refuse_unknown();
  }
  policy.rules.push_back(std::move(rule));
}

const Rule* deadline_rule(Table& table, std::string_view key, const Policy& policy,
                          const std::string& id) {
  const Rule* rule = policy.rule(id);
  if (rule != nullptr && rule->form == RuleForm::Deadline) return rule;
  table.complain(key, "no [[rule]] of form \"deadline\" has the id \"" + id + "\"; write one's id");
  return nullptr;
}

void read_chain(Table& table, Policy& policy) {
  Chain chain;
  table.must_have("id", "\"...\"");
  table.id("id", chain.id);
  read_wording(table, "", chain.name, true);
  table.must_have("limit", "the id of a rule, such as \"R3\"");
  if (table.text("limit", chain.limit)) deadline_rule(table, "limit", policy, chain.limit);
  table.must_have("rules", "the ids of rules, such as [\"R5\", \"R7\"]");
  if (table.text_list("rules", chain.rules)) {
    if (chain.rules.empty()) table.complain("rules", "names none; name some");
    const Rule* before = nullptr;
    for (const std::string& id : chain.rules) {
      const Rule* rule = deadline_rule(table, "rules", policy, id);
      if (before != nullptr && rule != nullptr && before->target != rule->anchor)
        table.complain("rules", id + " does not begin with " + before->target +
                                    ", with which the one before it ends; put them in order");
      before = rule;
    }
  }
  table.refuse_unknown();
  policy.chains.push_back(std::move(chain));
}

void read_head(Table& root, Policy& policy, int& due_soon_days) {
  if (!root.has("policy")) {
    root.must_have("policy", "{ id = \"...\" }, as a section: [policy]");
    return;
  }
  auto table = root.table("policy");
  if (!table) return;
  table->must_have("id", "\"...\"");
  table->id("id", policy.id);
  read_wording(*table, "", policy.name, true);
  read_wording(*table, "source", policy.source, true);
  table->boolean("in_force", policy.in_force);
  table->integer("due_soon_days", due_soon_days, any_warning);
  table->boolean("roll_over_holidays", policy.roll_over_holidays);
  std::vector<std::string> holidays;
  if (table->text_list("holidays", holidays))
    for (const std::string& text : holidays) {
      if (const auto day = day_from_text(text))
        policy.holidays.insert(*day);
      else
        table->complain("holidays", day.error().text());
    }
  if (policy.roll_over_holidays && policy.holidays.empty())
    table->complain("roll_over_holidays", "needs holidays = [\"2026-10-01\"]; name them");
  table->refuse_unknown();
}

Policy read(Table& root) {
  Policy policy;
  int due_soon_days = 90;
  read_head(root, policy, due_soon_days);
  for (auto& table : root.tables("facility_kind")) {
    FacilityKind kind;
    table.must_have("id", "\"...\"");
    table.id("id", kind.id);
    read_wording(table, "", kind.name, true);
    table.refuse_unknown();
    policy.facility_kinds.push_back(std::move(kind));
  }
  for (auto& table : root.tables("rule")) {
    if (policy.rules.size() == most_rules) {
      root.complain("rule", "are more than 200; remove some");
      break;
    }
    read_rule(table, due_soon_days, policy);
  }
  for (auto& table : root.tables("chain"))
    read_chain(table, policy);
  root.refuse_unknown();
  return policy;
}

/// A facility of a kind that no rule asks for would be watched by nobody.
void know_every_facility(const Config& config, Complaints& complaints) {
  for (const Facility& facility : config.project.facilities)
    if (std::none_of(config.policy->facility_kinds.begin(), config.policy->facility_kinds.end(),
                     [&](const FacilityKind& kind) { return kind.id == facility.kind; }))
      complaints.push_back(config.file.string() + ": facility." + facility.id +
                           ".kind: the policy has no [[facility_kind]] \"" + facility.kind +
                           "\"; write one that it has");
}

}  // namespace

void read_policy(Config& config, Complaints& complaints) {
  if (config.policy_file.empty()) return;
  const auto text = read_file(config.policy_file);
  if (!text) {
    complaints.push_back(text.error().text());
    return;
  }
  Notes notes(config.policy_file.string());
  if (const auto parsed = parse(*text, notes)) {
    const Folders folders{config.policy_file.parent_path(), {}, {}};
    Table root(*parsed, "", folders, notes);
    config.policy = read(root);
  }
  if (notes.empty()) return know_every_facility(config, complaints);
  const auto found = notes.complaints();
  complaints.insert(complaints.end(), found.begin(), found.end());
}

}  // namespace jieding::config
