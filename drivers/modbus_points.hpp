#pragma once
// What a device's registers mean: the point table of the configuration, the few requests that read
// it, and the values in the answers. Without Asio.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "drivers/modbus_frame.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::drivers::modbus {

enum class Type { Bool, U16, S16, U32, S32, U64, S64, F32, F64 };

/// How the bytes ABCD of a value lie in its registers. Modbus itself only says that a register
/// comes high byte first.
enum class Order {
  Big,           ///< ABCD
  WordsSwapped,  ///< CDAB: the low register first
  BytesSwapped,  ///< BADC: each register low byte first
  Little,        ///< DCBA: both
};

/// One measured thing: value = raw * scale + offset.
struct Point {
  std::string quantity;
  std::string unit;
  Function function = Function::Holding;
  std::uint16_t first = 0;  ///< as on the wire, from 0
  Type type = Type::U16;
  Order order = Order::Big;
  unsigned bit = 0;  ///< of a Bool in a register, 0 the lowest
  double scale = 1;
  double offset = 0;
  std::optional<double> least;  ///< in `unit`; what lies outside is no value
  std::optional<double> most;
  std::optional<std::int64_t> missing;  ///< the raw value by which the device says that it has none

  /// Registers, or bits.
  std::uint16_t width() const;
};

/// Keys of `[[device.point]]`; each finds what is wrong with its own value.
std::span<const config::Key> point_keys();
/// The point of such a table, or what is wrong with it.
Result<Point> point_of(const config::Settings& table);

/// One request and the points (by their place in the table) that its answer holds.
struct Query {
  Request request;
  std::vector<std::size_t> points;
};

/// As few requests as read all points: neighbours up to `gap` registers (or bits) apart are read
/// together, as far as one request may reach.
std::vector<Query> plan(std::span<const Point> points, unsigned gap);

/// The same in two requests, parted at the widest gap: for devices that refuse to read registers
/// that they do not have. Not for a query of one point.
std::vector<Query> split(const Query& query, std::span<const Point> points);

/// What `point` is in the answer's values; Invalid: there is none, with the reason.
Result<double> value_of(const Point& point, const Request& request, std::string_view values);

}  // namespace jieding::drivers::modbus
