#include "gateway/web/written_dates.hpp"

#include <array>
#include <string_view>

#include "gateway/domain/site_time.hpp"

namespace jieding::web {
namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::string written_short_day(SiteDay day, bool english) {
  const std::chrono::year_month_day date{day};
  const auto month = static_cast<unsigned>(date.month());
  const auto of_month = std::to_string(static_cast<unsigned>(date.day()));
  if (english) return std::string(months[month - 1]) + " " + of_month;
  return std::to_string(month) + "月" + of_month + "日";
}

std::string written_day(SiteDay day, bool english) {
  const auto year = std::to_string(static_cast<int>(std::chrono::year_month_day{day}.year()));
  const auto rest = written_short_day(day, english);
  return english ? rest + ", " + year : year + "年" + rest;
}

std::string written_minute(Instant at, bool english) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(time_of_day(at)).count();
  const auto two = [](auto n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return written_day(site_day(at), english) + (english ? ", " : " ") + two(minutes / 60) + ":" +
         two(minutes % 60);
}

}  // namespace jieding::web
