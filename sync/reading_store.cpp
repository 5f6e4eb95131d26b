#include "sync/reading_store.hpp"

#include <cmath>
#include <tuple>

#include "sync/numbers.hpp"
#include "sync/outbox.hpp"
#include "sync/time_columns.hpp"

namespace jieding::sync {
namespace {

constexpr std::size_t longest_name = 200;   // bytes; what codecs give is far shorter
constexpr std::size_t most_names = 50'000;  // in memory; forgotten as a whole beyond

Result<void> sound(const Reading& reading) {
  if (!std::isfinite(reading.value))
    return Error{Fault::Invalid, "reading of " + reading.device + ": the value is not a number"};
  if (reading.device.empty() || reading.quantity.empty())
    return Error{Fault::Invalid, "a reading needs a device and a quantity"};
  for (const std::string* name : {&reading.device, &reading.quantity, &reading.unit, &reading.flag})
    if (name->size() > longest_name)
      return Error{Fault::Invalid, "reading of " + reading.device.substr(0, 40) +
                                       ": a name is longer than 200 bytes"};
  return {};
}

}  // namespace

bool ReadingStore::SeriesKey::operator<(const SeriesKey& other) const {
  return std::tie(device, quantity, statistic.period, statistic.aggregate) <
         std::tie(other.device, other.quantity, other.statistic.period, other.statistic.aggregate);
}

Result<Accepted> ReadingStore::store(Database& database, const Batch& batch,
                                     std::vector<const Reading*>* fresh) {
  Accepted accepted;
  for (const Reading& reading : batch) {
    if (auto good = sound(reading); !good) return good.error();
    const Result<Fate> fate = store_one(database, reading);
    if (!fate) return fate.error();
    switch (*fate) {
      case Fate::Stored:
        ++accepted.stored;
        if (fresh != nullptr) fresh->push_back(&reading);
        break;
      case Fate::Repeated:
        ++accepted.repeated;
        break;
      case Fate::Conflicting:
        ++accepted.conflicting;
        break;
    }
  }
  counted_.stored += static_cast<std::int64_t>(accepted.stored);
  counted_.repeated += static_cast<std::int64_t>(accepted.repeated);
  counted_.conflicting += static_cast<std::int64_t>(accepted.conflicting);
  return accepted;
}

Result<ReadingStore::Fate> ReadingStore::store_one(Database& database, const Reading& reading) {
  const Result<std::int64_t> series = series_of(database, reading);
  if (!series) return series.error();
  const Result<std::int64_t> unit = unit_of(database, reading.unit);
  if (!unit) return unit.error();
  Result<void> inserted = database.run(
      "insert into reading (series, at, nth, value, unit, received, quality, flag)"
      " values (?, ?, 0, ?, ?, ?, ?, ?) on conflict do nothing",
      *series, millis(reading.device_time), reading.value, *unit, millis(reading.received.at),
      reading.received.quality, reading.flag);
  if (!inserted) return inserted.error();
  if (database.changes() == 1) return Fate::Stored;
  return store_beside(database, *series, *unit, reading);
}

/// The identity is taken: the same value again, or another one beside the first.
Result<ReadingStore::Fate> ReadingStore::store_beside(Database& database, std::int64_t series,
                                                      std::int64_t unit, const Reading& reading) {
  const std::int64_t at = millis(reading.device_time);
  const Result<std::int64_t> same = database.integer(
      "select 1 from reading where series = ? and at = ? and nth = 0 and value = ? and unit = ?", 0,
      series, at, reading.value, unit);
  if (!same) return same.error();
  if (*same == 1) return Fate::Repeated;
  Result<void> inserted = database.run(
      "insert into reading (series, at, nth, value, unit, received, quality, flag)"
      " values (?1, ?2, (select max(nth) + 1 from reading where series = ?1 and at = ?2),"
      " ?3, ?4, ?5, ?6, ?7) on conflict do nothing",
      series, at, reading.value, unit, millis(reading.received.at), reading.received.quality,
      reading.flag);
  if (!inserted) return inserted.error();
  return database.changes() == 1 ? Fate::Conflicting : Fate::Repeated;
}

Result<std::int64_t> ReadingStore::series_of(Database& database, const Reading& reading) {
  const SeriesKey key{reading.device, reading.quantity, reading.statistic};
  if (const auto known = series_.find(key); known != series_.end()) return known->second;
  if (auto inserted =
          database.run("insert into series (device, quantity, period, aggregate)"
                       " values (?, ?, ?, ?) on conflict do nothing",
                       key.device, key.quantity, key.statistic.period, key.statistic.aggregate);
      !inserted)
    return inserted.error();
  const Result<std::int64_t> id = database.integer(
      "select id from series where device = ? and quantity = ? and period = ? and aggregate = ?", 0,
      key.device, key.quantity, key.statistic.period, key.statistic.aggregate);
  if (!id) return id;
  if (series_.size() >= most_names) series_.clear();
  series_.emplace(key, *id);
  return id;
}

Result<std::int64_t> ReadingStore::unit_of(Database& database, const std::string& unit) {
  if (const auto known = units_.find(unit); known != units_.end()) return known->second;
  if (auto inserted =
          database.run("insert into unit (name) values (?) on conflict do nothing", unit);
      !inserted)
    return inserted.error();
  const Result<std::int64_t> id = database.integer("select id from unit where name = ?", 0, unit);
  if (!id) return id;
  if (units_.size() >= most_names) units_.clear();
  units_.emplace(unit, *id);
  return id;
}

Result<std::int64_t> ReadingStore::forget(Database& database, Instant received_before,
                                          std::size_t max_rows) {
  // The newest row stays, or its id would be given again and the telemetry cursor would skip it. A
  // stamp of an untrusted clock says nothing of a row's age: such rows go with the next one that
  // was surely received too long ago.
  const Result<std::int64_t> last = database.integer(
      "select max(id) from (select id, received, quality from reading where id < (select max(id) "
      "from reading) order by id limit ?) where received < ? and quality <> ?",
      0, max_rows, millis(received_before), TimeQuality::Unsynced);
  if (!last || *last == 0) return last;
  if (auto given_up = outbox::give_up_telemetry(database, *last); !given_up)
    return given_up.error();
  if (auto deleted = database.run("delete from reading where id <= ?", *last); !deleted)
    return deleted.error();
  return database.changes();
}

void ReadingStore::writer_undone() {
  counted_ = counted_at_writer_;
  forget_names();
}

Result<void> ReadingStore::before_commit(Database& database) {
  Result<void> added;
  if (counted_.stored > 0) added = numbers::add(database, "readings_stored", counted_.stored);
  if (added && counted_.repeated > 0)
    added = numbers::add(database, "readings_repeated", counted_.repeated);
  if (added && counted_.conflicting > 0)
    added = numbers::add(database, "readings_conflicting", counted_.conflicting);
  return added;
}

void ReadingStore::group_undone() {
  counted_ = {};
  forget_names();
}

void ReadingStore::forget_names() {
  series_.clear();
  units_.clear();
}

namespace readings {

Result<std::vector<Reading>> latest(Database& database, Instant not_after) {
  std::vector<Reading> found;
  Statement query = database.prepare(
      "select s.device, s.quantity, s.period, s.aggregate, r.value, u.name, r.at, r.received,"
      " r.quality, r.flag from series s join reading r on r.id = (select id from reading"
      " where series = s.id and at <= ? order by at desc, nth desc limit 1)"
      " join unit u on u.id = r.unit order by s.device, s.quantity, s.period, s.aggregate",
      millis(not_after));
  while (query.next()) {
    Reading reading;
    reading.device = query.text(0);
    reading.quantity = query.text(1);
    reading.statistic = {static_cast<Period>(query.integer(2)),
                         static_cast<Aggregate>(query.integer(3))};
    reading.value = query.real(4);
    reading.unit = query.text(5);
    reading.device_time = Instant(std::chrono::milliseconds(query.integer(6)));
    reading.received = {Instant(std::chrono::milliseconds(query.integer(7))),
                        static_cast<TimeQuality>(query.integer(8))};
    reading.flag = query.text(9);
    found.push_back(std::move(reading));
  }
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<std::vector<Reading>> newest(Database& database, const std::string& quantity,
                                    Statistic statistic, const std::string& unit,
                                    std::chrono::milliseconds span) {
  std::vector<Reading> found;
  Statement query = database.prepare(
      "select s.device, r.value, r.at from series s join reading r on r.series = s.id"
      " join unit u on u.id = r.unit where s.quantity = ? and s.period = ? and s.aggregate = ?"
      " and u.name = ? and r.nth = 0 and r.flag in ('', 'N')"
      " and r.at > (select max(at) from reading where series = s.id) - ? order by s.device, r.at",
      quantity, statistic.period, statistic.aggregate, unit, span.count());
  while (query.next()) {
    Reading reading;
    reading.device = query.text(0);
    reading.quantity = quantity;
    reading.statistic = statistic;
    reading.value = query.real(1);
    reading.unit = unit;
    reading.device_time = Instant(std::chrono::milliseconds(query.integer(2)));
    found.push_back(std::move(reading));
  }
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<ReadingCounts> counts(Database& database) {
  ReadingCounts counts;
  const std::pair<std::string_view, std::int64_t*> fields[] = {
      {"readings_stored", &counts.stored},
      {"readings_repeated", &counts.repeated},
      {"readings_conflicting", &counts.conflicting}};
  for (const auto& [name, field] : fields) {
    const Result<std::int64_t> number = numbers::get(database, name);
    if (!number) return number.error();
    *field = *number;
  }
  return counts;
}

}  // namespace readings
}  // namespace jieding::sync
