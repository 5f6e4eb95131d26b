#include "gateway/policy/actions.hpp"

namespace jieding::policy {

std::vector<Action> actions(const Policy& policy, const Dates& dates) {
  std::vector<Action> found;
  for (const Deadline& one : deadlines(policy, dates, SiteDay{})) {
    const bool begun = one.rule->starts_action && one.anchor && one.anchor->confirmed();
    if (begun) found.push_back({one.rule, one.subject, one.anchor->day, *one.due});
  }
  return found;
}

}  // namespace jieding::policy
