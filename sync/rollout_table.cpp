#include "sync/rollout_table.hpp"

#include <boost/json/array.hpp>
#include <utility>

#include "sync/leaf_fields.hpp"
#include "sync/time_columns.hpp"

namespace jieding::sync::rollout_table {
namespace {

namespace json = boost::json;

constexpr std::string_view event_type = "rollout";

Error damaged(std::string_view what) {
  return {Fault::Internal, "rollout record: " + std::string(what) + " cannot be read"};
}

/// What every event names, so that each can be read alone.
json::object data_of(std::string_view act, const Firmware& image, RolloutStatus status,
                     Owner owner) {
  json::object data{{"act", act},
                    {"image", image.sha256},
                    {"version", image.version},
                    {"status", to_text(status)},
                    {"owner", to_text(owner)}};
  if (image.security_counter) data["security_counter"] = *image.security_counter;
  return data;
}

Value counter_or_null(const std::optional<std::uint32_t>& counter) {
  return counter ? Value(*counter) : Value(nullptr);
}

std::optional<std::uint32_t> counter_at(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return static_cast<std::uint32_t>(row.integer(column));
}

Result<void> apply_start(Database& database, std::uint64_t id, Instant at,
                         const json::object& data) {
  const json::value* nodes = data.if_contains("nodes");
  if (nodes == nullptr || !nodes->is_array()) return damaged("an event");
  std::optional<std::uint32_t> counter;
  if (data.contains("security_counter"))
    counter = static_cast<std::uint32_t>(number_in(data, "security_counter"));
  Result<void> stored = database.run(
      "insert into rollout (id, image, version, security_counter, owner, status, began, updated,"
      " allow_older) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      id, text_in(data, "image"), text_in(data, "version"), counter_or_null(counter),
      text_in(data, "owner"), text_in(data, "status"), millis(at), millis(at),
      data.contains("allow_older") ? 1 : 0);
  std::size_t nth = 0;
  for (const json::value& node : nodes->get_array()) {
    const auto* name = node.if_string();
    if (!stored || name == nullptr) break;
    stored = database.run(
        "insert into rollout_node (rollout, nth, node, step, reason, at) values (?, ?, ?, '', '',"
        " 0)",
        id, nth++, std::string_view(*name));
  }
  return stored;
}

/// The one place that writes the tables, whether an event is new or replayed.
Result<void> apply(Database& database, std::uint64_t index, Instant at, const json::object& data) {
  if (text_in(data, "act") == "start") return apply_start(database, index, at, data);
  const auto id = number_in(data, "rollout");
  Result<void> stored = database.run("update rollout set status = ?, updated = ? where id = ?",
                                     text_in(data, "status"), millis(at), id);
  if (!stored || text_in(data, "act") != "step") return stored;
  return database.run(
      "update rollout_node set step = ?, reason = ?, at = ? where rollout = ? and node = ?",
      text_in(data, "step"), text_in(data, "reason"), millis(at), id, text_in(data, "node"));
}

Result<void> load_nodes(Database& database, Rollout& into) {
  Statement query = database.prepare(
      "select node, step, reason, at from rollout_node where rollout = ? order by nth", into.id);
  while (query.next())
    into.nodes.push_back({query.text(0), node_step_from_text(query.view(1)), query.text(2),
                          instant(query.integer(3))});
  return query.done();
}

Result<Rollout> rollout_from(const Statement& row) {
  const auto owner = owner_from_text(row.view(4));
  const auto status = rollout_status_from_text(row.view(5));
  if (!owner || !status) return damaged("a rollout");
  Rollout rollout;
  rollout.id = static_cast<std::uint64_t>(row.integer(0));
  rollout.image = {row.text(1), row.text(2), counter_at(row, 3)};
  rollout.owner = *owner;
  rollout.status = *status;
  rollout.began = instant(row.integer(6));
  rollout.updated = instant(row.integer(7));
  rollout.allow_older = row.integer(8) != 0;
  return rollout;
}

/// Appends, applies, and reads what has become of it.
Result<Rollout> record(Database& database, Ledger& ledger, Stamp said, json::object data) {
  const auto index = ledger.append(database, EventDraft{std::string(event_type), said, data});
  if (!index) return index.error();
  if (auto applied = apply(database, *index, said.at, data); !applied) return applied.error();
  auto now = newest(database);
  if (!now) return now.error();
  if (!*now) return damaged("a rollout");
  return std::move(**now);
}

}  // namespace

Result<Rollout> start(Database& database, Ledger& ledger, const RolloutStart& start) {
  const auto before = newest(database);
  if (!before) return before.error();
  if (*before && (*before)->open())
    return Error{Fault::Conflict, "rollout " + std::to_string((*before)->id) +
                                      " runs; stop it, or wait for its end"};
  json::object data = data_of("start", start.image, RolloutStatus::Running, start.owner);
  data["nodes"] = json::array(start.nodes.begin(), start.nodes.end());
  data["by"] = start.by;
  if (start.allow_older) data["allow_older"] = true;
  return record(database, ledger, start.said, std::move(data));
}

Result<Rollout> step(Database& database, Ledger& ledger, const RolloutStep& step) {
  const auto before = newest(database);
  if (!before) return before.error();
  if (!*before || (*before)->id != step.rollout || !may_step(**before, step.node, step.step))
    return Error{Fault::Conflict, "it is not this node's turn to be " +
                                      std::string(to_text(step.step)) + " in the rollout"};
  const RolloutStatus after = after_step(**before, step.step);
  json::object data = data_of("step", (*before)->image, after, Owner::Box);
  data["rollout"] = step.rollout;
  data["node"] = step.node;
  data["step"] = to_text(step.step);
  if (!step.reason.empty()) data["reason"] = step.reason;
  return record(database, ledger, step.said, std::move(data));
}

Result<Rollout> stop(Database& database, Ledger& ledger, const RolloutStop& stop) {
  const auto before = newest(database);
  if (!before) return before.error();
  if (!*before || !(*before)->open()) return Error{Fault::Conflict, "no rollout runs"};
  if ((*before)->status == RolloutStatus::Stopping) return **before;
  json::object data = data_of("stop", (*before)->image, after_stop(**before), stop.owner);
  data["rollout"] = (*before)->id;
  data["by"] = stop.by;
  return record(database, ledger, stop.said, std::move(data));
}

Result<std::optional<Rollout>> newest(Database& database) {
  std::optional<Rollout> found;
  Statement query = database.prepare(
      "select id, image, version, security_counter, owner, status, began, updated, allow_older"
      " from rollout order by id desc limit 1");
  if (query.next()) {
    auto rollout = rollout_from(query);
    if (!rollout) return rollout.error();
    found = std::move(*rollout);
  }
  if (auto done = query.done(); !done) return done.error();
  if (found)
    if (auto loaded = load_nodes(database, *found); !loaded) return loaded.error();
  return found;
}

Result<std::vector<NodeFirmware>> node_firmware(Database& database) {
  std::vector<NodeFirmware> found;
  Statement query = database.prepare(
      "select node, image, version, security_counter, max(id), at from rollout_node"
      " join rollout on rollout.id = rollout_node.rollout where step = 'confirmed' group by node");
  while (query.next())
    found.push_back({query.text(0),
                     {query.text(1), query.text(2), counter_at(query, 3)},
                     instant(query.integer(5))});
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<std::optional<std::uint32_t>> counter_of(Database& database, const std::string& node) {
  const auto highest = database.integer(
      "select max(security_counter) from rollout_node join rollout on rollout.id ="
      " rollout_node.rollout where node = ? and step = 'confirmed'",
      -1, node);
  if (!highest) return highest.error();
  if (*highest < 0) return std::optional<std::uint32_t>{};
  return std::optional(static_cast<std::uint32_t>(*highest));
}

Result<void> rebuild(Database& database) {
  for (const char* table : {"rollout_node", "rollout"})
    if (auto emptied = database.run("delete from " + std::string(table)); !emptied) return emptied;
  return each_leaf(
      database, event_type,
      [&](std::uint64_t index, const json::object& leaf, const json::object& data) -> Result<void> {
        const auto said = from_rfc3339(text_in(leaf, "at"));
        if (!said) return damaged("an event");
        return apply(database, index, *said, data);
      });
}

}  // namespace jieding::sync::rollout_table
