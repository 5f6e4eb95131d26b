#include "drivers/modbus_points.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <sstream>

#include "gateway/domain/names.hpp"

namespace jieding::drivers::modbus {
namespace {

using config::Key;
using config::KeyKind;
using config::Settings;

constexpr std::size_t longest_unit = 32;

constexpr std::array<std::string_view, 9> type_words{"bool", "u16", "s16", "u32", "s32",
                                                     "u64",  "s64", "f32", "f64"};
/// Bytes of a value of that type.
constexpr std::array<std::size_t, 9> sizes{2, 2, 2, 4, 4, 8, 8, 4, 8};
constexpr std::array<std::string_view, 4> order_words{"ABCD", "CDAB", "BADC", "DCBA"};

/// Those that can be wrong; by their place among the keys.
enum class PointKey {
  Quantity,
  Address,
  Function,
  Base,
  Type,
  Order,
  Bit,
  Unit,
  Scale,
  Offset,
  Least,
  Most
};
struct Wrong {
  PointKey key;
  std::string text;
};
template <class T>
using Read = boost::system::result<T, Wrong>;

std::size_t bytes_of(Type type) {
  return sizes[static_cast<std::size_t>(type)];
}

std::string joined(std::span<const std::string_view> words) {
  std::string text;
  for (const auto word : words)
    text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

/// Where a register is: its table and its number on the wire.
struct Place {
  Function function;
  std::uint16_t first;
};

/// `40001`, `400001`: the first digit is the table, what follows counts from 1. Coils (0xxxx) lose
/// their digit when written as a number, so they need `function`.
std::optional<Place> from_notation(std::int64_t address) {
  for (const std::int64_t place : {std::int64_t{10'000}, std::int64_t{100'000}}) {
    const std::int64_t table = address / place;
    const std::int64_t number = address % place;
    if (number < 1 || number > 65'536) continue;
    const auto first = static_cast<std::uint16_t>(number - 1);
    if (table == 1) return Place{Function::Inputs, first};
    if (table == 3) return Place{Function::InputRegisters, first};
    if (table == 4) return Place{Function::Holding, first};
  }
  return std::nullopt;
}

Read<Place> place_of(const Settings& table) {
  const auto address = table.get<std::int64_t>("address");
  const auto written = from_notation(address);
  if (!table.has("function")) {
    if (table.has("base")) return Wrong{PointKey::Base, "says nothing without function; add it"};
    if (written) return *written;
    return Wrong{PointKey::Address,
                 "is no 1xxxx, 3xxxx or 4xxxx; write it so, or add function = 1, 2, 3 or 4"};
  }
  const auto function = table.get<std::int64_t>("function");
  if (function < 1 || function > 4) {
    return Wrong{PointKey::Function,
                 "wrong value; write 1 (coils), 2 (inputs), 3 (holding "
                 "registers) or 4 (input registers)"};
  }
  const auto base = table.get<std::int64_t>("base", 0);
  if (base != 0 && base != 1) {
    return Wrong{PointKey::Base, "wrong value; write 0 or 1, what the first register is called"};
  }
  const auto named = static_cast<Function>(function);
  if (!table.has("base") && written && written->function == named) {
    return Wrong{PointKey::Address, "may be register " + std::to_string(written->first) +
                                        " or be meant as it stands; remove function, or add "
                                        "base = 0 (counted from 0) or base = 1"};
  }
  if (address < base || address > 65'535 + base) {
    return Wrong{PointKey::Address, "wrong value; write " + std::to_string(base) + " to " +
                                        std::to_string(65'535 + base) +
                                        ", or the likes of 40001 without function"};
  }
  return Place{named, static_cast<std::uint16_t>(address - base)};
}

Read<Type> type_of(const Settings& table, Function function) {
  const bool bits = reads_bits(function);
  const auto text = table.get<std::string>("type", bits ? "bool" : "u16");
  const auto type = enumerator<Type>(type_words, text);
  if (!type) return Wrong{PointKey::Type, "wrong value; write one of " + joined(type_words)};
  if (bits && *type != Type::Bool) {
    return Wrong{PointKey::Type, "coils and inputs are \"bool\"; write that, or another function"};
  }
  if (!bits && *type == Type::Bool && !table.has("bit")) {
    return Wrong{PointKey::Type, "a register has 16 of them; add bit = 0 (lowest) to 15"};
  }
  return *type;
}

Read<unsigned> bit_of(const Settings& table, Function function, Type type) {
  const auto bit = table.get<std::int64_t>("bit", 0);
  if (bit < 0 || bit > 15) return Wrong{PointKey::Bit, "wrong value; write 0 (lowest) to 15"};
  if (table.has("bit") && (reads_bits(function) || type != Type::Bool)) {
    return Wrong{PointKey::Bit, "is for type = \"bool\" in a register; remove it"};
  }
  return static_cast<unsigned>(bit);
}

Read<Order> order_of(const Settings& table) {
  const auto order = enumerator<Order>(order_words, table.get<std::string>("order", "ABCD"));
  if (order) return *order;
  return Wrong{PointKey::Order, "wrong value; write one of " + joined(order_words)};
}

std::optional<double> number(const Settings& table, std::string_view key) {
  if (!table.has(key)) return std::nullopt;
  return table.get<double>(key);
}

std::optional<Wrong> wrong_meaning(const Point& point) {
  if (!is_quantity(point.quantity)) {
    return Wrong{PointKey::Quantity, "wrong value; write up to 64 of a-z, 0-9 and _"};
  }
  if (point.unit.size() > longest_unit) {
    return Wrong{PointKey::Unit, "is longer than 32 characters; write a unit such as \"m/s\""};
  }
  if (point.scale == 0) return Wrong{PointKey::Scale, "makes every value 0; write another one"};
  if (point.least && point.most && !(*point.least < *point.most)) {
    return Wrong{PointKey::Most, "is not above least; write a larger number"};
  }
  if (point.first + point.width() > 65'536) {
    return Wrong{PointKey::Address,
                 "the value would end beyond the last register; write a "
                 "smaller address"};
  }
  return std::nullopt;
}

Read<Point> read(const Settings& table) {
  const auto place = place_of(table);
  if (!place) return place.error();
  const auto type = type_of(table, place->function);
  if (!type) return type.error();
  const auto bit = bit_of(table, place->function, *type);
  if (!bit) return bit.error();
  const auto order = order_of(table);
  if (!order) return order.error();
  Point point;
  point.quantity = table.get<std::string>("quantity");
  point.unit = table.get<std::string>("unit");
  point.function = place->function;
  point.first = place->first;
  point.type = *type;
  point.order = *order;
  point.bit = *bit;
  point.scale = table.get<double>("scale", 1);
  point.offset = table.get<double>("offset", 0);
  point.least = number(table, "least");
  point.most = number(table, "most");
  if (table.has("missing")) point.missing = table.get<std::int64_t>("missing");
  if (auto wrong = wrong_meaning(point)) return *wrong;
  return point;
}

template <PointKey key>
std::string wrong(const Settings& table, const config::Config&) {
  const auto point = read(table);
  return point || point.error().key != key ? "" : point.error().text;
}

constexpr std::array keys{
    Key{"quantity", KeyKind::Text, true, "what is measured: \"wind_speed\"",
        wrong<PointKey::Quantity>},
    Key{"address", KeyKind::Integer, true,
        "of its first register: 40001, 30001, 10001 as manuals write them; else add function",
        wrong<PointKey::Address>},
    Key{"function", KeyKind::Integer, false,
        "1 coils, 2 inputs, 3 holding registers, 4 input registers; left out: by the address",
        wrong<PointKey::Function>},
    Key{"base", KeyKind::Integer, false,
        "what the manual calls the first register, 0 or 1, where function is given; 0",
        wrong<PointKey::Base>},
    Key{"type", KeyKind::Text, false,
        "bool, u16, s16, u32, s32, u64, s64, f32 or f64; u16, of coils and inputs bool",
        wrong<PointKey::Type>},
    Key{"order", KeyKind::Text, false,
        "of the bytes: ABCD, CDAB (low register first), BADC, DCBA; ABCD", wrong<PointKey::Order>},
    Key{"bit", KeyKind::Integer, false, "of a bool in a register, 0 (lowest) to 15",
        wrong<PointKey::Bit>},
    Key{"unit", KeyKind::Text, false, "after scale and offset, as SenML names it: \"m/s\"",
        wrong<PointKey::Unit>},
    Key{"scale", KeyKind::Number, false, "the raw value is multiplied by it; 1",
        wrong<PointKey::Scale>},
    Key{"offset", KeyKind::Number, false, "then this is added; 0"},
    Key{"least", KeyKind::Number, false, "a value below is none"},
    Key{"most", KeyKind::Number, false, "a value above is none", wrong<PointKey::Most>},
    Key{"missing", KeyKind::Integer, false,
        "the raw value by which the device says that it has none: 0x7FFF"},
};

/// Bits or registers before the value.
std::size_t distance(const Point& point, const Request& request) {
  return static_cast<std::size_t>(point.first - request.first);
}

/// The value's bytes, highest first.
std::string big_endian(const Point& point, std::string_view bytes) {
  std::string value(bytes);
  const bool bytes_swapped = point.order == Order::BytesSwapped || point.order == Order::Little;
  const bool words_swapped = point.order == Order::WordsSwapped || point.order == Order::Little;
  if (bytes_swapped) {
    for (std::size_t i = 0; i + 1 < value.size(); i += 2)
      std::swap(value[i], value[i + 1]);
  }
  if (words_swapped) {
    for (std::size_t i = 0, j = value.size() - 2; i < j; i += 2, j -= 2) {
      std::swap(value[i], value[j]);
      std::swap(value[i + 1], value[j + 1]);
    }
  }
  return value;
}

std::uint64_t raw_of(std::string_view value) {
  return std::accumulate(
      value.begin(), value.end(), std::uint64_t{0},
      [](std::uint64_t sum, char byte) { return sum << 8U | static_cast<std::uint8_t>(byte); });
}

double number_of(const Point& point, std::uint64_t raw) {
  switch (point.type) {
    case Type::Bool:
      return static_cast<double>(raw >> point.bit & 1U);
    case Type::U16:
    case Type::U32:
    case Type::U64:
      return static_cast<double>(raw);
    case Type::S16:
      return static_cast<std::int16_t>(raw);
    case Type::S32:
      return static_cast<std::int32_t>(raw);
    case Type::S64:
      return static_cast<double>(static_cast<std::int64_t>(raw));
    case Type::F32:
      return std::bit_cast<float>(static_cast<std::uint32_t>(raw));
    case Type::F64:
      return std::bit_cast<double>(raw);
  }
  return 0;
}

bool says_missing(const Point& point, std::uint64_t raw) {
  if (!point.missing) return false;
  const std::size_t unused = 64 - 8 * bytes_of(point.type);
  return static_cast<std::uint64_t>(*point.missing) << unused == raw << unused;
}

std::string text(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

Result<double> judged(const Point& point, double value) {
  const auto none = [](const std::string& why) { return Error{Fault::Invalid, why}; };
  if (!std::isfinite(value)) return none("is not a number");
  if (point.least && value < *point.least) {
    return none("is " + text(value) + ", least is " + text(*point.least));
  }
  if (point.most && value > *point.most) {
    return none("is " + text(value) + ", most is " + text(*point.most));
  }
  return value;
}

std::size_t most_of(Function function) {
  return reads_bits(function) ? most_bits : most_registers;
}

/// `points` are in the order of their registers, and not empty.
Query query_of(std::vector<std::size_t> members, std::span<const Point> points) {
  const Point& front = points[members.front()];
  std::size_t end = 0;
  for (const std::size_t member : members)
    end = std::max(end, std::size_t{points[member].first} + points[member].width());
  Request request;
  request.function = front.function;
  request.first = front.first;
  request.count = static_cast<std::uint16_t>(end - front.first);
  return {request, std::move(members)};
}

}  // namespace

std::uint16_t Point::width() const {
  return reads_bits(function) ? std::uint16_t{1} : static_cast<std::uint16_t>(bytes_of(type) / 2);
}

std::span<const config::Key> point_keys() {
  return keys;
}

Result<Point> point_of(const config::Settings& table) {
  auto point = read(table);
  if (point) return std::move(*point);
  const std::string key(keys[static_cast<std::size_t>(point.error().key)].name);
  return Error{Fault::Invalid, key + ": " + point.error().text};
}

std::vector<Query> plan(std::span<const Point> points, unsigned gap) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(points[a].function, points[a].first) <
           std::pair(points[b].function, points[b].first);
  });
  std::vector<Query> queries;
  for (const std::size_t next : order) {
    const Point& point = points[next];
    if (!queries.empty()) {
      const Request& last = queries.back().request;
      const std::size_t end = std::size_t{point.first} + point.width();
      const bool near = point.function == last.function &&
                        point.first <= std::size_t{last.first} + last.count + gap &&
                        end - last.first <= most_of(last.function);
      if (near) {
        auto members = std::move(queries.back().points);
        members.push_back(next);
        queries.back() = query_of(std::move(members), points);
        continue;
      }
    }
    queries.push_back(query_of({next}, points));
  }
  return queries;
}

std::vector<Query> split(const Query& query, std::span<const Point> points) {
  const auto& members = query.points;
  std::size_t part = members.size() / 2;  // where there is no gap
  int widest = 0;
  int end = 0;  // of those before
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Point& point = points[members[i]];
    if (i > 0 && point.first - end > widest) {
      widest = point.first - end;
      part = i;
    }
    end = std::max(end, point.first + point.width());
  }
  const auto middle = members.begin() + static_cast<std::ptrdiff_t>(part);
  return {query_of({members.begin(), middle}, points), query_of({middle, members.end()}, points)};
}

Result<double> value_of(const Point& point, const Request& request, std::string_view values) {
  const std::size_t before = distance(point, request);
  const bool inside = point.function == request.function && point.first >= request.first &&
                      before + point.width() <= request.count &&
                      values.size() == request.value_bytes();
  if (!inside) return Error{Fault::Internal, "is not in this answer"};
  if (reads_bits(point.function)) {
    const auto byte = static_cast<std::uint8_t>(values[before / 8]);
    return judged(point, (byte >> before % 8 & 1) * point.scale + point.offset);
  }
  const auto raw = raw_of(big_endian(point, values.substr(before * 2, bytes_of(point.type))));
  if (says_missing(point, raw)) return Error{Fault::Invalid, "is missing, says the device"};
  return judged(point, number_of(point, raw) * point.scale + point.offset);
}

}  // namespace jieding::drivers::modbus
