#include "sync/seats.hpp"

namespace jieding::sync::seats {
namespace {

constexpr std::int64_t most_notes = 5000;

}  // namespace

Result<std::optional<std::string>> password_hash(Database& database, const std::string& user) {
  std::optional<std::string> hash;
  Statement query = database.prepare("select hash from password where user = ?", user);
  if (query.next()) hash = query.text(0);
  if (auto done = query.done(); !done) return done.error();
  return hash;
}

Result<void> set_password(Database& database, const std::string& user, const std::string& hash) {
  return database.run(
      "insert into password (user, hash) values (?, ?)"
      " on conflict (user) do update set hash = excluded.hash",
      user, hash);
}

Result<std::vector<SeatRow>> sessions(Database& database, const std::string& user,
                                      std::int64_t now) {
  std::vector<SeatRow> found;
  Statement query = database.prepare(
      "select sha256, user, expires from session where user <> '' and (? = '' or user = ?)"
      " and expires > ? order by expires desc",
      user, user, now);
  while (query.next())
    found.push_back({query.text(0), query.text(1), query.integer(2)});
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<void> note(Database& database, const DoorRow& row) {
  if (auto stored = database.run("insert into door (at, what, user, peer) values (?, ?, ?, ?)",
                                 row.at.time_since_epoch().count(), row.what, row.user, row.peer);
      !stored)
    return stored;
  return database.run("delete from door where id <= (select max(id) from door) - ?", most_notes);
}

Result<std::vector<DoorRow>> notes(Database& database, std::size_t count) {
  std::vector<DoorRow> found;
  Statement query =
      database.prepare("select at, what, user, peer from door order by id desc limit ?", count);
  while (query.next())
    found.push_back({Instant(std::chrono::milliseconds(query.integer(0))), query.text(1),
                     query.text(2), query.text(3)});
  if (auto done = query.done(); !done) return done.error();
  return found;
}

}  // namespace jieding::sync::seats
