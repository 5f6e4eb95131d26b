#pragma once
// Days and minutes on the site's clock as people write them: 2024年8月30日, Aug 30, 2024.

#include <string>

#include "gateway/domain/calendar.hpp"

namespace jieding::web {

std::string written_day(SiteDay day, bool english);
/// Without its year.
std::string written_short_day(SiteDay day, bool english);
/// `2024年8月30日 13:46`
std::string written_minute(Instant at, bool english);

}  // namespace jieding::web
