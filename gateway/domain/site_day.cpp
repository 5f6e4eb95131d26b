#include "gateway/domain/site_day.hpp"

#include "gateway/domain/site_time.hpp"

namespace jieding {

SiteDay site_day(Instant at) {
  return std::chrono::floor<std::chrono::days>(at + site_offset);
}

std::string day_to_text(SiteDay day) {
  return to_rfc3339(day).substr(0, 10);
}

Result<SiteDay> day_from_text(std::string_view text) {
  const auto at = from_rfc3339(std::string(text) + "T00:00:00Z");
  if (!at || text.size() != 10)
    return Error{Fault::Invalid,
                 "'" + std::string(text.substr(0, 20)) + "' is no day; write it as 2024-11-08"};
  return std::chrono::floor<std::chrono::days>(*at);
}

}  // namespace jieding
