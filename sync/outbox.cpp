#include "sync/outbox.hpp"

#include <algorithm>
#include <optional>

#include "sync/ledger.hpp"
#include "sync/numbers.hpp"
#include "sync/time_columns.hpp"

namespace jieding::sync::outbox {
namespace {

constexpr int evidence_lane = 0;  // stored: never renumber
constexpr int state_lane = 1;
constexpr std::string_view telemetry_cursor_name = "telemetry_cursor";
constexpr std::string_view telemetry_dropped_name = "telemetry_dropped";
constexpr std::string_view receipt_size_name = "receipt_size";
constexpr std::string_view receipt_at_name = "receipt_at";

Result<std::int64_t> newest_reading(Database& db) {
  return db.integer("select max(id) from reading", 0);
}

Result<std::int64_t> waiting(Database& db, int lane) {
  return db.integer("select waiting from outbox_count where lane = ?", 0, lane);
}

Result<void> set_receipt(Database& db, std::uint64_t size, Instant at) {
  Result<void> stored = numbers::set(db, receipt_size_name, static_cast<std::int64_t>(size));
  if (stored) stored = numbers::set(db, receipt_at_name, at.time_since_epoch().count());
  return stored;
}

}  // namespace

Result<std::vector<PendingEvent>> events(Database& db, std::uint64_t from, std::size_t count) {
  Result<std::vector<std::string>> leaves = ledger::leaves(db, from, count);
  if (!leaves) return leaves.error();
  std::vector<PendingEvent> pending;
  pending.reserve(leaves->size());
  for (std::string& leaf : *leaves)
    pending.push_back({from++, std::move(leaf)});
  return pending;
}

Result<std::vector<PendingEvidence>> evidence(Database& db, std::size_t count) {
  std::vector<PendingEvidence> pending;
  Statement query = db.prepare(
      "select o.id, o.key, e.bytes from outbox o join evidence e on e.sha256 = o.key"
      " where o.lane = ? order by o.id limit ?",
      evidence_lane, count);
  while (query.next())
    pending.push_back({query.integer(0), query.text(1), query.integer(2)});
  if (auto done = query.done(); !done) return done.error();
  return pending;
}

Result<std::vector<PendingState>> states(Database& db) {
  std::vector<PendingState> pending;
  Statement query =
      db.prepare("select id, key, payload from outbox where lane = ? order by key", state_lane);
  while (query.next())
    pending.push_back({query.integer(0), query.text(1), query.text(2)});
  if (auto done = query.done(); !done) return done.error();
  return pending;
}

Result<std::vector<PendingReading>> telemetry(Database& db, std::int64_t after_id,
                                              std::size_t max_rows) {
  std::vector<PendingReading> pending;
  Statement query = db.prepare(
      "select r.id, s.device, s.quantity, s.period, s.aggregate, r.value, u.name, r.at,"
      " r.received, r.quality, r.flag, r.nth from reading r join series s on s.id = r.series"
      " join unit u on u.id = r.unit where r.id > ? order by r.id limit ?",
      after_id, max_rows);
  while (query.next()) {
    Reading reading;
    reading.device = query.text(1);
    reading.quantity = query.text(2);
    reading.statistic = {static_cast<Period>(query.integer(3)),
                         static_cast<Aggregate>(query.integer(4))};
    reading.value = query.real(5);
    reading.unit = query.text(6);
    reading.device_time = instant(query.integer(7));
    reading.received = {instant(query.integer(8)), static_cast<TimeQuality>(query.integer(9))};
    reading.flag = query.text(10);
    pending.push_back({query.integer(0), std::move(reading), query.integer(11) > 0});
  }
  if (auto done = query.done(); !done) return done.error();
  return pending;
}

Result<std::int64_t> telemetry_cursor(Database& db) {
  return numbers::get(db, telemetry_cursor_name);
}

Result<void> advance_telemetry(Database& db, std::int64_t id) {
  const Result<std::int64_t> cursor = telemetry_cursor(db);
  if (!cursor) return cursor.error();
  if (id <= *cursor) return {};
  return numbers::set(db, telemetry_cursor_name, id);
}

Result<std::int64_t> give_up_telemetry(Database& db, std::int64_t up_to_id) {
  const Result<std::int64_t> cursor = telemetry_cursor(db);
  if (!cursor) return cursor.error();
  const std::int64_t dropped = up_to_id - *cursor;
  if (dropped <= 0) return 0;
  Result<void> stored = numbers::set(db, telemetry_cursor_name, up_to_id);
  if (stored) stored = numbers::add(db, telemetry_dropped_name, dropped);
  if (!stored) return stored.error();
  return dropped;
}

Result<std::int64_t> bound_telemetry(Database& db, std::int64_t max_rows) {
  const Result<std::int64_t> newest = newest_reading(db);
  if (!newest) return newest.error();
  return give_up_telemetry(db, *newest - max_rows);
}

Result<void> put_evidence(Database& db, std::string_view sha256) {
  return db.run("insert into outbox (lane, key, payload) values (?, ?, '') on conflict do nothing",
                evidence_lane, sha256);
}

Result<void> put_state(Database& db, std::string_view building, std::string_view payload) {
  // A new row, not a changed one: done() of the older state must not take the newer one away.
  Result<void> stored =
      db.run("delete from outbox where lane = ? and key = ?", state_lane, building);
  if (stored)
    stored = db.run("insert into outbox (lane, key, payload) values (?, ?, ?)", state_lane,
                    building, payload);
  if (stored)
    stored = db.run(
        "insert into building_state (building, payload) values (?, ?)"
        " on conflict (building) do update set payload = excluded.payload",
        building, payload);
  return stored;
}

Result<std::optional<LatestPicture>> latest_picture(Database& db, std::string_view camera) {
  std::optional<LatestPicture> latest;
  Statement query = db.prepare(
      "select sha256, at from evidence where camera = ? and kind = 'masked' order by at desc"
      " limit 1",
      camera);
  if (query.next()) latest = LatestPicture{query.text(0), instant(query.integer(1))};
  if (auto done = query.done(); !done) return done.error();
  return latest;
}

Result<LatestPicture> put_picture_again(Database& db, std::string_view camera) {
  const auto latest = latest_picture(db, camera);
  if (!latest) return latest.error();
  if (!*latest) return Error{Fault::NotFound, "there is no picture of this camera"};
  if (auto put = put_evidence(db, (*latest)->sha256); !put) return put.error();
  return **latest;
}

Result<void> put_states_again(Database& db) {
  return db.run(
      "insert into outbox (lane, key, payload) select ?, building, payload from building_state"
      " where true on conflict do nothing",
      state_lane);
}

Result<void> done(Database& db, std::int64_t id) {
  return db.run("delete from outbox where id = ?", id);
}

Result<ReceiptVerdict> receipt(Database& db, std::uint64_t size, const Hash& root, Instant at) {
  const Result<std::uint64_t> have = ledger::size(db);
  if (!have) return have.error();
  if (size > *have) return ReceiptVerdict::Beyond;
  const Result<Hash> ours = ledger::root_at(db, size);
  if (!ours) return ours.error();
  if (*ours != root) return ReceiptVerdict::Mismatch;
  const Result<Receipted> before = receipted(db);
  if (!before) return before.error();
  if (auto stored = set_receipt(db, size, at); !stored) return stored.error();
  if (size == before->size) return ReceiptVerdict::Gap;
  return size > before->size ? ReceiptVerdict::Advanced : ReceiptVerdict::Older;
}

Result<Receipted> receipted(Database& db) {
  const Result<std::int64_t> size = numbers::get(db, receipt_size_name);
  if (!size) return size.error();
  const Result<std::int64_t> at = numbers::get(db, receipt_at_name, -1);
  if (!at) return at.error();
  return Receipted{static_cast<std::uint64_t>(*size),
                   *at < 0 ? std::string() : to_rfc3339(instant(*at))};
}

Result<OutboxStatus> status(Database& db) {
  const Result<std::uint64_t> ledger_size = ledger::size(db);
  const Result<Receipted> held = receipted(db);
  const Result<std::int64_t> pictures = waiting(db, evidence_lane);
  const Result<std::int64_t> states_waiting = waiting(db, state_lane);
  const Result<std::int64_t> newest = newest_reading(db);
  const Result<std::int64_t> cursor = telemetry_cursor(db);
  const Result<std::int64_t> dropped = numbers::get(db, telemetry_dropped_name);
  if (!ledger_size) return ledger_size.error();
  if (!held) return held.error();
  for (const auto* number : {&pictures, &states_waiting, &newest, &cursor, &dropped})
    if (!*number) return number->error();
  return OutboxStatus{
      *ledger_size, *held, *pictures, *states_waiting, std::max<std::int64_t>(0, *newest - *cursor),
      *dropped};
}

}  // namespace jieding::sync::outbox
