#include "gateway/domain/calendar.hpp"

#include <array>
#include <charconv>

#include "gateway/domain/site_time.hpp"

namespace jieding {
namespace {

constexpr int most_months = 1200;
constexpr int most_days = 36525;

struct Unit {
  std::string_view word;
  Term of_one;
};
constexpr std::array<Unit, 3> units{{{"y", {12, 0}}, {"mo", {1, 0}}, {"d", {0, 1}}}};

}  // namespace

SiteDay site_day(Instant at) {
  return std::chrono::floor<std::chrono::days>(at + site_offset);
}

Instant beginning_of(SiteDay day) {
  return Instant(day) - site_offset;
}

std::string to_text(SiteDay day) {
  return to_rfc3339(day).substr(0, 10);
}

Result<SiteDay> day_from_text(std::string_view text) {
  const auto refuse = [&] {
    return Error(Fault::Invalid,
                 "'" + std::string(text.substr(0, 40)) + "' is not a date; write 2024-05-30");
  };
  if (text.size() != 10) return refuse();
  const auto at = from_rfc3339(std::string(text) + "T00:00:00Z");
  if (!at || text < "1900-01-01" || text > "2199-12-31") return refuse();
  return std::chrono::floor<std::chrono::days>(*at);
}

std::optional<Term> period_from_text(std::string_view text) {
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || number < 1 || number > most_days) return std::nullopt;
  const std::string_view word(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const Unit& unit : units) {
    if (unit.word != word) continue;
    const Term period{unit.of_one.months * number, unit.of_one.days * number};
    return period.months > most_months ? std::nullopt : std::optional(period);
  }
  return std::nullopt;
}

SiteDay last_day_of(SiteDay event, Term period) {
  using namespace std::chrono;
  year_month_day corresponding = year_month_day(event) + months{period.months};
  if (!corresponding.ok()) corresponding = corresponding.year() / corresponding.month() / last;
  return sys_days(corresponding) + days{period.days};
}

}  // namespace jieding
