#include "gateway/domain/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>

namespace jieding {
namespace {

using std::chrono::milliseconds;

/// Reads digits from the front of a text; every step fails quietly and is asked for once at the
/// end.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    if (rest_.size() < digits) return fail();
    for (char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(char c) {
    if (!take(c)) fail();
  }
  /// Milliseconds of a fraction of any length up to nine digits.
  int fraction() {
    int value = 0;
    int digits = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9' && digits < 9) {
      if (digits < 3) value = value * 10 + (rest_.front() - '0');
      ++digits;
      rest_.remove_prefix(1);
    }
    if (digits == 0) return fail();
    for (; digits < 3; ++digits)
      value *= 10;
    return value;
  }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  int fail() {
    ok_ = false;
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<Instant> civil(int year, int month, int day, int hour, int minute, int second,
                             int millis) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year{year}, std::chrono::month{unsigned(month)},
                            std::chrono::day{unsigned(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return sys_days{date} + hours{hour} + minutes{minute} + seconds{second} + milliseconds{millis};
}

struct Civil {
  int year, month, day, hour, minute, second, millis;
};

Civil split(Instant at) {
  using namespace std::chrono;
  const auto midnight = floor<days>(at);
  const year_month_day date{midnight};
  const auto in_day = (at - midnight).count();
  return {int(date.year()),        int(unsigned(date.month())), int(unsigned(date.day())),
          int(in_day / 3'600'000), int(in_day / 60'000 % 60),   int(in_day / 1'000 % 60),
          int(in_day % 1'000)};
}

Error not_a_time(std::string_view text, std::string_view expected) {
  return {Fault::Invalid, "'" + std::string(text.substr(0, 40)) + "' is not a time; write " +
                              std::string(expected)};
}

}  // namespace

std::string to_rfc3339(Instant at) {
  const Civil c = split(at);
  std::array<char, 48> text{};
  if (c.millis != 0) {
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month,
                  c.day, c.hour, c.minute, c.second, c.millis);
  } else {
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month,
                  c.day, c.hour, c.minute, c.second);
  }
  return text.data();
}

Result<Instant> from_rfc3339(std::string_view text) {
  Scanner scan(text);
  const int year = scan.number(4);
  scan.need('-');
  const int month = scan.number(2);
  scan.need('-');
  const int day = scan.number(2);
  if (!scan.take('T') && !scan.take('t')) scan.need(' ');
  const int hour = scan.number(2);
  scan.need(':');
  const int minute = scan.number(2);
  scan.need(':');
  const int second = scan.number(2);
  const int millis = scan.take('.') ? scan.fraction() : 0;
  int offset_minutes = 0;
  if (!scan.take('Z') && !scan.take('z')) {
    const int sign = scan.take('-') ? -1 : 1;
    if (sign == 1) scan.need('+');
    const int offset_hours = scan.number(2);
    scan.need(':');
    offset_minutes = sign * (offset_hours * 60 + scan.number(2));
  }
  const auto at =
      scan.done() ? civil(year, month, day, hour, minute, second, millis) : std::nullopt;
  if (!at) return not_a_time(text, "2024-05-30T04:42:00Z");
  return *at - std::chrono::minutes{offset_minutes};
}

std::string to_basic_utc(Instant at) {
  const Civil c = split(at);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day,
                c.hour, c.minute, c.second);
  return text.data();
}

Result<Instant> from_basic_utc(std::string_view text) {
  Scanner scan(text);
  const int year = scan.number(4);
  const int month = scan.number(2);
  const int day = scan.number(2);
  scan.need('T');
  const int hour = scan.number(2);
  const int minute = scan.number(2);
  const int second = scan.number(2);
  scan.need('Z');
  const auto at = scan.done() ? civil(year, month, day, hour, minute, second, 0) : std::nullopt;
  if (!at) return not_a_time(text, "20240530T044200Z");
  return *at;
}

std::string_view to_text(TimeQuality quality) {
  switch (quality) {
    case TimeQuality::Unsynced:
      return "unsynced";
    case TimeQuality::Holdover:
      return "holdover";
    case TimeQuality::Synced:
      return "synced";
    case TimeQuality::Playback:
      return "playback";
  }
  return "unsynced";
}

}  // namespace jieding
