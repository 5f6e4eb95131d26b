#pragma once
// What confirmed milestones set going by the policy, as events of the ledger: a projection that can
// be rebuilt from it.

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/domain/milestone.hpp"
#include "gateway/domain/policy.hpp"
#include "sync/ledger.hpp"

namespace jieding::sync {

/// One rule's action for one building, phase or project, as its newest event says.
struct StoredAction {
  std::string rule;
  std::string subject;
  std::string action;  ///< milestone that has to be brought about: `return_preparation`
  SiteDay since;       ///< confirmed day of what set it going
  SiteDay due;
  bool stands = true;  ///< false: what set it going is confirmed no longer
  std::uint64_t started = 0;
  Instant updated;
  std::uint64_t ledger_index = 0;  ///< of its newest event
};

/// Free functions on journal, in the caller's transaction.
namespace action_table {

/// Whether what is said of this milestone may start, move or withdraw an action.
bool bears_on_actions(const Policy& policy, const MilestoneKey& milestone);
/// Holds the milestone tables against the actions that the record has, and appends one event for
/// each that begins, moves or stands no longer. The number of events; 0 when called again.
Result<std::size_t> follow(Database& database, Ledger& ledger, const Policy& policy,
                           const Project& project, const Stamp& at);
Result<std::vector<StoredAction>> all(Database& database);
/// Empties the table and replays every leaf.
Result<void> rebuild(Database& database);

}  // namespace action_table
}  // namespace jieding::sync
