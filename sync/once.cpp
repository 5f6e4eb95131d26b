#include "sync/once.hpp"

namespace jieding::sync::once {

Result<std::optional<std::string>> answered(Database& database, const OnceKey& key) {
  std::optional<std::string> answer;
  bool another = false;
  Statement query = database.prepare(
      "select fingerprint, answer from once where device = ? and key = ?", key.device, key.key);
  if (query.next()) {
    another = query.text(0) != key.fingerprint;
    answer = query.text(1);
  }
  if (auto done = query.done(); !done) return done.error();
  if (another) {
    return Error{Fault::Conflict,
                 "this Idempotency-Key came with another request before; take a new key"};
  }
  return answer;
}

Result<void> remember(Database& database, const OnceKey& key, std::string_view answer) {
  Result<void> stored =
      database.run("insert into once (device, key, fingerprint, answer) values (?, ?, ?, ?)",
                   key.device, key.key, key.fingerprint, answer);
  if (!stored) return stored;
  return database.run(
      "delete from once where device = ?1 and id <= (select id from once where device = ?1"
      " order by id desc limit 1 offset ?2)",
      key.device, most_keys);
}

}  // namespace jieding::sync::once
