#include "drivers/hj212_frame.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace jieding::drivers::hj212 {
namespace {

constexpr std::size_t header_bytes = 6;  // "##" and four digits
constexpr std::size_t checksum_bytes = 4;

constexpr std::array<std::uint16_t, 256> checksum_table = [] {
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < table.size(); ++i) {
    unsigned value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 1U) ? (value >> 1U) ^ 0xA001U : value >> 1U;
    table[i] = static_cast<std::uint16_t>(value);
  }
  return table;
}();

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string hex4(unsigned value) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04X", value & 0xFFFFU);
  return text.data();
}

std::optional<unsigned> from_hex4(std::string_view text) {
  unsigned value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

bool only_line_ends(std::string_view bytes) {
  return bytes.find_first_not_of("\r\n") == std::string_view::npos;
}

}  // namespace

std::uint16_t checksum(std::string_view segment) {
  unsigned value = 0xFFFF;
  for (char c : segment) {
    value = checksum_table[((value >> 8U) ^ static_cast<unsigned char>(c)) & 0xFFU];
  }
  return static_cast<std::uint16_t>(value);
}

std::string to_frame(std::string_view segment) {
  std::array<char, 8> length{};
  std::snprintf(length.data(), length.size(), "%04u",
                static_cast<unsigned>(segment.size() % 10000));
  return "##" + std::string(length.data()) + std::string(segment) + hex4(checksum(segment)) +
         "\r\n";
}

/// Where `##` and four digits stand, or may stand once more bytes are here; the end: nowhere.
std::size_t FrameFinder::find_header(std::size_t from) const {
  for (std::size_t at = from; at < buffer_.size(); ++at) {
    at = buffer_.find('#', at);
    if (at == std::string::npos) break;
    const auto seen = std::string_view(buffer_).substr(at, header_bytes);
    const bool hash = seen.size() < 2 || seen[1] == '#';
    const auto digits = seen.substr(std::min<std::size_t>(2, seen.size()));
    if (hash && std::all_of(digits.begin(), digits.end(), is_digit)) return at;
  }
  return buffer_.size();
}

std::string FrameFinder::cut(std::size_t bytes) {
  std::string front = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return front;
}

/// The refused bytes end where another frame may begin, so a torn frame never costs its successor.
Found FrameFinder::refuse(std::string_view reason, std::string detail, std::size_t at_most) {
  lost_ = true;
  return {{}, cut(std::min(find_header(header_bytes), at_most)), reason, std::move(detail)};
}

std::optional<Found> FrameFinder::skip_garbage() {
  const std::string skipped = cut(find_header(0));
  if (only_line_ends(skipped) || lost_) return std::nullopt;
  lost_ = true;
  const std::string detail = std::to_string(skipped.size()) + " bytes outside any frame";
  return Found{{}, skipped, "garbage", detail};
}

std::optional<Found> FrameFinder::next() {
  if (auto garbage = skip_garbage()) return garbage;
  if (buffer_.size() < header_bytes) return std::nullopt;
  std::size_t length = 0;
  std::from_chars(buffer_.data() + 2, buffer_.data() + header_bytes, length);
  if (length > longest_segment) {
    return refuse("length", "declares " + std::to_string(length) + " bytes, 1024 are allowed",
                  buffer_.size());
  }
  const std::size_t whole = header_bytes + length + checksum_bytes;
  if (buffer_.size() < whole) return std::nullopt;
  const auto segment = std::string_view(buffer_).substr(header_bytes, length);
  const auto told = from_hex4(std::string_view(buffer_).substr(header_bytes + length, 4));
  const bool ends_well = segment.ends_with("&&");
  if (!told || (*told != checksum(segment) && !ends_well)) {
    return refuse("length", "does not end where its length of " + std::to_string(length) + " says",
                  whole);
  }
  if (*told != checksum(segment)) {
    return refuse("crc", "says " + hex4(*told) + ", its bytes give " + hex4(checksum(segment)),
                  whole);
  }
  lost_ = false;
  Found found{std::string(segment), {}, {}, {}};
  found.bytes = cut(whole);
  return found;
}

}  // namespace jieding::drivers::hj212
