#include "gateway/runtime/clock.hpp"

#include <sys/timex.h>

namespace jieding {
namespace {

/// A year before which this software did not exist: an RTC that lost its battery.
constexpr Instant earliest_believable = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

}  // namespace

Stamp SystemClock::now() const {
  const auto at = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  timex query{};
  const int state = adjtimex(&query);  // -1 where it may not be asked: then nothing is known
  const bool disciplined = state >= 0 && state != TIME_ERROR && (query.status & STA_UNSYNC) == 0;
  const bool believable = at >= earliest_believable;
  return {at, disciplined && believable ? TimeQuality::Synced : TimeQuality::Unsynced};
}

Stamp PlaybackClock::now() const {
  const Instant now{std::chrono::milliseconds{now_.load()}};
  return {now, now == Instant{} ? TimeQuality::Unsynced : TimeQuality::Playback};
}

void PlaybackClock::move_to(Instant at) {
  const std::int64_t wanted = at.time_since_epoch().count();
  std::int64_t held = now_.load();
  while (held < wanted && !now_.compare_exchange_weak(held, wanted)) {
  }
}

}  // namespace jieding
