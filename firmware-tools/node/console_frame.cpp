#include "firmware-tools/node/console_frame.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace jieding::tools::node {
namespace {

constexpr std::string_view first_mark = "\x06\x09";
constexpr std::string_view next_mark = "\x04\x14";
constexpr std::size_t mark_size = 2;
constexpr std::size_t length_size = 2;
constexpr std::size_t crc_size = 2;
/// With a prompt before its mark.
constexpr std::size_t longest_with_prompt = 2 * longest_line;
/// What 124 characters of base64 hold: a line without its mark and its end.
constexpr std::size_t most_in_line = (longest_line - mark_size - 1) / 4 * 3;
/// Packets that nobody has taken; a node answers one at a time.
constexpr std::size_t most_waiting = 16;

void append_big_endian(std::string& to, std::size_t number) {
  to += static_cast<char>(number >> 8 & 0xFF);
  to += static_cast<char>(number & 0xFF);
}
std::size_t read_big_endian(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) << 8 |
         static_cast<unsigned char>(bytes[at + 1]);
}

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  const auto body = text.find_last_not_of('=');
  const std::size_t padding = body == std::string_view::npos ? text.size() : text.size() - body - 1;
  if (padding > 2) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace

std::uint16_t crc_xmodem(std::string_view bytes) {
  unsigned crc = 0;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned>(static_cast<unsigned char>(c)) << 8;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
  }
  return static_cast<std::uint16_t>(crc);
}

std::string to_lines(std::string_view packet) {
  std::string all;
  append_big_endian(all, packet.size() + crc_size);
  all += packet;
  append_big_endian(all, crc_xmodem(packet));
  std::string lines;
  for (std::size_t at = 0; at < all.size(); at += most_in_line) {
    lines += at == 0 ? first_mark : next_mark;
    lines += to_base64(std::string_view(all).substr(at, most_in_line));
    lines += '\n';
  }
  return lines;
}

void LineReader::push(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    unread_ += bytes.substr(0, end);
    // A log line may be of any length; its beginning is enough to know that it is none of ours.
    if (unread_.size() > longest_with_prompt) unread_.resize(longest_with_prompt + 1);
    if (end == std::string_view::npos) return;
    take_line(unread_);
    unread_.clear();
    bytes.remove_prefix(end + 1);
  }
}

void LineReader::take_line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  // A prompt may stand before the mark, without an end of its line.
  const auto first = line.find(first_mark);
  const auto next = line.find(next_mark);
  const auto mark = std::min(first, next);
  if (mark == std::string_view::npos || line.size() > longest_with_prompt) return;
  line.remove_prefix(mark);
  auto bytes = line.size() < longest_line ? from_base64(line.substr(mark_size))
                                          : std::optional<std::string>{};
  if (!bytes || (mark == next && begun_.empty())) {
    ++broken_;
    begun_.clear();
    return;
  }
  if (mark == first) begun_.clear();
  begun_ += *bytes;
  finish();
}

void LineReader::finish() {
  if (begun_.size() < length_size) {
    ++broken_;
    begun_.clear();
    return;
  }
  const std::size_t length = read_big_endian(begun_, 0);
  if (begun_.size() < length_size + length && length <= longest_packet + crc_size) return;
  const std::string_view packet =
      std::string_view(begun_).substr(length_size, std::max(length, crc_size) - crc_size);
  const bool whole = length >= crc_size && begun_.size() == length_size + length &&
                     read_big_endian(begun_, length_size + packet.size()) == crc_xmodem(packet);
  if (!whole || whole_.size() == most_waiting) {
    ++broken_;
  } else {
    whole_.emplace_back(packet);
  }
  begun_.clear();
}

std::optional<std::string> LineReader::next() {
  if (whole_.empty()) return std::nullopt;
  std::string packet = std::move(whole_.front());
  whole_.pop_front();
  return packet;
}

}  // namespace jieding::tools::node
