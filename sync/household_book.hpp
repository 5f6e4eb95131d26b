#pragma once
// The store's door for counts of households.

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "sync/evidence_store.hpp"
#include "sync/household_table.hpp"
#include "sync/journal.hpp"

namespace jieding::sync {

/// Thread-bound to io; what is handed in is on the disk when the awaitable resumes. Lives in the
/// store.
class HouseholdBook {
 public:
  HouseholdBook(Journal& journal, Ledger& ledger, EvidenceStore& evidence)
      : journal_(journal), ledger_(ledger), evidence_(evidence) {}

  /// The event's index. Conflict: see household_table, or its document is not kept here.
  boost::asio::awaitable<Result<std::uint64_t>> count(HouseholdCount count);
  /// Oldest first, corrected ones as well.
  boost::asio::awaitable<Result<std::vector<StoredHouseholdCount>>> all();

 private:
  Result<std::uint64_t> record(Database& database, const HouseholdCount& count);

  Journal& journal_;
  Ledger& ledger_;
  EvidenceStore& evidence_;
};

}  // namespace jieding::sync
