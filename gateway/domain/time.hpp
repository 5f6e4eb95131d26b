#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding {

/// A point in time, UTC, to the millisecond.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// How far a time stamp can be trusted. Stored as a number: never renumber.
enum class TimeQuality {
  Unsynced = 0,  ///< the clock was never set since boot, or shows an impossible year
  Holdover = 1,  ///< was synchronised, the source is away
  Synced = 2,    ///< disciplined by NTP
  Playback = 3,  ///< the business clock follows recorded pictures (demo, replay)
};

struct Stamp {
  Instant at;
  TimeQuality quality = TimeQuality::Unsynced;
};

/// `2024-05-30T04:42:00Z`, with `.mmm` only where milliseconds are not zero (RFC 3339).
std::string to_rfc3339(Instant at);

/// Accepts `Z` and numeric offsets, with or without a fraction; more than milliseconds is cut.
Result<Instant> from_rfc3339(std::string_view text);

/// `20240530T044200Z`, the form used in picture names (UTC).
std::string to_basic_utc(Instant at);
Result<Instant> from_basic_utc(std::string_view text);

std::string_view to_text(TimeQuality quality);

}  // namespace jieding
