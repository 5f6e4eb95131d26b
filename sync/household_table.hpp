#pragma once
// How many households wait, as it was counted: a projection of the ledger's `households` events.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/households.hpp"
#include "gateway/domain/time.hpp"
#include "sync/database.hpp"
#include "sync/ledger.hpp"

namespace jieding::sync {

/// One count by a person.
struct HouseholdCount {
  Households households;
  std::string by;  ///< public name
  Stamp said;
  std::string document_sha256;            ///< empty: none
  std::optional<std::uint64_t> corrects;  ///< event of the count in whose place it stands
};

struct StoredHouseholdCount {
  HouseholdCount count;
  std::uint64_t ledger_index = 0;
  std::optional<std::uint64_t> corrected_by;  ///< none: it stands
};

/// Free functions on journal, in the caller's transaction.
namespace household_table {

/// Appends the event and keeps the count; returns the event's index. Conflict: a count of this day
/// stands and is not the one that it corrects, or what it corrects does not stand.
Result<std::uint64_t> record(Database& database, Ledger& ledger, const HouseholdCount& count);
/// Oldest first, corrected ones as well.
Result<std::vector<StoredHouseholdCount>> all(Database& database);
/// Empties the table and replays every leaf.
Result<void> rebuild(Database& database);

}  // namespace household_table
}  // namespace jieding::sync
