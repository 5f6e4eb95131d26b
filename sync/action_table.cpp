#include "sync/action_table.hpp"

#include <algorithm>
#include <utility>

#include "gateway/policy/actions.hpp"
#include "sync/leaf_fields.hpp"
#include "sync/time_columns.hpp"

namespace jieding::sync::action_table {
namespace {

namespace json = boost::json;

constexpr std::string_view event_type = "action";

Error damaged(std::string_view what) {
  return {Fault::Internal, "actions: " + std::string(what) + " cannot be read"};
}

/// One event to write, and what the table then says.
struct Change {
  std::string_view act;  ///< `start`, `correct` (it moved to other days), `withdraw`
  StoredAction action;
};

/// The leaf's `data`.
json::object data_of(const Policy& policy, const Change& change) {
  const StoredAction& action = change.action;
  json::object data{{"act", change.act},
                    {"action", action.action},
                    {"policy", policy.id},
                    {"rule", action.rule},
                    {"subject", action.subject},
                    {"since", jieding::to_text(action.since)},
                    {"due", jieding::to_text(action.due)},
                    {"owner", jieding::to_text(Owner::Box)}};
  if (change.act != "start") data["started"] = action.started;
  return data;
}

Result<StoredAction> action_from(std::uint64_t index, const json::object& leaf,
                                 const json::object& data) {
  const auto updated = from_rfc3339(text_in(leaf, "at"));
  const auto since = day_from_text(text_in(data, "since"));
  const auto due = day_from_text(text_in(data, "due"));
  if (!updated || !since || !due) return damaged("an event");
  const bool begins = text_in(data, "act") == "start";
  const auto started = begins ? index : static_cast<std::uint64_t>(number_in(data, "started"));
  return StoredAction{text_in(data, "rule"),
                      text_in(data, "subject"),
                      text_in(data, "action"),
                      *since,
                      *due,
                      text_in(data, "act") != "withdraw",
                      started,
                      *updated,
                      index};
}

Result<void> apply(Database& database, const StoredAction& action) {
  return database.run(
      "insert or replace into action (rule, subject, action, since, due, stands, started, updated,"
      " ledger_index) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      action.rule, action.subject, action.action, jieding::to_text(action.since),
      jieding::to_text(action.due), action.stands ? 1 : 0, action.started, millis(action.updated),
      action.ledger_index);
}

/// What is reached of everything but storeys, whose days set nothing going.
Result<policy::Dates> dates_of(Database& database, const Project& project) {
  policy::Dates dates(project);
  Statement query =
      database.prepare("select building, kind, at, status from milestone where storey = 0");
  while (query.next()) {
    const auto status = status_from_text(query.view(3));
    if (!status) return damaged("a milestone's status");
    dates.set(query.text(0), query.text(1), {site_day(instant(query.integer(2))), *status});
  }
  if (auto done = query.done(); !done) return done.error();
  return dates;
}

bool same_subject(const StoredAction& stored, const policy::Action& wanted) {
  return stored.rule == wanted.rule->id && stored.subject == wanted.subject;
}

/// Nothing: the record says so already.
std::optional<Change> change_to(const std::vector<StoredAction>& known,
                                const policy::Action& wanted) {
  const auto stored = std::find_if(known.begin(), known.end(), [&](const StoredAction& one) {
    return one.stands && same_subject(one, wanted);
  });
  if (stored == known.end()) {
    StoredAction begun;
    begun.rule = wanted.rule->id;
    begun.subject = wanted.subject;
    begun.action = wanted.rule->target;
    begun.since = wanted.since;
    begun.due = wanted.due;
    return Change{"start", std::move(begun)};
  }
  if (stored->since == wanted.since && stored->due == wanted.due) return std::nullopt;
  StoredAction moved = *stored;
  moved.since = wanted.since;
  moved.due = wanted.due;
  return Change{"correct", std::move(moved)};
}

/// A rule that the policy no longer has takes nothing back: what was asked for then was asked for.
bool is_wanted_no_longer(const StoredAction& stored, const Policy& policy,
                         const std::vector<policy::Action>& wanted) {
  const Rule* rule = policy.rule(stored.rule);
  return stored.stands && rule != nullptr && rule->starts_action &&
         std::none_of(wanted.begin(), wanted.end(),
                      [&](const policy::Action& one) { return same_subject(stored, one); });
}

Result<void> write(Database& database, Ledger& ledger, const Policy& policy, const Stamp& at,
                   Change change) {
  const auto index =
      ledger.append(database, EventDraft{std::string(event_type), at, data_of(policy, change)});
  if (!index) return index.error();
  if (change.act == "start") change.action.started = *index;
  change.action.ledger_index = *index;
  change.action.updated = at.at;
  return apply(database, change.action);
}

}  // namespace

bool bears_on_actions(const Policy& policy, const MilestoneKey& milestone) {
  return std::any_of(policy.rules.begin(), policy.rules.end(), [&](const Rule& rule) {
    const bool named =
        rule.anchor == milestone.kind || (rule.when && rule.when->milestone == milestone.kind);
    return rule.starts_action && named;
  });
}

Result<std::size_t> follow(Database& database, Ledger& ledger, const Policy& policy,
                           const Project& project, const Stamp& at) {
  const auto dates = dates_of(database, project);
  if (!dates) return dates.error();
  const auto known = all(database);
  if (!known) return known.error();
  const auto wanted = policy::actions(policy, *dates);
  std::vector<Change> changes;
  for (const policy::Action& one : wanted)
    if (auto change = change_to(*known, one)) changes.push_back(std::move(*change));
  for (const StoredAction& stored : *known)
    if (is_wanted_no_longer(stored, policy, wanted)) {
      changes.push_back({"withdraw", stored});
      changes.back().action.stands = false;
    }
  for (Change& change : changes)
    if (auto written = write(database, ledger, policy, at, std::move(change)); !written)
      return written.error();
  return changes.size();
}

Result<std::vector<StoredAction>> all(Database& database) {
  std::vector<StoredAction> found;
  Statement query = database.prepare(
      "select rule, subject, action, since, due, stands, started, updated, ledger_index from action"
      " order by rule, subject");
  while (query.next()) {
    const auto since = day_from_text(query.text(3));
    const auto due = day_from_text(query.text(4));
    if (!since || !due) return damaged("a row");
    found.push_back({query.text(0), query.text(1), query.text(2), *since, *due,
                     query.integer(5) != 0, static_cast<std::uint64_t>(query.integer(6)),
                     instant(query.integer(7)), static_cast<std::uint64_t>(query.integer(8))});
  }
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<void> rebuild(Database& database) {
  if (auto emptied = database.run("delete from action"); !emptied) return emptied;
  return each_leaf(database, event_type,
                   [&](std::uint64_t index, const json::object& leaf, const json::object& data) {
                     const auto action = action_from(index, leaf, data);
                     return action ? apply(database, *action) : Result<void>(action.error());
                   });
}

}  // namespace jieding::sync::action_table
