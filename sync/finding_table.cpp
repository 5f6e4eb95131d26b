#include "sync/finding_table.hpp"

#include <boost/json/array.hpp>
#include <utility>

#include "sync/leaf_fields.hpp"
#include "sync/time_columns.hpp"

namespace jieding::sync::finding_table {
namespace {

namespace json = boost::json;
using findings::Decision;
using findings::Finding;
using findings::Step;

constexpr std::string_view event_type = "finding";

Error damaged(std::string_view what) {
  return {Fault::Internal, "finding record: " + std::string(what) + " cannot be read"};
}

Error unknown(std::uint64_t id) {
  return {Fault::NotFound, "there is no finding " + std::to_string(id)};
}

std::string day_text(const std::optional<SiteDay>& day) {
  return day ? jieding::to_text(*day) : std::string();
}
std::optional<SiteDay> day_from(std::string_view text) {
  const auto day = day_from_text(text);
  return day ? std::optional(*day) : std::nullopt;
}

/// The leaf's `data`. `status` and `due` are what was concluded: with them the tables can be
/// rebuilt without today's rules.
json::object data_of(const FindingWord& word, const Decision& decision) {
  const Step& step = word.step;
  json::object data{{"act", to_text(step.act)},
                    {"owner", to_text(step.owner)},
                    {"by", step.by},
                    {"status", to_text(decision.status)},
                    {"evidence", json::array(step.pictures.begin(), step.pictures.end())}};
  if (step.act == FindingAct::Raise) {
    data["kind"] = to_text(word.kind);
    if (!word.place.building.empty()) data["building"] = word.place.building;
    if (word.place.storey > 0) data["storey"] = word.place.storey;
    if (!word.place.words_sha256.empty()) data["place_sha256"] = word.place.words_sha256;
  } else {
    data["finding"] = word.finding;
  }
  if (decision.due) data["due"] = jieding::to_text(*decision.due);
  if (!step.text_sha256.empty()) data["text_sha256"] = step.text_sha256;
  return data;
}

struct Replayed {
  FindingWord word;
  Decision decision;
};

Result<Replayed> replayed_from(const json::object& leaf, const json::object& object) {
  const auto act = finding_act_from_text(text_in(object, "act"));
  const auto owner = owner_from_text(text_in(object, "owner"));
  const auto status = finding_status_from_text(text_in(object, "status"));
  const auto said = from_rfc3339(text_in(leaf, "at"));
  const auto kind = finding_kind_from_text(text_in(object, "kind"));
  if (!act || !owner || !status || !said || (*act == FindingAct::Raise && !kind))
    return damaged("an event");
  Replayed replayed;
  replayed.decision = {*status, day_from(text_in(object, "due"))};
  FindingWord& word = replayed.word;
  word.finding = static_cast<std::uint64_t>(number_in(object, "finding"));
  if (kind) word.kind = *kind;
  word.place = {text_in(object, "building"), static_cast<int>(number_in(object, "storey")),
                text_in(object, "place_sha256")};
  word.step.act = *act;
  word.step.owner = *owner;
  word.step.by = text_in(object, "by");
  word.step.said = {*said, quality_from(text_in(leaf, "clock"))};
  word.step.text_sha256 = text_in(object, "text_sha256");
  if (const json::value* evidence = object.if_contains("evidence"); evidence->is_array())
    for (const json::value& name : evidence->get_array())
      if (const auto* text = name.if_string()) word.step.pictures.emplace_back(*text);
  if (*act == FindingAct::SetDue) word.step.due = replayed.decision.due;
  return replayed;
}

Result<void> apply_step(Database& database, std::uint64_t index, const FindingWord& word,
                        const Decision& decision) {
  const Step& step = word.step;
  Result<void> stored = database.run(
      "insert into finding_step (ledger_index, finding, act, owner, by, said, said_quality,"
      " text_sha256, status, due) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      index, word.finding, to_text(step.act), to_text(step.owner), step.by, millis(step.said.at),
      to_text(step.said.quality), step.text_sha256, to_text(decision.status),
      day_text(decision.due));
  for (std::size_t nth = 0; stored && nth < step.pictures.size(); ++nth)
    stored = database.run("insert into finding_photo (ledger_index, nth, sha256) values (?, ?, ?)",
                          index, nth, step.pictures[nth]);
  return stored;
}

/// `word.finding` is known.
Result<void> apply(Database& database, std::uint64_t index, const FindingWord& word,
                   const Decision& decision) {
  const std::int64_t at = millis(word.step.said.at);
  Result<void> stored =
      word.step.act == FindingAct::Raise
          ? database.run(
                "insert into finding (id, kind, building, storey, place_sha256, status,"
                " raised, due, updated) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                index, to_text(word.kind), word.place.building, word.place.storey,
                word.place.words_sha256, to_text(decision.status), at, day_text(decision.due), at)
          : database.run("update finding set status = ?, due = ?, updated = ? where id = ?",
                         to_text(decision.status), day_text(decision.due), at, word.finding);
  if (!stored) return stored;
  return apply_step(database, index, word, decision);
}

constexpr std::string_view finding_columns =
    "select id, kind, building, storey, place_sha256, status, raised, due from finding";

Result<StoredFinding> finding_from(const Statement& row) {
  const auto kind = finding_kind_from_text(row.view(1));
  const auto status = finding_status_from_text(row.view(5));
  if (!kind || !status) return damaged("a finding");
  StoredFinding stored;
  stored.id = static_cast<std::uint64_t>(row.integer(0));
  stored.finding = {*kind,
                    {row.text(2), static_cast<int>(row.integer(3)), row.text(4)},
                    *status,
                    instant(row.integer(6)),
                    day_from(row.view(7))};
  return stored;
}

Result<StoredStep> step_from(const Statement& row) {
  const auto act = finding_act_from_text(row.view(1));
  const auto owner = owner_from_text(row.view(2));
  const auto status = finding_status_from_text(row.view(7));
  if (!act || !owner || !status) return damaged("a step");
  StoredStep stored;
  stored.index = static_cast<std::uint64_t>(row.integer(0));
  stored.decision = {*status, day_from(row.view(8))};
  stored.step.act = *act;
  stored.step.owner = *owner;
  stored.step.by = row.text(3);
  stored.step.said = {instant(row.integer(4)), quality_from(row.view(5))};
  stored.step.text_sha256 = row.text(6);
  if (*act == FindingAct::SetDue) stored.step.due = stored.decision.due;
  return stored;
}

Result<void> load_photos(Database& database, StoredStep& into) {
  Statement query = database.prepare(
      "select sha256 from finding_photo where ledger_index = ? order by nth", into.index);
  while (query.next())
    into.step.pictures.push_back(query.text(0));
  return query.done();
}

Result<void> load_steps(Database& database, StoredFinding& into) {
  Statement query = database.prepare(
      "select ledger_index, act, owner, by, said, said_quality, text_sha256, status, due"
      " from finding_step where finding = ? order by ledger_index",
      into.id);
  while (query.next()) {
    Result<StoredStep> step = step_from(query);
    if (!step) return step.error();
    into.steps.push_back(std::move(*step));
  }
  if (auto done = query.done(); !done) return done;
  for (StoredStep& step : into.steps)
    if (auto loaded = load_photos(database, step); !loaded) return loaded;
  return {};
}

Result<Finding> finding_before(Database& database, const FindingWord& word) {
  if (word.step.act == FindingAct::Raise)
    return Finding{word.kind, word.place, FindingStatus::None, word.step.said.at, {}};
  const auto stored = load(database, word.finding);
  if (!stored) return stored.error();
  return stored->finding;
}

Result<void> room_for_another(Database& database) {
  const auto open = database.integer("select count(*) from finding where status != 'closed'", 0);
  if (!open) return open.error();
  if (*open < most_open) return {};
  return Error{Fault::TooMuch,
               std::to_string(*open) + " findings are open; have some of them closed first"};
}

}  // namespace

Result<FindingRecorded> record(Database& database, Ledger& ledger, const FindingWord& word,
                               int due_days) {
  const Result<Finding> before = finding_before(database, word);
  if (!before) return before.error();
  const Result<Decision> decision = findings::decide(*before, word.step, due_days);
  if (!decision) return decision.error();
  const bool raises = word.step.act == FindingAct::Raise;
  if (raises)
    if (auto room = room_for_another(database); !room) return room.error();
  const Result<std::uint64_t> index =
      ledger.append(database, {std::string(event_type), word.step.said, data_of(word, *decision)});
  if (!index) return index.error();
  FindingWord named = word;
  if (raises) named.finding = *index;
  if (auto applied = apply(database, *index, named, *decision); !applied) return applied.error();
  return FindingRecorded{named.finding, *index, *decision};
}

Result<StoredFinding> load(Database& database, std::uint64_t id) {
  Statement query = database.prepare(std::string(finding_columns) + " where id = ?", id);
  Result<StoredFinding> stored = unknown(id);
  if (query.next()) stored = finding_from(query);
  if (auto done = query.done(); !done) return done.error();
  if (!stored) return stored;
  if (auto loaded = load_steps(database, *stored); !loaded) return loaded.error();
  return stored;
}

Result<std::vector<StoredFinding>> newest(Database& database, std::size_t count) {
  std::vector<StoredFinding> found;
  Statement query = database.prepare(
      std::string(finding_columns) + " order by status = 'closed', updated desc, id desc limit ?",
      count);
  while (query.next()) {
    Result<StoredFinding> stored = finding_from(query);
    if (!stored) return stored.error();
    found.push_back(std::move(*stored));
  }
  if (auto done = query.done(); !done) return done.error();
  for (StoredFinding& stored : found)
    if (auto loaded = load_steps(database, stored); !loaded) return loaded.error();
  return found;
}

Result<FindingsNow> now(Database& database) {
  FindingsNow found;
  Statement query =
      database.prepare(std::string(finding_columns) + " where status != 'closed' order by id");
  while (query.next()) {
    Result<StoredFinding> stored = finding_from(query);
    if (!stored) return stored.error();
    found.open.push_back(std::move(stored->finding));
  }
  if (auto done = query.done(); !done) return done.error();
  const auto newest = database.integer("select max(ledger_index) from finding_step", -1);
  if (!newest) return newest.error();
  if (*newest >= 0) found.newest = static_cast<std::uint64_t>(*newest);
  return found;
}

Result<void> rebuild(Database& database) {
  for (const char* table : {"finding_photo", "finding_step", "finding"})
    if (auto emptied = database.run("delete from " + std::string(table)); !emptied) return emptied;
  return each_leaf(
      database, event_type,
      [&](std::uint64_t index, const json::object& leaf, const json::object& data) -> Result<void> {
        Result<Replayed> replayed = replayed_from(leaf, data);
        if (!replayed) return replayed.error();
        if (replayed->word.step.act == FindingAct::Raise) replayed->word.finding = index;
        return apply(database, index, replayed->word, replayed->decision);
      });
}

}  // namespace jieding::sync::finding_table
