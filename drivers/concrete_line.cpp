#include "drivers/concrete_line.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "drivers/china_time.hpp"
#include "drivers/quoted.hpp"

namespace jieding::drivers::concrete {
namespace {

constexpr std::size_t host_bytes = 4;
constexpr std::size_t temperatures = 13;
constexpr std::size_t humidities = 5;
constexpr std::size_t most_nodes = 999;
// Where the fields stand.
constexpr std::size_t nodes_at = 1, node_at = 2, date_at = 3, time_at = 4, channels_at = 5;
constexpr std::size_t first_temperature = 6;
constexpr std::size_t node_volts_at = first_temperature + temperatures;
constexpr std::size_t humidities_at = node_volts_at + 1;
constexpr std::size_t first_humidity = humidities_at + 1;
constexpr std::size_t host_volts_at = first_humidity + humidities;
constexpr std::size_t all_fields = host_volts_at + 1;

struct Range {
  double least;
  double most;
};
constexpr Range believed_temperature{-50, 150};  // Cel
constexpr Range believed_humidity{0, 100};       // %RH
constexpr Range believed_volts{0, 60};

bool is_printed(char c) {
  return c == '\t' || (c >= ' ' && c <= '~');
}

bool is_host(std::string_view text) {
  return text.size() == host_bytes && text.find_first_of("\t ") == std::string_view::npos;
}

std::vector<std::string_view> parted(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t from = 0; from <= line.size();) {
    const auto end = std::min(line.find('\t', from), line.size());
    fields.push_back(line.substr(from, end - from));
    from = end + 1;
  }
  return fields;
}

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::optional<std::size_t> count(std::string_view text, std::size_t least, std::size_t most) {
  const auto value = number<std::size_t>(text);
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

/// `20260315` and `11:59:30`.
std::optional<Instant> time_of(std::string_view date, std::string_view time) {
  if (date.size() != 8 || time.size() != 8 || time[2] != ':' || time[5] != ':') return std::nullopt;
  std::string digits(date);
  digits.append(time.substr(0, 2)).append(time.substr(3, 2)).append(time.substr(6, 2));
  return local_time(digits);
}

/// The values of one record, on their way to readings.
class Values {
 public:
  Values(const Logger& logger, Instant at, Stamp received)
      : logger_(logger), at_(at), received_(received) {}

  void add(std::string quantity, std::string_view field, std::string_view unit, Range believed) {
    const auto value = number<double>(field);
    if (!value || !std::isfinite(*value) || *value < believed.least || *value > believed.most) {
      record.odd.push_back(quantity + ": " + quoted(field));
      return;
    }
    Reading reading;
    reading.device = logger_.device;
    reading.quantity = std::move(quantity);
    reading.value = *value;
    reading.unit = unit;
    reading.device_time = at_;
    reading.received = received_;
    record.batch.push_back(std::move(reading));
  }
  std::string temperature_name(std::size_t node, std::size_t channel) const {
    const auto named = logger_.names.find(std::to_string(node) + "." + std::to_string(channel));
    if (named != logger_.names.end()) return named->second;
    return "concrete_temperature_" + std::to_string(node) + "_" + std::to_string(channel);
  }

  Record record;

 private:
  const Logger& logger_;
  Instant at_;
  Stamp received_;
};

}  // namespace

Line read(std::string_view line, const Logger& logger, Stamp received) {
  if (line.size() > longest_line) return Strange{"too_long", "a line of more than 512 bytes"};
  if (!std::all_of(line.begin(), line.end(), is_printed))
    return Strange{"noise", "bytes that no logger prints: wrong baud rate, or another device"};
  if (line.ends_with('h') && is_host(line.substr(0, line.size() - 1)))
    return Heartbeat{std::string(line.substr(0, host_bytes))};
  const auto fields = parted(line);
  if (fields.size() != all_fields || !is_host(fields[0])) {
    return Strange{"fields", std::to_string(fields.size()) + " fields instead of " +
                                 std::to_string(all_fields) + ", the first of four characters"};
  }
  const auto node = count(fields[node_at], 1, most_nodes);
  const auto channels = count(fields[channels_at], 0, temperatures);
  const auto humid = count(fields[humidities_at], 0, humidities);
  if (!count(fields[nodes_at], 1, most_nodes) || !node || !channels || !humid)
    return Strange{"count", "a number of nodes, channels or humidities that cannot be"};
  const auto at = time_of(fields[date_at], fields[time_at]);
  if (!at)
    return Strange{"time",
                   "its time is none: " + quoted(fields[date_at]) + " " + quoted(fields[time_at])};
  Values values(logger, *at, received);
  for (std::size_t i = 0; i < *channels; ++i)
    values.add(values.temperature_name(*node, i + 1), fields[first_temperature + i], "Cel",
               believed_temperature);
  const std::string of_node = "_" + std::to_string(*node);
  for (std::size_t i = 0; i < *humid; ++i)
    values.add("concrete_humidity" + of_node + "_" + std::to_string(i + 1),
               fields[first_humidity + i], "%RH", believed_humidity);
  values.add("node_voltage" + of_node, fields[node_volts_at], "V", believed_volts);
  values.add("host_voltage", fields[host_volts_at], "V", believed_volts);
  if (values.record.batch.empty()) return Strange{"values", "no value of it can be believed"};
  values.record.host = std::string(fields[0]);
  return std::move(values.record);
}

void LineFinder::push(std::string_view bytes) {
  rest_ += bytes;
}

std::optional<std::string> LineFinder::next() {
  const auto end = rest_.find('\n');
  const auto more = rest_.substr(0, end);
  // One byte beyond tells that it was too long; CR may stand after the longest.
  const std::size_t room = longest_line + 2 - std::min(begun_.size(), longest_line + 2);
  begun_ += more.substr(0, room);
  rest_.erase(0, end == std::string::npos ? rest_.size() : end + 1);
  if (end == std::string::npos) return std::nullopt;
  std::string line = std::exchange(begun_, std::string{});
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

void LineFinder::clear() {
  begun_.clear();
  rest_.clear();
}

}  // namespace jieding::drivers::concrete
