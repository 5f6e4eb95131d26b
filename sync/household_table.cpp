#include "sync/household_table.hpp"

#include "gateway/domain/milestone.hpp"
#include "gateway/domain/refusal.hpp"
#include "sync/leaf_fields.hpp"
#include "sync/time_columns.hpp"

namespace jieding::sync::household_table {
namespace {

namespace json = boost::json;

constexpr std::string_view event_type = "households";

Error damaged(std::string_view what) {
  return {Fault::Internal, "household counts: " + std::string(what) + " cannot be read"};
}

std::optional<std::uint64_t> index_in(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return static_cast<std::uint64_t>(row.integer(column));
}

/// The leaf's `data`.
json::object data_of(const HouseholdCount& count) {
  const Households& households = count.households;
  json::object data{{"act", count.corrects ? "correct" : "count"},
                    {"subject", households.subject},
                    {"counted", jieding::to_text(households.counted)},
                    {"awaiting_return", households.awaiting_return},
                    {"housed", households.housed},
                    {"awaiting_registration", households.awaiting_registration},
                    {"owner", jieding::to_text(Owner::Operator)},
                    {"by", count.by}};
  if (!count.document_sha256.empty()) data["document_sha256"] = count.document_sha256;
  if (count.corrects) data["corrects"] = *count.corrects;
  return data;
}

Result<HouseholdCount> count_from(const json::object& leaf, const json::object& data) {
  const auto said = from_rfc3339(text_in(leaf, "at"));
  const auto counted = day_from_text(text_in(data, "counted"));
  const bool whole = data.contains("awaiting_return") && data.contains("housed") &&
                     data.contains("awaiting_registration");
  if (!said || !counted || !whole) return damaged("an event");
  const auto number = [&](std::string_view name) {
    return static_cast<int>(number_in(data, name));
  };
  HouseholdCount count;
  count.households = {text_in(data, "subject"),        *counted,
                      number("awaiting_return"),       number("housed"),
                      number("awaiting_registration"), {}};
  count.by = text_in(data, "by");
  count.said.at = *said;
  count.document_sha256 = text_in(data, "document_sha256");
  if (data.contains("corrects"))
    count.corrects = static_cast<std::uint64_t>(number_in(data, "corrects"));
  return count;
}

Result<void> apply(Database& database, std::uint64_t index, const HouseholdCount& count) {
  if (count.corrects) {
    if (auto corrected =
            database.run("update household_count set corrected_by = ? where ledger_index = ?",
                         index, *count.corrects);
        !corrected)
      return corrected;
  }
  const Households& households = count.households;
  return database.run(
      "insert into household_count (ledger_index, subject, counted, awaiting_return, housed,"
      " awaiting_registration, by, said, document_sha256, corrects)"
      " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      index, households.subject, jieding::to_text(households.counted), households.awaiting_return,
      households.housed, households.awaiting_registration, count.by, millis(count.said.at),
      count.document_sha256, count.corrects ? Value(*count.corrects) : Value(nullptr));
}

Result<void> check(Database& database, const HouseholdCount& count) {
  const Households& households = count.households;
  if (count.corrects) {
    const auto stands = database.integer(
        "select count(*) from household_count where ledger_index = ? and corrected_by is null", 0,
        *count.corrects);
    if (!stands) return stands.error();
    if (*stands == 0)
      return Error{Fault::Conflict,
                   "entry " + std::to_string(*count.corrects) +
                       " is no count that stands; name the newest one",
                   refusal::status_changed};
  }
  const auto same_day = database.integer(
      "select ledger_index from household_count"
      " where subject = ? and counted = ? and corrected_by is null",
      -1, households.subject, jieding::to_text(households.counted));
  if (!same_day) return same_day.error();
  const bool taken = *same_day >= 0 &&
                     (!count.corrects || static_cast<std::int64_t>(*count.corrects) != *same_day);
  if (!taken) return {};
  return Error{Fault::Conflict,
               "a count of " + households.subject + " on " + jieding::to_text(households.counted) +
                   " stands as entry " + std::to_string(*same_day) + "; correct that one",
               refusal::counted_already};
}

}  // namespace

Result<std::uint64_t> record(Database& database, Ledger& ledger, const HouseholdCount& count) {
  if (auto fits = check(database, count); !fits) return fits.error();
  const auto index =
      ledger.append(database, EventDraft{std::string(event_type), count.said, data_of(count)});
  if (!index) return index;
  if (auto applied = apply(database, *index, count); !applied) return applied.error();
  return index;
}

Result<std::vector<StoredHouseholdCount>> all(Database& database) {
  std::vector<StoredHouseholdCount> found;
  Statement query = database.prepare(
      "select ledger_index, subject, counted, awaiting_return, housed, awaiting_registration, by,"
      " said, document_sha256, corrects, corrected_by from household_count order by ledger_index");
  while (query.next()) {
    const auto counted = day_from_text(query.text(2));
    if (!counted) return damaged("a row");
    StoredHouseholdCount stored;
    stored.ledger_index = static_cast<std::uint64_t>(query.integer(0));
    stored.count.households = {query.text(1),
                               *counted,
                               static_cast<int>(query.integer(3)),
                               static_cast<int>(query.integer(4)),
                               static_cast<int>(query.integer(5)),
                               {stored.ledger_index}};
    stored.count.by = query.text(6);
    stored.count.said.at = instant(query.integer(7));
    stored.count.document_sha256 = query.text(8);
    stored.count.corrects = index_in(query, 9);
    stored.corrected_by = index_in(query, 10);
    found.push_back(std::move(stored));
  }
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<void> rebuild(Database& database) {
  if (auto emptied = database.run("delete from household_count"); !emptied) return emptied;
  return each_leaf(database, event_type,
                   [&](std::uint64_t index, const json::object& leaf, const json::object& data) {
                     const auto count = count_from(leaf, data);
                     return count ? apply(database, index, *count) : Result<void>(count.error());
                   });
}

}  // namespace jieding::sync::household_table
