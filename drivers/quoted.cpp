#include "drivers/quoted.hpp"

#include <array>
#include <cstdio>

namespace jieding::drivers {
namespace {

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

/// Bytes of the UTF-8 character at the front; 0: none stands there.
std::size_t character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (!continues(text, i)) return 0;
  }
  if (size == 2) return 2;
  // Overlong forms, surrogates and beyond U+10FFFF (RFC 3629 §4).
  const auto second = static_cast<unsigned char>(text[1]);
  const bool wrong = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                     (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return wrong ? 0 : size;
}

std::string as_hex(char byte) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\x%02X", static_cast<unsigned char>(byte));
  return text.data();
}

}  // namespace

std::string quoted(std::string_view text, std::size_t most) {
  std::string line = "'";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = character(text.substr(at));
    const std::string next = bytes == 0 ? as_hex(text[at]) : std::string(text.substr(at, bytes));
    if (line.size() + next.size() > most + 1) break;
    line += next;
    at += bytes == 0 ? 1 : bytes;
  }
  return line + "'";
}

}  // namespace jieding::drivers
