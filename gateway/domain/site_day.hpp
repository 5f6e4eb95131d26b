#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"

namespace jieding {

/// A day of the site's calendar: Asia/Shanghai, UTC+8 without summer time.
using SiteDay = std::chrono::sys_days;

SiteDay site_day(Instant at);

/// `2024-11-08`, both ways. Invalid: no such day.
std::string day_to_text(SiteDay day);
Result<SiteDay> day_from_text(std::string_view text);

}  // namespace jieding
