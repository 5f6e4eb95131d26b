#pragma once
// How soon those who only look may see pictures.

#include <chrono>
#include <string_view>

#include "gateway/domain/time.hpp"

namespace jieding {

struct PublicPictures {
  std::chrono::hours delay{0};  ///< zero: at once
  bool stopped = false;         ///< not at all, old ones neither
};

inline constexpr std::chrono::hours longest_picture_delay{30 * 24};

/// Whether a picture of an instant is for everybody now.
inline bool is_public(const PublicPictures& rule, Instant taken, Instant now) {
  if (rule.stopped) return false;
  return rule.delay.count() == 0 || taken + rule.delay <= now;
}

/// `live`, `delayed` or `stopped`.
inline std::string_view to_text(const PublicPictures& rule) {
  if (rule.stopped) return "stopped";
  return rule.delay.count() == 0 ? "live" : "delayed";
}

}  // namespace jieding
