#pragma once

#include <algorithm>
#include <chrono>

namespace jieding {

/// So many things per second, with room for a burst. Times are those of the runtime clock.
class TokenBucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  TokenBucket(double per_second, double burst, Time now)
      : per_second_(per_second), burst_(burst), tokens_(burst), filled_(now) {}

  /// Takes `count` when there are that many; a `count` beyond the burst never fits.
  bool take(double count, Time now) {
    fill(now);
    if (count > tokens_) return false;
    tokens_ -= count;
    return true;
  }
  /// How long until `count` are there.
  std::chrono::milliseconds wait(double count, Time now) {
    fill(now);
    const double missing = std::max(0.0, count - tokens_);
    return std::chrono::milliseconds(static_cast<long>(1000 * missing / per_second_) + 1);
  }

  /// Whether nothing is missing from the burst.
  bool full(Time now) const { return tokens_at(now) >= burst_; }

 private:
  double tokens_at(Time now) const {
    const double seconds = std::chrono::duration<double>(now - filled_).count();
    return std::min(burst_, tokens_ + seconds * per_second_);
  }
  void fill(Time now) {
    tokens_ = tokens_at(now);
    filled_ = now;
  }

  double per_second_;
  double burst_;
  double tokens_;
  Time filled_;
};

}  // namespace jieding
