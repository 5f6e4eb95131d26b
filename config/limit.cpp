// [[limit]]

#include <algorithm>
#include <array>

#include "config/sections.hpp"
#include "config/words.hpp"

namespace jieding::config {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 2> level_words{"warning", "alarm"};
constexpr std::array<AlertLevel, 2> levels{AlertLevel::Warning, AlertLevel::Alarm};
constexpr Range<double> any_value{-1e9, 1e9};
constexpr Range<std::chrono::milliseconds> any_dwell{0ms, 24h * 31};
constexpr Range<std::chrono::milliseconds> any_change{1min, 24h * 31};
constexpr Range<std::chrono::milliseconds> any_gap{1s, 24h * 31};
constexpr std::size_t most_limits = 200;

void read_quantity(Table& table, std::string_view key, std::string& into) {
  if (table.text(key, into) && !is_quantity(into))
    table.complain(key,
                   "wrong value; write a quantity of 1 to 64 of a-z, 0-9 and _, such as \"pm10\"");
}

void read_statistic(Table& table, Limit& limit) {
  std::string text;
  if (!table.text("statistic", text)) return;
  if (const auto statistic = statistic_from_text(text)) {
    limit.statistic = *statistic;
  } else {
    table.complain("statistic",
                   "wrong value; write \"realtime\", or minute, hour or day with .mean, .min, .max "
                   "or .total, such as \"hour.mean\"");
  }
}

void read_devices_of(Table& table, const Config& config, Limit& limit) {
  if (!table.text_list("devices", limit.devices)) return;
  if (limit.devices.empty())
    table.complain("devices", "names none; name some, or remove it: then it is for all");
  for (const std::string& id : limit.devices)
    if (config.device(id) == nullptr)
      table.complain("devices", "no [[device]] has the id \"" + id + "\"; write ids of some");
}

void read_side(Table& table, Limit& limit) {
  const bool above = table.number("above", limit.threshold, any_value);
  const bool below = table.number("below", limit.threshold, any_value);
  if (table.has("above") == table.has("below")) {
    table.complain(table.has("above") ? "below" : "above",
                   "a limit is either above = NUMBER or below = NUMBER; write one of them");
  }
  limit.side = below && !above ? Limit::Side::Below : Limit::Side::Above;
  limit.clear = limit.threshold;
  if (!table.number("clear", limit.clear, any_value)) return;
  const bool wrong_side = limit.side == Limit::Side::Above ? limit.clear > limit.threshold
                                                           : limit.clear < limit.threshold;
  if (wrong_side) {
    table.complain("clear", limit.side == Limit::Side::Above
                                ? "lies above the limit; write a value below it, or on it"
                                : "lies below the limit; write a value above it, or on it");
  }
}

/// `HH:MM`, from 00:00 to 23:59.
std::optional<std::chrono::minutes> parse_clock(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
    return std::nullopt;
  const int hour = (text[0] - '0') * 10 + text[1] - '0';
  const int minute = (text[3] - '0') * 10 + text[4] - '0';
  if (hour > 23 || minute > 59) return std::nullopt;
  return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

void read_clock_time(Table& table, std::string_view key, std::chrono::minutes& into) {
  std::string text;
  if (!table.text(key, text)) return;
  if (const auto time = parse_clock(text)) {
    into = *time;
  } else {
    table.complain(key, "wrong value; write a time of day such as \"22:00\"");
  }
}

void read_hours(Table& table, Limit& limit) {
  if (!table.has("from") && !table.has("until")) return;
  table.must_have("from", "\"22:00\"");
  table.must_have("until", "\"06:00\"");
  DailyHours hours;
  read_clock_time(table, "from", hours.from);
  read_clock_time(table, "until", hours.until);
  if (hours.from == hours.until)
    table.complain("until", "is the same as from; write another time, or remove both");
  limit.hours = hours;
}

void read_limit(Table& table, Config& config) {
  Limit limit;
  table.must_have("id", "\"...\"");
  if (table.id("id", limit.id) &&
      std::any_of(config.limits.begin(), config.limits.end(),
                  [&](const Limit& other) { return other.id == limit.id; })) {
    table.complain("id", "another [[limit]] has this id; choose another one");
  }
  limit.zh = limit.en = limit.id;
  table.text("zh", limit.zh);
  table.text("en", limit.en);
  if (const auto level = table.choice("level", level_words)) limit.level = levels[*level];
  read_devices_of(table, config, limit);
  table.must_have("quantity", "\"...\", such as \"pm10\"");
  read_quantity(table, "quantity", limit.quantity);
  read_quantity(table, "minus", limit.minus);
  read_statistic(table, limit);
  table.must_have("unit", "that of the readings, such as \"ug/m3\", \"dB\", \"Cel\", \"m/s\"");
  table.text("unit", limit.unit);
  read_side(table, limit);
  read_hours(table, limit);
  table.duration("over", limit.over, any_change);
  if (limit.over.count() > 0 && !limit.minus.empty())
    table.complain("over", "a limit is on a difference or on a change; remove over or minus");
  table.duration("raise_after", limit.raise_after, any_dwell);
  table.duration("clear_after", limit.clear_after, any_dwell);
  limit.gap = usual_gap(limit.statistic);
  table.duration("gap", limit.gap, any_gap);
  table.refuse_unknown();
  config.limits.push_back(std::move(limit));
}

}  // namespace

void read_limits(Table& root, Config& config) {
  for (auto& table : root.tables("limit")) {
    if (config.limits.size() == most_limits)
      return root.complain("limit", "are more than 200; remove some");
    read_limit(table, config);
  }
}

}  // namespace jieding::config
