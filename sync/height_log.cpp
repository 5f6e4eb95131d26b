#include "sync/height_log.hpp"

#include <cmath>

#include "sync/time_columns.hpp"

namespace jieding::sync::height_log {
namespace {

/// No hoist and no crane of a building goes beyond; bounds the rows of a device as well.
constexpr double lowest = -100;
constexpr double highest = 1000;

bool is_height(const WatchedHeights& watched, const Reading& reading) {
  return reading.statistic == Statistic{} && reading.value >= lowest && reading.value <= highest &&
         watched.contains({reading.device, reading.quantity});
}

}  // namespace

Result<void> note(Database& database, const WatchedHeights& watched, const Batch& batch) {
  for (const Reading& reading : batch) {
    if (!is_height(watched, reading)) continue;
    const std::int64_t at = reading.device_time.time_since_epoch().count();
    auto stored = database.run(
        "insert into height_level (device, quantity, level, seen, first, last)"
        " values (?1, ?2, ?3, 1, ?4, ?4) on conflict (device, quantity, level) do update set"
        " seen = min(seen + 1, 1000000), last = excluded.last where excluded.last > last",
        reading.device, reading.quantity, static_cast<std::int64_t>(std::floor(reading.value)), at);
    if (!stored) return stored;
  }
  return {};
}

Result<std::vector<HeightLevel>> levels(Database& database, const std::string& device,
                                        const std::string& quantity) {
  std::vector<HeightLevel> found;
  Statement query = database.prepare(
      "select level, seen, first, last from height_level where device = ? and quantity = ?"
      " order by level",
      device, quantity);
  while (query.next())
    found.push_back({static_cast<int>(query.integer(0)), static_cast<int>(query.integer(1)),
                     instant(query.integer(2)), instant(query.integer(3))});
  if (auto done = query.done(); !done) return done.error();
  return found;
}

}  // namespace jieding::sync::height_log
