#include "firmware-tools/cbor.hpp"

#include <cbor.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace jieding::tools::cbor {
namespace {

template <class Key>
const Value* find_in(const Value& value, const Key& key) {
  const Map* map = value.map();
  if (map == nullptr) return nullptr;
  for (const Entry& entry : *map) {
    const auto* own = std::get_if<Key>(&entry.key.is);
    if (own != nullptr && *own == key) return &entry.value;
  }
  return nullptr;
}

/// Puts together what the library's streaming decoder tells. That decoder allocates nothing, so a
/// header that promises four thousand million values costs nothing either.
class Builder {
 public:
  void add(Value value) {
    if (++values_ > most_values) return refuse("holds too many values");
    for (;;) {
      if (open_.empty()) {
        whole_ = std::move(value);
        return;
      }
      if (!put(open_.back(), std::move(value))) return refuse("says one key twice");
      Open& top = open_.back();
      if (top.endless || --top.left > 0) return;
      value = std::move(top.value);
      open_.pop_back();
    }
  }

  void begin(Value empty, std::uint64_t items, bool endless) {
    if (open_.size() >= deepest) return refuse("is too deep");
    if (items == 0 && !endless) return add(std::move(empty));
    if (items > most_values) return refuse("holds too many values");
    const bool pairs = std::holds_alternative<Map>(empty.is);
    open_.push_back({std::move(empty), pairs ? 2 * items : items, endless, std::nullopt});
  }

  void end() {
    if (open_.empty() || !open_.back().endless || open_.back().key) {
      return refuse("ends what was not begun");
    }
    Value value = std::move(open_.back().value);
    open_.pop_back();
    add(std::move(value));
  }

  void refuse(const char* why) {
    if (wrong_ == nullptr) wrong_ = why;
  }

  bool done() const { return whole_.has_value() || wrong_ != nullptr; }
  const char* wrong() const { return wrong_; }
  Value take() { return std::move(*whole_); }

 private:
  struct Open {
    Value value;
    std::uint64_t left;  ///< values that are to come; of no meaning in an endless one
    bool endless;
    std::optional<Value> key;  ///< whose value comes next
  };

  /// False: the key was there already.
  static bool put(Open& into, Value value) {
    if (auto* array = std::get_if<Array>(&into.value.is)) {
      array->push_back(std::move(value));
      return true;
    }
    auto& map = std::get<Map>(into.value.is);
    if (into.key) {
      map.push_back({std::move(*into.key), std::move(value)});
      into.key.reset();
      return true;
    }
    const bool there =
        std::any_of(map.begin(), map.end(), [&](const Entry& entry) { return entry.key == value; });
    into.key = std::move(value);
    return !there;
  }

  std::vector<Open> open_;
  std::optional<Value> whole_;
  std::size_t values_ = 0;
  const char* wrong_ = nullptr;
};

Builder& builder(void* context) {
  return *static_cast<Builder*>(context);
}

template <class Number>
void add_number(void* context, Number value) {
  builder(context).add(number(value));
}
/// -1 - value
template <class Number>
void add_negative(void* context, Number value) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value > most) return builder(context).refuse("holds a number that is too small");
  builder(context).add({-1 - static_cast<std::int64_t>(value)});
}
template <class Number>
void add_fraction(void* context, Number value) {
  builder(context).add({static_cast<double>(value)});
}
void add_null(void* context) {
  builder(context).add({});
}
void refuse_pieces(void* context) {
  builder(context).refuse("holds a string in pieces");
}
template <class Length>
std::string_view view(cbor_data from, Length length) {
  return {reinterpret_cast<const char*>(from), static_cast<std::size_t>(length)};
}

cbor_callbacks callbacks() {
  cbor_callbacks on = cbor_empty_callbacks;
  on.uint8 = add_number<std::uint8_t>;
  on.uint16 = add_number<std::uint16_t>;
  on.uint32 = add_number<std::uint32_t>;
  on.uint64 = add_number<std::uint64_t>;
  on.negint8 = add_negative<std::uint8_t>;
  on.negint16 = add_negative<std::uint16_t>;
  on.negint32 = add_negative<std::uint32_t>;
  on.negint64 = add_negative<std::uint64_t>;
  on.byte_string_start = refuse_pieces;
  on.byte_string = [](void* context, cbor_data from, auto length) {
    builder(context).add(bytes(view(from, length)));
  };
  on.string_start = refuse_pieces;
  on.string = [](void* context, cbor_data from, auto length) {
    builder(context).add(text(view(from, length)));
  };
  on.indef_array_start = [](void* context) { builder(context).begin({Array{}}, 0, true); };
  on.array_start = [](void* context, auto size) { builder(context).begin({Array{}}, size, false); };
  on.indef_map_start = [](void* context) { builder(context).begin({Map{}}, 0, true); };
  on.map_start = [](void* context, auto size) { builder(context).begin({Map{}}, size, false); };
  on.float2 = add_fraction<float>;
  on.float4 = add_fraction<float>;
  on.float8 = add_fraction<double>;
  on.undefined = add_null;
  on.null = add_null;
  on.boolean = [](void* context, bool value) { builder(context).add(truth(value)); };
  on.indef_break = [](void* context) { builder(context).end(); };
  return on;
}

Error wrong(const std::string& what) {
  return {Fault::Invalid, "CBOR " + what};
}

/// Writes a value behind what is there.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void operator()(std::monostate) const { head(cbor_encode_null); }
  void operator()(bool value) const { head(cbor_encode_bool, value); }
  void operator()(std::uint64_t value) const { head(cbor_encode_uint, value); }
  void operator()(std::int64_t value) const {
    if (value >= 0) return head(cbor_encode_uint, static_cast<std::uint64_t>(value));
    head(cbor_encode_negint, static_cast<std::uint64_t>(-1 - value));
  }
  void operator()(double value) const { head(cbor_encode_double, value); }
  void operator()(const Bytes& value) const {
    head(cbor_encode_bytestring_start, value.bytes.size());
    out_ += value.bytes;
  }
  void operator()(const std::string& value) const {
    head(cbor_encode_string_start, value.size());
    out_ += value;
  }
  void operator()(const Array& value) const {
    head(cbor_encode_array_start, value.size());
    for (const Value& each : value)
      std::visit(*this, each.is);
  }
  void operator()(const Map& value) const {
    head(cbor_encode_map_start, value.size());
    for (const Entry& entry : value) {
      std::visit(*this, entry.key.is);
      std::visit(*this, entry.value.is);
    }
  }

 private:
  template <class Encode, class... What>
  void head(Encode encode, What... what) const {
    std::array<unsigned char, 9> buffer{};
    const std::size_t size = encode(what..., buffer.data(), buffer.size());
    out_.append(reinterpret_cast<const char*>(buffer.data()), size);
  }

  std::string& out_;
};

}  // namespace

const Value* Value::find(std::string_view key) const {
  return find_in(*this, std::string(key));
}
const Value* Value::find(std::uint64_t key) const {
  return find_in(*this, key);
}
const std::string* Value::bytes() const {
  const auto* own = std::get_if<Bytes>(&is);
  return own == nullptr ? nullptr : &own->bytes;
}
bool Value::is_true() const {
  const auto* own = std::get_if<bool>(&is);
  return own != nullptr && *own;
}
bool Value::operator==(const Value& other) const {
  return is == other.is;
}

Value text(std::string_view of) {
  return {std::string(of)};
}
Value bytes(std::string_view of) {
  return {Bytes{std::string(of)}};
}
Value number(std::uint64_t of) {
  return {of};
}
Value truth(bool of) {
  return {of};
}

Result<Value> decode(std::string_view bytes) {
  static const cbor_callbacks on = callbacks();
  Builder builder;
  while (!builder.done()) {
    const cbor_decoder_result step =
        cbor_stream_decode(reinterpret_cast<cbor_data>(bytes.data()), bytes.size(), &on, &builder);
    if (step.status == CBOR_DECODER_NEDATA) return wrong("ends before it is whole");
    if (step.status != CBOR_DECODER_FINISHED) return wrong("holds what is no value");
    bytes.remove_prefix(step.read);
  }
  if (builder.wrong() != nullptr) return wrong(builder.wrong());
  if (!bytes.empty()) return wrong("is followed by something");
  return builder.take();
}

std::string encode(const Value& value) {
  std::string out;
  std::visit(Writer(out), value.is);
  return out;
}

}  // namespace jieding::tools::cbor
