#pragma once

#include <atomic>
#include <chrono>

#include "gateway/runtime/clock.hpp"

namespace jieding::test {

/// Stands still until it is advanced, from any thread.
class ManualClock : public RuntimeClock {
 public:
  time_point now() const override { return time_point(since_start_.load()); }
  void advance(time_point::duration by) { since_start_ = since_start_.load() + by; }

 private:
  std::atomic<time_point::duration> since_start_{std::chrono::hours{300}};
};

}  // namespace jieding::test
