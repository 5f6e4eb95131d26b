#include "tests/scenes/clock.hpp"

#include <array>
#include <ctime>

namespace jieding::scenes {
namespace {

std::tm parts_of(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  return parts;
}

std::tm local_parts(std::int64_t time) {
  return parts_of(time + static_cast<std::int64_t>(local_offset_hours * 3600));
}

using Text = std::array<char, 64>;

}  // namespace

std::string iso(std::int64_t time) {
  Text text{};
  const std::tm parts = parts_of(time);
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string file_stamp(std::int64_t time) {
  Text text{};
  const std::tm parts = parts_of(time);
  return {text.data(), std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts)};
}

std::string camera_clock(std::int64_t time) {
  Text text{};
  const std::tm parts = local_parts(time);
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %a %H:%M:%S", &parts)};
}

int day_of_year(std::int64_t time) {
  return parts_of(time).tm_yday;
}

double local_hour(std::int64_t time) {
  const std::tm parts = local_parts(time);
  return parts.tm_hour + parts.tm_min / 60.0;
}

}  // namespace jieding::scenes
