#include "sync/rollout_orders.hpp"

namespace jieding::sync::rollout_orders {

Result<std::int64_t> ask(Database& database, const std::string& asked) {
  const auto stored = database.run("insert into rollout_order (asked) values (?)", asked);
  if (!stored) return stored.error();
  return database.last_insert_id();
}

Result<std::optional<std::string>> answer_to(Database& database, std::int64_t id) {
  std::optional<std::string> found;
  Statement query =
      database.prepare("select answer from rollout_order where id = ? and answer is not null", id);
  if (query.next()) found = query.text(0);
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<void> forget(Database& database, std::int64_t id) {
  return database.run("delete from rollout_order where id = ?", id);
}

Result<std::optional<RolloutOrder>> next(Database& database) {
  std::optional<RolloutOrder> found;
  Statement query = database.prepare(
      "select id, asked from rollout_order where answer is null order by id limit 1");
  if (query.next()) found = RolloutOrder{query.integer(0), query.text(1)};
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<void> answer(Database& database, std::int64_t id, const std::string& said) {
  return database.run("update rollout_order set answer = ? where id = ?", said, id);
}

Result<void> forget_all(Database& database) {
  return database.run("delete from rollout_order");
}

}  // namespace jieding::sync::rollout_orders
