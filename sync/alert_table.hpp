#pragma once
// What is raised now: a device that is silent, a limit that is passed. Raising and clearing are
// ledger events, each written once, however often it is asked for and whatever restarts between.

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "sync/ledger.hpp"

namespace jieding::sync {

struct AlertKey {
  std::string kind;    ///< `silence`, `limit`
  std::string device;  ///< device or camera id
  std::string name;    ///< the limit's id; empty for silence
};

struct OpenAlert {
  AlertKey key;
  Instant raised;  ///< business time
  std::uint64_t ledger_index = 0;
  boost::json::object says;  ///< the event's `data`
};

enum class AlertFate {
  Written,  ///< the event is in the ledger
  Already,  ///< it is so already: nothing was written
  Held,     ///< raised too often in an hour, so it stays raised for now
};

/// Free functions on journal, in the caller's transaction.
namespace alert_table {

/// Raised so often within an hour, an alert says that it flaps and is not cleared before the hour
/// is over: a sensor at its limit cannot fill the ledger.
inline constexpr std::size_t most_raises_an_hour = 6;

/// `what`: further fields of the event's data.
Result<AlertFate> raise(Database& database, Ledger& ledger, const AlertKey& key, Stamp at,
                        boost::json::object what);
Result<AlertFate> clear(Database& database, Ledger& ledger, const AlertKey& key, Stamp at,
                        boost::json::object what);
/// All that are raised, by kind, device and name.
Result<std::vector<OpenAlert>> open(Database& database);
/// Those that are over and were raised last at `from` or later; `says` is that of the raise.
Result<std::vector<OpenAlert>> over_since(Database& database, Instant from);

}  // namespace alert_table
}  // namespace jieding::sync
