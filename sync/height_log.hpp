#pragma once
// Which heights the witnesses of buildings reached. Written with the readings that tell them.

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gateway/domain/height_witness.hpp"
#include "gateway/domain/reading.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

/// Device and quantity of each witness.
using WatchedHeights = std::set<std::pair<std::string, std::string>>;

/// Free functions on journal, in the caller's transaction.
namespace height_log {

/// Counts those readings of a batch that tell a watched height; the same instant again counts once.
Result<void> note(Database& database, const WatchedHeights& watched, const Batch& batch);
Result<std::vector<HeightLevel>> levels(Database& database, const std::string& device,
                                        const std::string& quantity);

}  // namespace height_log
}  // namespace jieding::sync
