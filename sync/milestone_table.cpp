#include "sync/milestone_table.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "gateway/milestones/order.hpp"
#include "sync/leaf_fields.hpp"
#include "sync/time_columns.hpp"

namespace jieding::sync::milestone_table {
namespace {

namespace json = boost::json;
using milestones::Decision;
using milestones::Milestone;

constexpr std::string_view statement_columns =
    "select building, kind, storey, act, owner, by, named_at, said, said_quality, evidence,"
    " comment_sha256, document_sha256, contradicted_by, ledger_index from statement";

Error damaged(std::string_view what) {
  return {Fault::Internal, "milestone record: " + std::string(what) + " cannot be read"};
}

json::array array_of(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

std::vector<std::string> texts_of(const json::value& value) {
  std::vector<std::string> texts;
  if (const auto* array = value.if_array())
    for (const json::value& item : *array)
      if (const auto* text = item.if_string()) texts.emplace_back(text->c_str(), text->size());
  return texts;
}

/// The leaf's `data`. `held_at` is the day that the milestone is held to have been reached once
/// this statement counts: with it the tables can be rebuilt without today's rules.
json::object data_of(const milestones::Statement& statement, const Decision& decision) {
  json::object data;
  data["building"] = statement.milestone.building;
  data["milestone"] = statement.milestone.kind;
  data["storey"] = statement.milestone.storey;
  data["act"] = to_text(statement.act);
  data["owner"] = to_text(statement.owner);
  data["by"] = statement.by;
  data["named_at"] = to_rfc3339(statement.named_at);
  data["held_at"] = to_rfc3339(decision.at);
  data["status"] = to_text(decision.status);
  data["evidence"] = array_of(statement.evidence);
  if (!statement.comment_sha256.empty()) data["comment_sha256"] = statement.comment_sha256;
  if (!statement.document_sha256.empty()) data["document_sha256"] = statement.document_sha256;
  if (!statement.contradicted_by.empty())
    data["contradicted_by"] = array_of(statement.contradicted_by);
  return data;
}

struct Replayed {
  milestones::Statement statement;
  Decision decision;
};

Result<Replayed> replayed_from(const json::object& leaf, const json::object& object) {
  Replayed replayed;
  milestones::Statement& statement = replayed.statement;
  statement.milestone = {text_in(object, "building"), text_in(object, "milestone"), 0};
  if (const json::value* storey = object.if_contains("storey"); storey && storey->is_int64())
    statement.milestone.storey = static_cast<int>(storey->get_int64());
  const auto act = act_from_text(text_in(object, "act"));
  const auto owner = owner_from_text(text_in(object, "owner"));
  const auto status = status_from_text(text_in(object, "status"));
  const auto named_at = from_rfc3339(text_in(object, "named_at"));
  const auto held_at = from_rfc3339(text_in(object, "held_at"));
  const auto said = from_rfc3339(text_in(leaf, "at"));
  if (!act || !owner || !status || !named_at || !held_at || !said) return damaged("an event");
  statement.act = *act;
  statement.owner = *owner;
  statement.by = text_in(object, "by");
  statement.named_at = *named_at;
  statement.said = {*said, quality_from(text_in(leaf, "clock"))};
  if (const json::value* evidence = object.if_contains("evidence"))
    statement.evidence = texts_of(*evidence);
  statement.comment_sha256 = text_in(object, "comment_sha256");
  statement.document_sha256 = text_in(object, "document_sha256");
  if (const json::value* devices = object.if_contains("contradicted_by"))
    statement.contradicted_by = texts_of(*devices);
  replayed.decision = {*status, *held_at};
  return replayed;
}

Result<void> apply(Database& database, std::uint64_t index, const milestones::Statement& statement,
                   const Decision& decision) {
  const MilestoneKey& key = statement.milestone;
  Result<void> stored = database.run(
      "insert into statement (ledger_index, building, kind, storey, act, owner, by, named_at, said,"
      " said_quality, evidence, comment_sha256, document_sha256, contradicted_by)"
      " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      index, key.building, key.kind, key.storey, to_text(statement.act), to_text(statement.owner),
      statement.by, millis(statement.named_at), millis(statement.said.at),
      to_text(statement.said.quality), json::serialize(array_of(statement.evidence)),
      statement.comment_sha256, statement.document_sha256,
      json::serialize(array_of(statement.contradicted_by)));
  if (!stored) return stored;
  return database.run(
      "insert into milestone (building, kind, storey, status, at, updated, ledger_index)"
      " values (?, ?, ?, ?, ?, ?, ?) on conflict (building, kind, storey) do update set"
      " status = excluded.status, at = excluded.at, updated = excluded.updated,"
      " ledger_index = excluded.ledger_index",
      key.building, key.kind, key.storey, to_text(decision.status), millis(decision.at),
      millis(statement.said.at), index);
}

Result<milestones::Statement> statement_from(const Statement& row) {
  milestones::Statement statement;
  statement.milestone = {row.text(0), row.text(1), static_cast<int>(row.integer(2))};
  const auto act = act_from_text(row.view(3));
  const auto owner = owner_from_text(row.view(4));
  if (!act || !owner) return damaged("a statement");
  statement.act = *act;
  statement.owner = *owner;
  statement.by = row.text(5);
  statement.named_at = instant(row.integer(6));
  statement.said = {instant(row.integer(7)), quality_from(row.view(8))};
  boost::system::error_code code;
  statement.evidence = texts_of(json::parse(row.view(9), code));
  if (code) return damaged("a statement");
  statement.contradicted_by = texts_of(json::parse(row.view(12), code));
  if (code) return damaged("a statement");
  statement.comment_sha256 = row.text(10);
  statement.document_sha256 = row.text(11);
  return statement;
}

Result<void> load_statements(Database& database, StoredMilestone& into) {
  const MilestoneKey& key = into.milestone.key;
  Statement query =
      database.prepare(std::string(statement_columns) +
                           " where building = ? and kind = ? and storey = ? order by ledger_index",
                       key.building, key.kind, key.storey);
  while (query.next()) {
    Result<milestones::Statement> statement = statement_from(query);
    if (!statement) return statement.error();
    statement->ledger_index = static_cast<std::uint64_t>(query.integer(13));
    into.milestone.statements.push_back(std::move(*statement));
  }
  return query.done();
}

/// The event in which this source last spoke, if it said just this. The same day (UTC) is the same
/// word: a camera that is asked again does not fill the ledger. What a height spoke against then,
/// and does no longer, is another word.
std::optional<std::uint64_t> said_before(const StoredMilestone& stored,
                                         const milestones::Statement& statement) {
  if (statement.act == Act::Confirm || statement.act == Act::Dispute ||
      statement.act == Act::Withdraw)
    return std::nullopt;
  const auto& said = stored.milestone.statements;
  for (auto word = said.rbegin(); word != said.rend(); ++word) {
    const milestones::Statement& earlier = *word;
    if (earlier.owner != statement.owner || earlier.by != statement.by) continue;
    using std::chrono::days;
    const bool same = earlier.act == statement.act &&
                      std::chrono::floor<days>(earlier.named_at) ==
                          std::chrono::floor<days>(statement.named_at) &&
                      earlier.document_sha256 == statement.document_sha256 &&
                      earlier.contradicted_by.empty() == statement.contradicted_by.empty();
    return same ? std::optional(earlier.ledger_index) : std::nullopt;
  }
  return std::nullopt;
}

/// What is held to be reached by them; a storey bears on nothing but its own building's rhythm.
Result<std::vector<milestones::Neighbour>> neighbours_of(Database& database,
                                                         const milestones::Statement& statement,
                                                         const milestones::Surroundings& around) {
  std::vector<milestones::Neighbour> found;
  for (const std::string& subject : around.subjects) {
    Statement query = database.prepare(
        "select kind, at from milestone where building = ? and storey = 0"
        " and status not in ('none', 'withdrawn')",
        subject);
    while (query.next()) {
      const MilestoneKey key{subject, query.text(0), 0};
      if (key != statement.milestone) found.push_back({key, instant(query.integer(1))});
    }
    if (auto done = query.done(); !done) return done.error();
  }
  return found;
}

Result<StoredMilestone> milestone_from(const Statement& row) {
  StoredMilestone stored;
  stored.milestone.key = {row.text(0), row.text(1), static_cast<int>(row.integer(2))};
  const auto status = status_from_text(row.view(3));
  if (!status) return damaged("a status");
  stored.milestone.status = *status;
  stored.milestone.at = instant(row.integer(4));
  stored.updated = instant(row.integer(5));
  stored.ledger_index = static_cast<std::uint64_t>(row.integer(6));
  return stored;
}

}  // namespace

Result<Judged> judge(Database& database, const milestones::Statement& statement,
                     const milestones::Terms& terms) {
  const Result<StoredMilestone> stored = load(database, statement.milestone);
  if (!stored) return stored.error();
  if (const auto index = said_before(*stored, statement))
    return Judged{{stored->milestone.status, stored->milestone.at}, index};
  const auto neighbours = neighbours_of(database, statement, terms.around);
  if (!neighbours) return neighbours.error();
  const auto fits = milestones::check_order(statement, *neighbours, terms.around.buildings);
  if (!fits) return fits.error();
  const Result<Decision> decision = milestones::decide(stored->milestone, statement, terms);
  if (!decision) return decision.error();
  return Judged{*decision, std::nullopt};
}

Result<Recorded> write(Database& database, Ledger& ledger, const milestones::Statement& statement,
                       const Judged& judged) {
  if (judged.said_before) return Recorded{judged.decision, *judged.said_before, false};
  const Result<std::uint64_t> index =
      ledger.append(database, {"milestone", statement.said, data_of(statement, judged.decision)});
  if (!index) return index.error();
  if (auto applied = apply(database, *index, statement, judged.decision); !applied)
    return applied.error();
  return Recorded{judged.decision, *index, true};
}

Result<StoredMilestone> load(Database& database, const MilestoneKey& key) {
  StoredMilestone stored;
  stored.milestone.key = key;
  Statement query = database.prepare(
      "select building, kind, storey, status, at, updated, ledger_index from milestone"
      " where building = ? and kind = ? and storey = ?",
      key.building, key.kind, key.storey);
  if (query.next()) {
    Result<StoredMilestone> found = milestone_from(query);
    if (!found) return found;
    stored = std::move(*found);
  }
  if (auto done = query.done(); !done) return done.error();
  if (auto loaded = load_statements(database, stored); !loaded) return loaded.error();
  return stored;
}

Result<std::vector<StoredMilestone>> load_all(Database& database) {
  std::vector<StoredMilestone> all;
  Statement query = database.prepare(
      "select building, kind, storey, status, at, updated, ledger_index from milestone"
      " order by building, kind, storey");
  while (query.next()) {
    Result<StoredMilestone> stored = milestone_from(query);
    if (!stored) return stored.error();
    if (auto loaded = load_statements(database, *stored); !loaded) return loaded.error();
    all.push_back(std::move(*stored));
  }
  if (auto done = query.done(); !done) return done.error();
  return all;
}

Result<void> rebuild(Database& database) {
  Result<void> emptied = database.run("delete from statement");
  if (emptied) emptied = database.run("delete from milestone");
  if (!emptied) return emptied;
  return each_leaf(
      database, "milestone",
      [&](std::uint64_t index, const json::object& leaf, const json::object& data) -> Result<void> {
        const Result<Replayed> replayed = replayed_from(leaf, data);
        if (!replayed) return replayed.error();
        return apply(database, index, replayed->statement, replayed->decision);
      });
}

}  // namespace jieding::sync::milestone_table
