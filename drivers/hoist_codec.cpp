#include "drivers/hoist_codec.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "drivers/china_time.hpp"

namespace jieding::drivers::hoist {
namespace {

constexpr std::size_t record_bytes = 68;
constexpr std::size_t heartbeat_bytes = 14;
constexpr std::size_t serial_bytes = 8;
constexpr std::size_t card_at = 12, card_bytes = 8;
constexpr std::size_t identity_at = 50, identity_bytes = 18;
constexpr std::size_t record_time_at = 20;
constexpr std::size_t header_bytes = 8;

enum class Type { U8, U16, I16 };

/// One value of a record, and between what it can be believed.
struct Field {
  std::size_t at;
  Type type;
  double scale;
  std::string_view quantity;
  std::string_view unit;
  double least;
  double most;
};

// clang-format off
constexpr std::array fields{
    Field{26, Type::U16, 1,    "hoist_load",       "kg",    0, 20'000},
    Field{28, Type::U16, 1,    "hoist_rated_load", "kg",    0, 20'000},
    Field{30, Type::U16, 0.1,  "hoist_height",     "m",     0,    500},
    Field{32, Type::U16, 0.1,  "hoist_speed",      "m/s",   0,      5},
    Field{34, Type::U8,  1,    "hoist_floor",      "1",     0,    200},
    Field{35, Type::U8,  1,    "hoist_persons",    "1",     0,    100},
    Field{38, Type::U16, 1,    "hoist_alarms",     "1",     0, 65'535},
    Field{42, Type::U8,  1,    "hoist_door",       "1",     0,    255},
    Field{44, Type::U16, 0.01, "wind_speed",       "m/s",   0,     75},
    Field{46, Type::I16, 0.01, "hoist_tilt_x",     "deg", -90,     90},
    Field{48, Type::I16, 0.01, "hoist_tilt_y",     "deg", -90,     90},
};
// clang-format on

std::uint8_t byte_at(std::string_view area, std::size_t at) {
  return static_cast<std::uint8_t>(area[at]);
}

double value_of(const Field& field, std::string_view area) {
  if (field.type == Type::U8) return byte_at(area, field.at) * field.scale;
  const auto raw =
      static_cast<std::uint16_t>(byte_at(area, field.at) | byte_at(area, field.at + 1) << 8U);
  const double number = field.type == Type::I16 ? static_cast<std::int16_t>(raw) : raw;
  // The nearest number with so many digits: 0.1 * 412 would be 41.200000000000003.
  return field.scale == 1 ? number : number / std::round(1 / field.scale);
}

/// BCD yyMMddHHmmss, this century.
std::optional<Instant> time_at(std::string_view area, std::size_t at) {
  std::string digits = "20";
  for (std::size_t i = 0; i < 6; ++i) {
    const unsigned byte = byte_at(area, at + i);
    digits += static_cast<char>('0' + (byte >> 4U));
    digits += static_cast<char>('0' + (byte & 0xfU));
  }
  return local_time(digits);
}

std::string bcd(Instant time) {
  const std::string digits = local_digits(time).substr(2, 12);
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes += static_cast<char>((digits[i] - '0') << 4 | (digits[i + 1] - '0'));
  return bytes;
}

void blank(std::string& bytes, std::size_t at, std::size_t count) {
  for (std::size_t i = at; i < std::min(at + count, bytes.size()); ++i)
    bytes[i] = '\0';
}

}  // namespace

std::string serial_number(const Frame& frame) {
  return frame.area.size() < serial_bytes ? "" : frame.area.substr(0, serial_bytes);
}

Result<Batch> readings(const Frame& frame, std::string_view device, Stamp received) {
  if (frame.area.size() != record_bytes) {
    return Error{Fault::Invalid,
                 "length: a record has 68 bytes, this one " + std::to_string(frame.area.size())};
  }
  const auto at = time_at(frame.area, record_time_at);
  if (!at) return Error{Fault::Invalid, "time: its time is none"};
  Batch batch;
  for (const Field& field : fields) {
    const double value = value_of(field, frame.area);
    if (value < field.least || value > field.most) {
      return Error{Fault::Invalid, "range: " + std::string(field.quantity) + " of " +
                                       std::to_string(std::lround(value))};
    }
    Reading reading;
    reading.device = device;
    reading.quantity = field.quantity;
    reading.value = value;
    reading.unit = field.unit;
    reading.device_time = *at;
    reading.received = received;
    batch.push_back(std::move(reading));
  }
  return batch;
}

std::optional<Instant> heartbeat_time(const Frame& frame) {
  if (frame.area.size() != heartbeat_bytes) return std::nullopt;
  return time_at(frame.area, serial_bytes);
}

Frame heartbeat_answer(const Frame& heartbeat, std::optional<Instant> time) {
  std::string area(1, time ? '\1' : '\0');
  if (time) area += bcd(*time);
  return {heartbeat.version, Command::Heartbeat, area};
}

Frame stored_answer(const Frame& stored) {
  return {stored.version, Command::Stored, std::string(1, '\0')};
}

std::string without_driver(std::string bytes) {
  constexpr std::string_view head = "\x7A\x7A";
  for (auto at = bytes.find(head); at != std::string::npos; at = bytes.find(head, at + 1)) {
    if (bytes.size() < at + header_bytes + card_at) break;
    blank(bytes, at + header_bytes + card_at, card_bytes);
    blank(bytes, at + header_bytes + identity_at, identity_bytes);
  }
  return bytes;
}

}  // namespace jieding::drivers::hoist
