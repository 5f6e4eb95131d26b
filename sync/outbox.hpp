#pragma once
// What the platform does not have yet, by lane. Free functions over the database: they run on the
// journal thread, inside Journal::write or Journal::read.
//
//   milestone   the ledger itself, from the platform's receipt on; freed by receipts alone
//   evidence    rows of table outbox, oldest first; a row is done when the broker has it
//   state       rows of table outbox, one per building: newest wins
//   telemetry   a cursor over the readings' row ids: no second copy; oldest dropped beyond a bound

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/reading.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"
#include "sync/hash.hpp"

namespace jieding::sync {

class Database;

/// One ledger event as it goes out.
struct PendingEvent {
  std::uint64_t index = 0;
  std::string leaf;  ///< canonical JSON, exactly the hashed bytes
};

/// One picture to send; its bytes come from Store::evidence.
struct PendingEvidence {
  std::int64_t id = 0;  ///< for outbox::done
  std::string sha256;
  std::int64_t bytes = 0;
};

/// The newest state of one building.
struct PendingState {
  std::int64_t id = 0;  ///< for outbox::done; a newer state has another id
  std::string building;
  std::string payload;  ///< JSON object: the `data` of the state message
};

struct PendingReading {
  std::int64_t id = 0;  ///< for outbox::advance_telemetry
  Reading reading;
  bool conflicting = false;
};

/// What a platform's receipt means.
enum class ReceiptVerdict {
  Advanced,  ///< it holds more than before: those events are done
  Gap,       ///< the same again: send what follows once more
  Older,     ///< it restored an older copy: events from its size on are pending again
  Mismatch,  ///< its root is not ours at that size: nothing is freed
  Beyond,    ///< it claims more than we ever wrote: nothing is freed
};

/// The platform's last good receipt, durable.
struct Receipted {
  std::uint64_t size = 0;  ///< the platform holds all leaves below
  std::string at;          ///< RFC 3339, when the receipt came; empty: never
};

/// The newest masked picture of a camera.
struct LatestPicture {
  std::string sha256;
  Instant taken;
};

struct OutboxStatus {
  std::uint64_t ledger_size = 0;
  Receipted receipted;
  std::int64_t evidence_waiting = 0;
  std::int64_t state_waiting = 0;
  std::int64_t telemetry_waiting = 0;
  std::int64_t telemetry_dropped = 0;  ///< readings that never left: the lane was full
};

namespace outbox {

/// Ledger events from an index on, at most `count`, in ledger order.
Result<std::vector<PendingEvent>> events(Database& db, std::uint64_t from, std::size_t count);
/// Oldest first.
Result<std::vector<PendingEvidence>> evidence(Database& db, std::size_t count);
Result<std::vector<PendingState>> states(Database& db);
/// Readings after a row id, at most `max_rows`; start with telemetry_cursor.
Result<std::vector<PendingReading>> telemetry(Database& db, std::int64_t after_id,
                                              std::size_t max_rows);
Result<std::int64_t> telemetry_cursor(Database& db);
/// All readings up to this row id are with the broker. Never goes back.
Result<void> advance_telemetry(Database& db, std::int64_t id);
/// Drops the oldest unsent readings beyond `max_rows`; returns how many, and counts them.
Result<std::int64_t> bound_telemetry(Database& db, std::int64_t max_rows);

/// Gives up unsent readings up to a row id (they are deleted, or the lane is full); counts them.
Result<std::int64_t> give_up_telemetry(Database& db, std::int64_t up_to_id);

/// Puts a picture into the evidence lane (once per hash).
Result<void> put_evidence(Database& db, std::string_view sha256);
/// Replaces the building's state.
Result<void> put_state(Database& db, std::string_view building, std::string_view payload);
/// Null: the camera has none.
Result<std::optional<LatestPicture>> latest_picture(Database& db, std::string_view camera);
/// Puts a camera's latest picture into the lane again. NotFound: it has none.
Result<LatestPicture> put_picture_again(Database& db, std::string_view camera);
/// Puts the last known state of every building into the lane again (request {"op":"state"}).
Result<void> put_states_again(Database& db);
/// An evidence or state row is with the broker. An id that a newer state replaced is ignored.
Result<void> done(Database& db, std::int64_t id);

Result<ReceiptVerdict> receipt(Database& db, std::uint64_t size, const Hash& root, Instant at);
Result<Receipted> receipted(Database& db);
/// Cheap: no table is counted.
Result<OutboxStatus> status(Database& db);

}  // namespace outbox
}  // namespace jieding::sync
