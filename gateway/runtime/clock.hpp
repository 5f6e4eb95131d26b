#pragma once
// Two clocks. The business clock dates what happens on the site; the runtime clock (steady) drives
// time-outs, sessions, back-off and silence. Nothing else in the product asks the system for time.

#include <atomic>
#include <chrono>

#include "gateway/domain/time.hpp"

namespace jieding {

/// Thread-safe.
class BusinessClock {
 public:
  virtual ~BusinessClock() = default;
  virtual Stamp now() const = 0;
};

/// The system's clock, with the kernel's word on whether it is disciplined (adjtimex).
class SystemClock : public BusinessClock {
 public:
  Stamp now() const override;
};

/// Follows recorded pictures and stands still between them; never goes back. Tests turn it by hand.
/// Begun at zero it is untrusted until its first picture.
class PlaybackClock : public BusinessClock {
 public:
  explicit PlaybackClock(Instant start) : now_(start.time_since_epoch().count()) {}
  Stamp now() const override;
  void move_to(Instant at);

 private:
  std::atomic<std::int64_t> now_;  ///< ms since the epoch
};

/// Thread-safe. Never goes back, unaffected by the wall clock.
class RuntimeClock {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  virtual ~RuntimeClock() = default;
  virtual time_point now() const { return std::chrono::steady_clock::now(); }
};

}  // namespace jieding
