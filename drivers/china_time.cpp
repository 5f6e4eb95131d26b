#include "drivers/china_time.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "gateway/domain/digit.hpp"
#include "gateway/domain/site_time.hpp"

namespace jieding::drivers {

std::optional<Instant> local_time(std::string_view digits) {
  using namespace std::chrono;
  if (digits.size() != 14 || !std::all_of(digits.begin(), digits.end(), is_digit))
    return std::nullopt;
  const auto at = [&](std::size_t from, std::size_t count) {
    unsigned value = 0;
    for (const char c : digits.substr(from, count))
      value = value * 10 + static_cast<unsigned>(c - '0');
    return value;
  };
  const year_month_day date{year{static_cast<int>(at(0, 4))}, month{at(4, 2)}, day{at(6, 2)}};
  if (!date.ok() || at(8, 2) > 23 || at(10, 2) > 59 || at(12, 2) > 59) return std::nullopt;
  return sys_days{date} + hours{at(8, 2)} + minutes{at(10, 2)} + seconds{at(12, 2)} - site_offset;
}

std::string local_digits(Instant at) {
  using namespace std::chrono;
  const auto local = at + site_offset;
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss time{local - day};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02u%02d%02d%02d%03d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return text.data();
}

}  // namespace jieding::drivers
