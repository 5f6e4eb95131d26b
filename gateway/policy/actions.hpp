#pragma once
// What a milestone that people confirmed sets going by itself.

#include "gateway/policy/deadlines.hpp"

namespace jieding::policy {

/// What a rule with `starts_action` wants to begin, for one building, phase or project.
struct Action {
  const Rule* rule = nullptr;
  std::string subject;
  SiteDay since;  ///< confirmed day of the rule's anchor
  SiteDay due;    ///< last day by which `target` is to be reached
};

/// All that confirmed days set going. `dates` needs the anchors and what the rules' conditions
/// name.
std::vector<Action> actions(const Policy& policy, const Dates& dates);

}  // namespace jieding::policy
