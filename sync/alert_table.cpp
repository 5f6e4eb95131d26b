#include "sync/alert_table.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "sync/time_columns.hpp"

namespace jieding::sync::alert_table {
namespace {

namespace json = boost::json;

constexpr std::chrono::hours hour{1};

/// What this table wrote itself; null if it is damaged.
json::value parse_own(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  return error ? json::value() : value;
}

struct Row {
  bool open = false;
  std::uint64_t ledger_index = 0;  ///< of the newest raise
  std::vector<Instant> raises;
};

std::vector<Instant> times_from(const json::value& value) {
  std::vector<Instant> times;
  if (const auto* array = value.if_array())
    for (const json::value& item : *array)
      if (const auto* ms = item.if_int64()) times.push_back(instant(*ms));
  return times;
}

Result<Row> load(Database& database, const AlertKey& key) {
  Row row;
  Statement query = database.prepare(
      "select open, ledger_index, raises from alert where kind = ? and device = ? and name = ?",
      key.kind, key.device, key.name);
  if (query.next()) {
    row.open = query.integer(0) != 0;
    row.ledger_index = static_cast<std::uint64_t>(query.integer(1));
    row.raises = times_from(parse_own(query.text(2)));
  }
  if (auto done = query.done(); !done) return done.error();
  return row;
}

/// A clock that went back leaves raises in the future: they no longer count.
void forget_old(std::vector<Instant>& raises, Instant now) {
  std::erase_if(raises, [&](Instant raise) { return raise > now || now - raise >= hour; });
}

json::object data_of(const AlertKey& key, std::string_view act, json::object what) {
  json::object data{{"alert", key.kind}, {"act", act}, {"device", key.device}};
  if (!key.name.empty()) data["limit"] = key.name;
  for (auto& [name, value] : what)
    data[name] = std::move(value);
  return data;
}

std::string raises_text(const std::vector<Instant>& raises) {
  json::array times;
  for (const Instant raise : raises)
    times.emplace_back(millis(raise));
  return json::serialize(times);
}

Result<std::vector<OpenAlert>> read(Statement query) {
  std::vector<OpenAlert> found;
  while (query.next()) {
    OpenAlert alert{{query.text(0), query.text(1), query.text(2)},
                    instant(query.integer(3)),
                    static_cast<std::uint64_t>(query.integer(4)),
                    {}};
    json::value says = parse_own(query.text(5));
    if (says.is_object()) alert.says = std::move(says.get_object());
    found.push_back(std::move(alert));
  }
  if (auto done = query.done(); !done) return done.error();
  return found;
}

}  // namespace

Result<AlertFate> raise(Database& database, Ledger& ledger, const AlertKey& key, Stamp at,
                        json::object what) {
  Result<Row> row = load(database, key);
  if (!row) return row.error();
  if (row->open) return AlertFate::Already;
  forget_old(row->raises, at.at);
  row->raises.push_back(at.at);
  json::object data = data_of(key, "raise", std::move(what));
  if (row->raises.size() >= most_raises_an_hour) data["flapping"] = true;
  const auto index = ledger.append(database, {"alert", at, data});
  if (!index) return index.error();
  if (auto stored = database.run("insert or replace into alert (kind, device, name, open, at,"
                                 " ledger_index, says, raises) values (?, ?, ?, 1, ?, ?, ?, ?)",
                                 key.kind, key.device, key.name, millis(at.at), *index,
                                 json::serialize(data), raises_text(row->raises));
      !stored)
    return stored.error();
  return AlertFate::Written;
}

Result<AlertFate> clear(Database& database, Ledger& ledger, const AlertKey& key, Stamp at,
                        json::object what) {
  Result<Row> row = load(database, key);
  if (!row) return row.error();
  if (!row->open) return AlertFate::Already;
  forget_old(row->raises, at.at);
  if (row->raises.size() >= most_raises_an_hour) return AlertFate::Held;
  json::object data = data_of(key, "clear", std::move(what));
  data["raised_index"] = row->ledger_index;
  const auto index = ledger.append(database, {"alert", at, std::move(data)});
  if (!index) return index.error();
  if (auto stored =
          database.run("update alert set open = 0 where kind = ? and device = ? and name = ?",
                       key.kind, key.device, key.name);
      !stored)
    return stored.error();
  return AlertFate::Written;
}

Result<std::vector<OpenAlert>> open(Database& database) {
  return read(
      database.prepare("select kind, device, name, at, ledger_index, says from alert where open = 1"
                       " order by kind, device, name"));
}

Result<std::vector<OpenAlert>> over_since(Database& database, Instant from) {
  return read(database.prepare(
      "select kind, device, name, at, ledger_index, says from alert where open = 0 and at >= ?"
      " order by kind, device, name",
      millis(from)));
}

}  // namespace jieding::sync::alert_table
