#include "drivers/mqtt_reader.hpp"

namespace jieding::drivers::mqtt {
namespace {

constexpr std::uint8_t unsigned_of(char c) {
  return static_cast<std::uint8_t>(c);
}

/// Bytes after the first one of a character, and the least code point that needs them.
struct Form {
  std::size_t following;
  std::uint32_t least;
  std::uint32_t bits;
};

/// `following` 0: no character begins so.
Form form_of(std::uint8_t first) {
  if (first >= 0xC2 && first <= 0xDF) return {1, 0x80, first & 0x1Fu};
  if (first >= 0xE0 && first <= 0xEF) return {2, 0x800, first & 0x0Fu};
  if (first >= 0xF0 && first <= 0xF4) return {3, 0x10000, first & 0x07u};
  return {0, 0, 0};
}

bool is_code_point(std::uint32_t code, std::uint32_t least) {
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code >= least && code <= 0x10FFFF && !surrogate;
}

}  // namespace

bool is_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::uint8_t first = unsigned_of(bytes.front());
    bytes.remove_prefix(1);
    if (first == 0) return false;
    if (first < 0x80) continue;
    const Form form = form_of(first);
    if (form.following == 0 || bytes.size() < form.following) return false;
    std::uint32_t code = form.bits;
    for (const char c : bytes.substr(0, form.following)) {
      if ((unsigned_of(c) & 0xC0u) != 0x80u) return false;
      code = (code << 6) | (unsigned_of(c) & 0x3Fu);
    }
    if (!is_code_point(code, form.least)) return false;
    bytes.remove_prefix(form.following);
  }
  return true;
}

void Reader::fail() {
  failed_ = true;
  rest_ = {};
}

std::string_view Reader::take(std::size_t count) {
  if (failed_ || rest_.size() < count) {
    fail();
    return {};
  }
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::uint8_t Reader::byte() {
  const auto taken = take(1);
  return taken.empty() ? std::uint8_t{0} : unsigned_of(taken.front());
}

std::uint16_t Reader::two_bytes() {
  const unsigned high = byte();
  const unsigned low = byte();
  return static_cast<std::uint16_t>((high << 8) | low);
}

std::uint32_t Reader::four_bytes() {
  const std::uint32_t high = two_bytes();
  const std::uint32_t low = two_bytes();
  return (high << 16) | low;
}

std::uint32_t Reader::variable() {
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const std::uint8_t part = byte();
    value |= std::uint32_t{part & 0x7Fu} << shift;
    if ((part & 0x80u) != 0) continue;
    if (part == 0 && shift > 0) fail();  // [MQTT-1.5.5-1]: the fewest bytes that hold it
    return failed_ ? 0 : value;
  }
  fail();
  return 0;
}

std::string_view Reader::binary() {
  return take(two_bytes());
}

std::string_view Reader::text() {
  const auto taken = binary();
  if (!is_text(taken)) {
    fail();
    return {};
  }
  return taken;
}

}  // namespace jieding::drivers::mqtt
