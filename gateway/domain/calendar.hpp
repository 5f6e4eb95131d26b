#pragma once
// Days and periods as the law counts them: Civil Code of the PRC, arts. 200-203.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"

namespace jieding {

/// A date in the site's calendar (Asia/Shanghai: UTC+8, no summer time).
using SiteDay = std::chrono::sys_days;

/// So many calendar months, then so many days (art. 200: the Gregorian calendar).
struct Term {
  int months = 0;
  int days = 0;
  friend bool operator==(const Term&, const Term&) = default;
};

/// The date on the site at an instant.
SiteDay site_day(Instant at);
/// The instant at which a date begins on the site.
Instant beginning_of(SiteDay day);

/// `2024-05-30`.
std::string to_text(SiteDay day);
/// Errors: Invalid for what is no date of the years 1900 to 2199.
Result<SiteDay> day_from_text(std::string_view text);

/// `5y`, `6mo`, `15d`; a whole number above zero, at most a hundred years.
std::optional<Term> period_from_text(std::string_view text);

/// The last day of a period. The day of the event is not counted (art. 201); a period of months or
/// years ends on the corresponding day, or on the month's last where that day is missing (art.
/// 202). It ends at 24:00 (art. 203): on that day one is still in time. Always counted from the
/// event, because adding months is not associative.
SiteDay last_day_of(SiteDay event, Term period);

}  // namespace jieding
