#include "sync/canonical_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

namespace jieding::sync {
namespace {

namespace json = boost::json;

constexpr std::int64_t largest_exact = std::int64_t{1} << 53;  // beyond, a double loses integers

/// UTF-16 code units, by which RFC 8785 §3.2.3 sorts; none for what is not UTF-8.
std::optional<std::u16string> utf16(std::string_view text) {
  std::u16string units;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return std::nullopt;
    char32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return std::nullopt;
      point = point << 6 | (next & 0x3Fu);
    }
    static constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < least[length] || surrogate || point > 0x10FFFF) return std::nullopt;
    if (point >= 0x10000) {
      units += static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10));
      units += static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF));
    } else {
      units += static_cast<char16_t>(point);
    }
    i += length;
  }
  return units;
}

Error not_canonical(std::string_view what) {
  return {Fault::Invalid, "not canonical JSON: " + std::string(what)};
}

/// Writes one value after the other into `out_`; the first trouble stops it.
class Writer {
 public:
  Result<std::string> take(const json::value& value) {
    write(value);
    if (trouble_) return *trouble_;
    return std::move(out_);
  }

 private:
  void write(const json::value& value) {
    switch (value.kind()) {
      case json::kind::null:
        out_ += "null";
        break;
      case json::kind::bool_:
        out_ += value.get_bool() ? "true" : "false";
        break;
      case json::kind::int64:
        write_integer(value.get_int64());
        break;
      case json::kind::uint64:
        if (value.get_uint64() > std::uint64_t{largest_exact})
          fail("an integer beyond 2^53");
        else
          write_integer(static_cast<std::int64_t>(value.get_uint64()));
        break;
      case json::kind::double_:
        if (std::isfinite(value.get_double()))
          out_ += ecmascript_number(value.get_double());
        else
          fail("a number that is not finite");
        break;
      case json::kind::string:
        write_text(value.get_string());
        break;
      case json::kind::array:
        write_array(value.get_array());
        break;
      case json::kind::object:
        write_object(value.get_object());
        break;
    }
  }
  void write_integer(std::int64_t value) {
    if (value > largest_exact || value < -largest_exact) return fail("an integer beyond 2^53");
    out_ += std::to_string(value);
  }
  void write_array(const json::array& array) {
    out_ += '[';
    for (const json::value& item : array) {
      if (&item != &array.front()) out_ += ',';
      write(item);
    }
    out_ += ']';
  }
  void write_object(const json::object& object) {
    std::vector<std::pair<std::u16string, const json::key_value_pair*>> members;
    for (const json::key_value_pair& member : object) {
      std::optional<std::u16string> units = utf16(member.key());
      if (!units) return fail("a member name that is not UTF-8");
      members.emplace_back(std::move(*units), &member);
    }
    std::sort(members.begin(), members.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    out_ += '{';
    bool first = true;
    for (const auto& [units, member] : members) {
      if (!first) out_ += ',';
      first = false;
      write_text(member->key());
      out_ += ':';
      write(member->value());
    }
    out_ += '}';
  }
  void write_text(std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    if (!utf16(text)) return fail("a text that is not UTF-8");
    out_ += '"';
    for (const char c : text) {
      switch (c) {
        case '"':
          out_ += "\\\"";
          break;
        case '\\':
          out_ += "\\\\";
          break;
        case '\b':
          out_ += "\\b";
          break;
        case '\t':
          out_ += "\\t";
          break;
        case '\n':
          out_ += "\\n";
          break;
        case '\f':
          out_ += "\\f";
          break;
        case '\r':
          out_ += "\\r";
          break;
        default:
          if (static_cast<unsigned char>(c) < 0x20) {
            out_ += "\\u00";
            out_ += digits[c >> 4];
            out_ += digits[c & 15];
          } else {
            out_ += c;
          }
      }
    }
    out_ += '"';
  }
  void fail(std::string_view what) {
    if (!trouble_) trouble_ = not_canonical(what);
  }

  std::string out_;
  std::optional<Error> trouble_;
};

}  // namespace

std::string ecmascript_number(double value) {
  if (value == 0) return "0";  // also -0
  // Shortest digits that read back as the same double: d.ddde±xx, as ECMAScript's step 5 wants
  // them.
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value),
                                 std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  int exponent = 0;
  const std::size_t skip_plus = text[e + 1] == '+' ? 2 : 1;
  std::from_chars(text.data() + e + skip_plus, text.data() + text.size(), exponent);

  const int k = static_cast<int>(digits.size());
  const int n = exponent + 1;  // the decimal point stands after n digits
  std::string out = value < 0 ? "-" : "";
  const auto count = [](int number) { return static_cast<std::size_t>(number); };
  if (k <= n && n <= 21) {
    out += digits + std::string(count(n - k), '0');
  } else if (0 < n && n <= 21) {
    out += digits.substr(0, count(n)) + "." + digits.substr(count(n));
  } else if (-6 < n && n <= 0) {
    out += "0." + std::string(count(-n), '0') + digits;
  } else {
    out += digits[0];
    if (k > 1) out += "." + digits.substr(1);
    out += n - 1 < 0 ? "e-" : "e+";
    out += std::to_string(std::abs(n - 1));
  }
  return out;
}

Result<std::string> canonical_json(const boost::json::value& value) {
  return Writer().take(value);
}

}  // namespace jieding::sync
