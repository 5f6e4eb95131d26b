#pragma once
// CBOR (RFC 8949), as far as SMP and MCUboot's boot record use it: whole values, from anybody.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding::tools::cbor {

struct Value;
struct Entry;

struct Bytes {
  std::string bytes;
  bool operator==(const Bytes&) const = default;
};
using Array = std::vector<Value>;
using Map = std::vector<Entry>;  ///< in the order in which it stood or shall stand

struct Value {
  /// Null stands for undefined and simple values as well.
  std::variant<std::monostate, bool, std::uint64_t, std::int64_t, double, Bytes, std::string, Array,
               Map>
      is;

  /// What a map says under a text or a number; null: nothing, or no map.
  const Value* find(std::string_view key) const;
  const Value* find(std::uint64_t key) const;

  /// Null: it is something else.
  const std::string* text() const { return std::get_if<std::string>(&is); }
  const std::uint64_t* number() const { return std::get_if<std::uint64_t>(&is); }
  const Array* array() const { return std::get_if<Array>(&is); }
  const Map* map() const { return std::get_if<Map>(&is); }
  const std::string* bytes() const;
  bool is_true() const;

  bool operator==(const Value& other) const;  ///< written out: clang 14 crashes on a default
};

struct Entry {
  Value key;
  Value value;
  bool operator==(const Entry& other) const { return key == other.key && value == other.value; }
};

Value text(std::string_view of);
Value bytes(std::string_view of);
Value number(std::uint64_t of);
Value truth(bool of);

/// Deeper, or with more values in all, is refused.
constexpr std::size_t deepest = 8;
constexpr std::size_t most_values = 512;

/// One value and nothing after it. Refuses strings in pieces and keys that stand twice; tags are
/// passed over.
Result<Value> decode(std::string_view bytes);

/// In the shortest form, lengths first.
std::string encode(const Value& value);

}  // namespace jieding::tools::cbor
