#pragma once
// The ledger as files of a tiled log, straight from the database: for the page and for export.

#include <string>

#include "sync/database.hpp"
#include "sync/tlog_tiles.hpp"

namespace jieding::sync::ledger {

/// The bytes of a tile or an entry bundle, as stored. At most 256 rows are read. NotFound: the
/// ledger is not that large. Internal: rows are missing.
Result<std::string> file(Database& database, const tlog::Tile& tile);

}  // namespace jieding::sync::ledger
