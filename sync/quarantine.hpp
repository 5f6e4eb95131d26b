#pragma once

#include <string>
#include <vector>

#include "gateway/domain/time.hpp"
#include "gateway/runtime/intake.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

struct RefusalCount {
  std::string device;  ///< empty: not known
  std::string reason;
  std::int64_t count = 0;
};

struct Quarantined {
  Instant at;
  Refusal refusal;
};

/// Refused bytes, the newest `max_rows`; counts survive the trimming. Free functions on journal.
namespace quarantine {

Result<void> put(Database& database, const Refusal& refusal, Instant at, std::int64_t max_rows);
Result<std::vector<RefusalCount>> counts(Database& database);
/// Newest first.
Result<std::vector<Quarantined>> newest(Database& database, std::size_t count);

}  // namespace quarantine
}  // namespace jieding::sync
