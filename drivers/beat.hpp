#pragma once

#include <chrono>
#include <cstdint>

namespace jieding::drivers {

/// The instants at which something is due: one period apart from the first on, whatever happens in
/// between.
class Beat {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Beat(Time first, std::chrono::milliseconds period) : due_(first), period_(period) {}

  Time due() const { return due_; }
  std::chrono::milliseconds period() const { return period_; }
  /// On to the next one. Those that are a whole period ago are skipped; says how many.
  std::uint64_t next(Time now) {
    due_ += period_;
    if (now - due_ < period_) return 0;
    const auto skipped = (now - due_) / period_;
    due_ += period_ * skipped;
    return static_cast<std::uint64_t>(skipped);
  }
  /// Lets so many pass unused.
  void pass(std::uint64_t beats) { due_ += period_ * static_cast<std::int64_t>(beats); }

 private:
  Time due_;
  std::chrono::milliseconds period_;
};

}  // namespace jieding::drivers
