#pragma once
// Milestones and statements as tables: a projection of the ledger that can be rebuilt from it.

#include <cstdint>
#include <optional>
#include <vector>

#include "gateway/milestones/rules.hpp"
#include "sync/ledger.hpp"

namespace jieding::sync {

/// What became of one statement.
struct Recorded {
  milestones::Decision decision;
  std::uint64_t index = 0;  ///< of the ledger event that holds it
  bool changed = false;  ///< false: the same source had said the same before; nothing was written
};

/// A milestone with where it stands in the ledger.
struct StoredMilestone {
  milestones::Milestone milestone;  ///< statements oldest first
  Instant updated;                  ///< when the last statement was made
  std::uint64_t ledger_index = 0;   ///< of the last statement
};

/// What the rules say to a statement, before anything is written.
struct Judged {
  milestones::Decision decision;
  std::optional<std::uint64_t> said_before;  ///< event in which the same source said the same
};

/// Free functions on journal, in the caller's transaction.
namespace milestone_table {

/// Reads only. Errors of milestones::decide pass through.
Result<Judged> judge(Database& database, const milestones::Statement& statement,
                     const milestones::Terms& terms);
/// Appends the ledger event of a judged statement and applies it to the tables.
Result<Recorded> write(Database& database, Ledger& ledger, const milestones::Statement& statement,
                       const Judged& judged);
Result<std::vector<StoredMilestone>> load_all(Database& database);
/// Status None and no statements when nothing was said yet.
Result<StoredMilestone> load(Database& database, const MilestoneKey& key);
/// Empties the tables and replays every leaf.
Result<void> rebuild(Database& database);

}  // namespace milestone_table
}  // namespace jieding::sync
