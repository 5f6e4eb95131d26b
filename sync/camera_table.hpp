#pragma once
// Where cameras look, as it was set up on the page: a projection of the ledger's `camera` events.

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sync/database.hpp"
#include "sync/ledger.hpp"

namespace jieding::sync {

/// One change by a person.
struct CameraChange {
  std::string camera;
  std::string by;  ///< public name
  Stamp said;
  /// `facades` and `masks`, as in leaf.schema.json; none: what the file says holds again.
  std::optional<boost::json::object> setup;
};

struct StoredCameraSetup {
  std::string camera;
  std::uint64_t index = 0;  ///< of its event
  Instant at;
  boost::json::object setup;
};

/// Free functions on journal, in the caller's transaction.
namespace camera_table {

/// Appends the event and keeps the setup; returns the event's index.
Result<std::uint64_t> record(Database& database, Ledger& ledger, const CameraChange& change);
Result<std::vector<StoredCameraSetup>> all(Database& database);
/// Empties the table and replays every leaf.
Result<void> rebuild(Database& database);

}  // namespace camera_table
}  // namespace jieding::sync
