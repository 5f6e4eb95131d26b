#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

#include "gateway/runtime/clock.hpp"

namespace jieding {

/// How long to wait before the next attempt: exponential with full jitter (a wait between nothing
/// and the ceiling, so that boxes cut off together do not come back together). A connection resets
/// it only once it has held for `stable_after`: a broker that accepts and drops stays slowed down.
/// Pure but for the clock and the seed it is given.
class Backoff {
 public:
  using milliseconds = std::chrono::milliseconds;
  struct Limits {
    milliseconds first{500};
    milliseconds most{60'000};
    milliseconds stable_after{30'000};
  };

  Backoff(Limits limits, const RuntimeClock& clock, std::uint64_t seed)
      : limits_(limits), clock_(clock), random_(seed) {}

  void connected() { connected_at_ = clock_.now(); }

  /// An attempt failed or a connection ended: the wait before the next attempt.
  milliseconds next() {
    if (connected_at_ && clock_.now() - *connected_at_ >= limits_.stable_after) failures_ = 0;
    connected_at_.reset();
    const milliseconds highest = ceiling();
    if (failures_ < most_doublings) ++failures_;
    return milliseconds{std::uniform_int_distribution<std::int64_t>{0, highest.count()}(random_)};
  }

  /// The longest that the next wait can be.
  milliseconds ceiling() const {
    return std::min(limits_.most, limits_.first * (std::int64_t{1} << failures_));
  }

 private:
  static constexpr int most_doublings = 30;  ///< keeps the shift and the product inside 64 bits

  Limits limits_;
  const RuntimeClock& clock_;
  std::mt19937_64 random_;
  std::optional<RuntimeClock::time_point> connected_at_;
  int failures_ = 0;
};

}  // namespace jieding
