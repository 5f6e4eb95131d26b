#include "drivers/hj212_frame.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "gateway/domain/digit.hpp"

namespace jieding::drivers::hj212 {
namespace {

constexpr std::size_t header_bytes = 6;  // "##" and four digits; three in the field
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

std::string hex4(unsigned value) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04X", value & 0xFFFFU);
  return text.data();
}

std::optional<std::uint16_t> from_hex4(std::string_view text) {
  std::uint16_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

bool has_lower_case(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'f'; });
}

/// Whether a header stands at the front, or may once more bytes are here: `##`, then four digits,
/// or three before the segment's first letter.
bool may_be_header(std::string_view bytes) {
  const auto front = bytes.substr(0, header_bytes);
  if (front.substr(0, 2) !=
      std::string_view("##").substr(0, std::min<std::size_t>(2, front.size())))
    return false;
  for (std::size_t i = 2; i < front.size(); ++i) {
    if (is_digit(front[i])) continue;
    return i == header_bytes - 1 && front[i] >= 'A' && front[i] <= 'Z';
  }
  return true;
}

/// Every checksum of HJ 212 ends in one of eight ways: another end was never one.
std::string_view hint(unsigned told, std::string_view segment) {
  if ((told & 0x3EU) != 0) return "; no checksum of HJ 212 ends so";
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (std::none_of(segment.begin(), segment.end(), control)) return "";
  return "; what is no text may be encrypted: see the device's sm4_key_file";
}

bool only_line_ends(std::string_view bytes) {
  return bytes.find_first_not_of("\r\n") == std::string_view::npos;
}

/// Only the register's high byte is carried on, and what becomes of it is linear: so the effect of
/// a byte on the high byte `steps` bytes later is a table, and several bytes are taken at once.
constexpr std::size_t stride = 8;
constexpr std::array<std::array<std::uint8_t, 256>, stride> carried = [] {
  std::array<std::array<std::uint8_t, 256>, stride> tables{};
  for (std::size_t i = 0; i < 256; ++i) {
    auto high = static_cast<std::uint8_t>(checksum_table[i] >> 8U);
    for (auto& table : tables) {
      table[i] = high;
      high = static_cast<std::uint8_t>(checksum_table[high] >> 8U);
    }
  }
  return tables;
}();

}  // namespace

std::uint16_t checksum(std::string_view segment) {
  if (segment.empty()) return 0xFFFF;
  std::uint8_t high = 0xFF;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(segment[i]); };
  const std::size_t last = segment.size() - 1;
  std::size_t at = 0;
  for (; at + stride <= last; at += stride) {
    std::uint8_t next = carried[stride - 1][high ^ byte(at)];
    for (std::size_t i = 1; i < stride; ++i)
      next ^= carried[stride - 1 - i][byte(at + i)];
    high = next;
  }
  for (; at < last; ++at)
    high = carried[0][high ^ byte(at)];
  return checksum_table[high ^ byte(last)];
}

std::uint16_t modbus_checksum(std::string_view segment) {
  unsigned value = 0xFFFF;
  for (char c : segment) {
    value = checksum_table[(value ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (value >> 8U);
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

void FrameFinder::push(std::string_view bytes) {
  buffer_.erase(0, front_);
  front_ = 0;
  buffer_ += bytes;
}

std::size_t FrameFinder::find_header(std::size_t from) const {
  const std::string_view rest = unfinished();
  for (std::size_t at = from; at < rest.size(); ++at) {
    at = rest.find('#', at);
    if (at == std::string_view::npos) break;
    if (may_be_header(rest.substr(at))) return at;
  }
  return rest.size();
}

std::string FrameFinder::cut(std::size_t bytes) {
  std::string front(unfinished().substr(0, bytes));
  front_ += front.size();
  return front;
}

/// The refused bytes end where another frame may begin, so a torn frame never costs its successor.
Found FrameFinder::refuse(std::string_view reason, std::string detail, std::size_t at_most) {
  lost_ = true;
  line_open_ = false;
  Found found;
  found.refused = reason;
  found.detail = std::move(detail);
  found.bytes = cut(std::min(find_header(header_bytes - 1), at_most));
  return found;
}

std::optional<Found> FrameFinder::skip_garbage() {
  const std::string skipped = cut(find_header(0));
  if (!skipped.empty()) line_open_ = false;
  if (only_line_ends(skipped) || lost_) return std::nullopt;
  lost_ = true;
  Found found;
  found.refused = "garbage";
  found.detail = std::to_string(skipped.size()) + " bytes outside any frame";
  found.bytes = skipped;
  return found;
}

/// The header at the front; nothing: not whole yet.
std::optional<FrameFinder::Header> FrameFinder::header() const {
  const std::string_view rest = unfinished();
  if (rest.size() < header_bytes) return std::nullopt;
  const std::size_t bytes = is_digit(rest[header_bytes - 1]) ? header_bytes : header_bytes - 1;
  std::size_t length = 0;
  std::from_chars(rest.data() + 2, rest.data() + bytes, length);
  return Header{bytes, length};
}

/// Of the data segment on the wire: as declared, unless it is encrypted in a longer form.
std::size_t FrameFinder::segment_bytes(const Header& header) const {
  const auto begun = unfinished().substr(header.bytes);
  if (sealing_ == nullptr || begun.size() < header.length) return header.length;
  return sealing_->wire_length(begun, header.length);
}

std::optional<Found> FrameFinder::next() {
  if (auto garbage = skip_garbage()) return garbage;
  const auto front = header();
  if (!front) return std::nullopt;
  if (front->length > longest_) {
    return refuse("length",
                  "declares " + std::to_string(front->length) + " bytes, " +
                      std::to_string(longest_) + " are allowed",
                  unfinished().size());
  }
  const std::size_t length = segment_bytes(*front);
  if (unfinished().size() < front->bytes + length + checksum_bytes) return std::nullopt;
  return judge(*front, length);
}

/// A frame whose bytes are all here.
std::optional<Found> FrameFinder::judge(const Header& header, std::size_t length) {
  const std::size_t whole = header.bytes + length + checksum_bytes;
  const std::string_view segment = unfinished().substr(header.bytes, length);
  const std::string_view written = unfinished().substr(header.bytes + length, checksum_bytes);
  const auto told = from_hex4(written);
  Found found;
  if (told && sealing_ != nullptr) found.opened = sealing_->open(segment, *told).value_or("");
  const std::uint16_t computed = found.encrypted() ? 0 : checksum(segment);
  if (!found.encrypted() && told != computed) {
    if (!told || !segment.ends_with("&&")) {
      return refuse("length",
                    "does not end where its length of " + std::to_string(header.length) + " says",
                    whole);
    }
    if (*told != modbus_checksum(segment)) {
      return refuse("crc",
                    "says " + hex4(*told) + ", its bytes give " + hex4(computed) +
                        std::string(hint(*told, segment)),
                    whole);
    }
    found.used.add(Tolerance::ModbusCrc);
  }
  if (header.bytes < header_bytes) found.used.add(Tolerance::ThreeDigitLength);
  if (header.length > longest_segment) found.used.add(Tolerance::LongSegment);
  if (has_lower_case(written)) found.used.add(Tolerance::LowercaseCrc);
  if (line_open_) found.used.add(Tolerance::NoLineEnd);
  lost_ = false;
  line_open_ = true;
  found.segment_at = header.bytes;
  found.segment_bytes = length;
  found.bytes = cut(whole);
  return found;
}

}  // namespace jieding::drivers::hj212
