#pragma once
// How columns hold times: milliseconds since 1970, UTC, and the quality by its name.

#include <cstdint>
#include <string_view>

#include "gateway/domain/time.hpp"

namespace jieding::sync {

inline std::int64_t millis(Instant at) {
  return at.time_since_epoch().count();
}
inline Instant instant(std::int64_t milliseconds) {
  return Instant(std::chrono::milliseconds(milliseconds));
}

/// Unsynced for a name that is none: what is not known is not trusted.
inline TimeQuality quality_from(std::string_view text) {
  for (const TimeQuality quality :
       {TimeQuality::Holdover, TimeQuality::Synced, TimeQuality::Playback})
    if (to_text(quality) == text) return quality;
  return TimeQuality::Unsynced;
}

}  // namespace jieding::sync
