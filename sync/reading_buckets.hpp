#pragma once
// What a device measured over some hours, as few numbers as a small drawing needs.

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/domain/reading.hpp"
#include "gateway/domain/result.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

/// The readings of a stretch of time, all stretches being equally long.
struct ReadingBucket {
  int number = 0;  ///< 0 is the first stretch; one without readings is left out
  double low = 0;
  double mean = 0;
  double high = 0;
};

struct BucketSeries {
  std::string quantity;
  Statistic statistic;
  std::string unit;
  std::vector<ReadingBucket> buckets;  ///< by number
};

struct BucketSpan {
  Instant from;
  std::chrono::milliseconds step{0};
  int count = 0;
  Instant until() const { return from + step * count; }
};

/// By device time: what was measured at an instant, and means; never extremes or sums. What the
/// device's own flag calls unsound is left out.
Result<std::vector<BucketSeries>> bucket_readings(Database& database, const std::string& device,
                                                  const BucketSpan& span);

}  // namespace jieding::sync
