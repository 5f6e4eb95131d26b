#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gateway/domain/reading.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/runtime/intake.hpp"
#include "sync/mirror.hpp"

namespace jieding::sync {

struct ReadingCounts {
  std::int64_t stored = 0;
  std::int64_t repeated = 0;
  std::int64_t conflicting = 0;
};

/// Readings by identity (device, quantity, statistic, device time). Device, quantity and statistic
/// are interned as one small number, the series. Lives on journal.
class ReadingStore final : public Mirror {
 public:
  /// Inside the caller's transaction. Invalid: a value that is not finite, an empty name. What was
  /// not stored before is added to `fresh`, as pointers into the batch.
  Result<Accepted> store(Database& database, const Batch& batch,
                         std::vector<const Reading*>* fresh = nullptr);
  /// Deletes at most `max_rows` of the oldest readings received before; returns how many.
  Result<std::int64_t> forget(Database& database, Instant received_before, std::size_t max_rows);

  void writer_begins() override { counted_at_writer_ = counted_; }
  void writer_undone() override;
  Result<void> before_commit(Database& database) override;
  void committed() override { counted_ = {}; }
  void group_undone() override;

 private:
  struct SeriesKey {
    std::string device;
    std::string quantity;
    Statistic statistic;
    bool operator<(const SeriesKey& other) const;
  };
  enum class Fate { Stored, Repeated, Conflicting };
  Result<Fate> store_one(Database& database, const Reading& reading);
  Result<Fate> store_beside(Database& database, std::int64_t series, std::int64_t unit,
                            const Reading& reading);
  Result<std::int64_t> series_of(Database& database, const Reading& reading);
  Result<std::int64_t> unit_of(Database& database, const std::string& unit);
  void forget_names();

  ReadingCounts counted_;                     ///< in the open transaction
  ReadingCounts counted_at_writer_;           ///< when the running writer began
  std::map<SeriesKey, std::int64_t> series_;  ///< may name rows of the open transaction
  std::map<std::string, std::int64_t, std::less<>> units_;
};

namespace readings {

/// The newest reading of every series, by device time; what claims to be later than `not_after` is
/// left out (a device with a clock in the future).
Result<std::vector<Reading>> latest(Database& database, Instant not_after);
/// Those of each device within `span` before its newest, that its own flag calls sound; devices one
/// after the other, oldest first.
Result<std::vector<Reading>> newest(Database& database, const std::string& quantity,
                                    Statistic statistic, const std::string& unit,
                                    std::chrono::milliseconds span);
/// Since the database was made; survives deletion of old readings.
Result<ReadingCounts> counts(Database& database);

}  // namespace readings
}  // namespace jieding::sync
