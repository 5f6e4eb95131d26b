#pragma once
// Findings and their steps as tables: a projection of the ledger that can be rebuilt from it.

#include <cstdint>
#include <optional>
#include <vector>

#include "gateway/milestones/finding_rules.hpp"
#include "sync/ledger.hpp"

namespace jieding::sync {

/// What somebody does about a finding.
struct FindingWord {
  std::uint64_t finding = 0;                ///< unused when it is raised
  FindingKind kind = FindingKind::Quality;  ///< when it is raised
  FindingPlace place;                       ///< when it is raised
  findings::Step step;
};

/// What became of it.
struct FindingRecorded {
  std::uint64_t finding = 0;  ///< the event that raised it names it
  std::uint64_t index = 0;    ///< of the event that holds this step
  findings::Decision decision;
};

struct StoredStep {
  findings::Step step;
  findings::Decision decision;
  std::uint64_t index = 0;
};

struct StoredFinding {
  std::uint64_t id = 0;
  findings::Finding finding;
  std::vector<StoredStep> steps;  ///< oldest first
};

/// What stands now, for a mirror.
struct FindingsNow {
  std::vector<findings::Finding> open;  ///< all that are not closed
  std::optional<std::uint64_t> newest;  ///< event of the last step of any finding; none: no finding
};

/// Free functions on journal, in the caller's transaction.
namespace finding_table {

/// More than these wait for nobody: whoever raises another is told to have some closed first.
inline constexpr std::int64_t most_open = 500;

/// Decides, appends the event and applies it. Errors of findings::decide pass through; NotFound: no
/// such finding; TooMuch: too many are open.
Result<FindingRecorded> record(Database& database, Ledger& ledger, const FindingWord& word,
                               int due_days);
/// NotFound: no such finding.
Result<StoredFinding> load(Database& database, std::uint64_t id);
/// What is not closed first, then what was touched last, at most `count`.
Result<std::vector<StoredFinding>> newest(Database& database, std::size_t count);
Result<FindingsNow> now(Database& database);
/// Empties the tables and replays every leaf.
Result<void> rebuild(Database& database);

}  // namespace finding_table
}  // namespace jieding::sync
