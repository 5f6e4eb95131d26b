#pragma once

#include "gateway/domain/time.hpp"

namespace jieding {

/// The site's own time less UTC: Asia/Shanghai, without summer time.
inline constexpr std::chrono::hours site_offset{8};

/// Since midnight on the site.
inline std::chrono::milliseconds time_of_day(Instant at) {
  const auto local = at + site_offset;
  return local - std::chrono::floor<std::chrono::days>(local);
}

}  // namespace jieding
