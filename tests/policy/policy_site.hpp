#pragma once
// A project of two phases and the policy of three years and one, for the laws of gateway/policy.

#include "gateway/policy/dates.hpp"

namespace jieding::policy {

inline SiteDay on(std::string_view text) {
  return day_from_text(text).value();
}

inline Project two_phases() {
  Project project;
  project.id = "estate";
  project.phases = {{"p1", "一期", {"b1", "b2"}}, {"p2", "二期", {"b3"}}};
  return project;
}

inline Rule deadline_rule(std::string id, std::string anchor, Term period, std::string target) {
  Rule rule;
  rule.id = std::move(id);
  rule.form = RuleForm::Deadline;
  rule.anchor = std::move(anchor);
  rule.period = period;
  rule.target = std::move(target);
  return rule;
}

}  // namespace jieding::policy
