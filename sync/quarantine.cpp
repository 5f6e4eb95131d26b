#include "sync/quarantine.hpp"

namespace jieding::sync::quarantine {
namespace {

constexpr std::size_t most_bytes = 4096;  // kept of what came
constexpr std::size_t most_words = 500;   // bytes of each text
constexpr std::int64_t most_counts =
    2000;  // pairs of device and reason; beyond, without the device

std::string_view cut(std::string_view text) {
  return text.substr(0, most_words);
}

Result<void> count(Database& database, const Refusal& refusal) {
  const std::string_view device = cut(refusal.device);
  const std::string_view reason = cut(refusal.reason);
  if (auto added = database.run(
          "update refusal_count set refused = refused + 1 where device = ? and reason = ?", device,
          reason);
      !added || database.changes() == 1)
    return added;
  const Result<std::int64_t> pairs = database.integer("select count(*) from refusal_count", 0);
  if (!pairs) return pairs.error();
  // A stranger who makes up device names must not fill the table.
  return database.run(
      "insert into refusal_count (device, reason, refused) values (?, ?, 1)"
      " on conflict (device, reason) do update set refused = refused + 1",
      *pairs < most_counts ? device : std::string_view(),
      *pairs < most_counts ? reason : std::string_view("other"));
}

}  // namespace

Result<void> put(Database& database, const Refusal& refusal, Instant at, std::int64_t max_rows) {
  if (auto counted = count(database, refusal); !counted) return counted;
  Result<void> stored = database.run(
      "insert into quarantine (at, driver, peer, device, reason, detail, bytes)"
      " values (?, ?, ?, ?, ?, ?, ?)",
      at.time_since_epoch().count(), cut(refusal.driver), cut(refusal.peer), cut(refusal.device),
      cut(refusal.reason), cut(refusal.detail),
      Blob{std::string_view(refusal.bytes).substr(0, most_bytes)});
  if (stored)
    stored =
        database.run("delete from quarantine where id <= ?", database.last_insert_id() - max_rows);
  return stored;
}

Result<std::vector<RefusalCount>> counts(Database& database) {
  std::vector<RefusalCount> found;
  Statement query =
      database.prepare("select device, reason, refused from refusal_count order by device, reason");
  while (query.next())
    found.push_back({query.text(0), query.text(1), query.integer(2)});
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<std::vector<Quarantined>> newest(Database& database, std::size_t count) {
  std::vector<Quarantined> found;
  Statement query = database.prepare(
      "select at, driver, peer, device, reason, detail, bytes from quarantine"
      " order by id desc limit ?",
      count);
  while (query.next()) {
    found.push_back({Instant(std::chrono::milliseconds(query.integer(0))),
                     {query.text(1), query.text(2), query.text(3), query.text(4), query.text(5),
                      query.text(6)}});
  }
  if (auto done = query.done(); !done) return done.error();
  return found;
}

}  // namespace jieding::sync::quarantine
