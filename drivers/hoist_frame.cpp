#include "drivers/hoist_frame.hpp"

#include <algorithm>
#include <boost/crc.hpp>

namespace jieding::drivers::hoist {
namespace {

constexpr std::string_view head = "\x7A\x7A";
constexpr std::string_view tail = "\x7B\x7B";
constexpr std::size_t header_bytes = 8;

std::uint16_t u16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes[at]) |
                                    static_cast<std::uint8_t>(bytes[at + 1]) << 8U);
}

std::string low_first(std::size_t number) {
  return {static_cast<char>(number & 0xffU), static_cast<char>(number >> 8U & 0xffU)};
}

}  // namespace

std::uint16_t crc16(std::string_view bytes) {
  boost::crc_optimal<16, 0x1021> sum;
  sum.process_bytes(bytes.data(), bytes.size());
  return sum.checksum();
}

std::string to_bytes(const Frame& frame) {
  std::string bytes(head);
  bytes += frame.version;
  bytes += static_cast<char>(frame.command);
  bytes += low_first(frame.area.size());
  bytes += frame.area;
  bytes += low_first(crc16(frame.area));
  return bytes.append(tail);
}

std::optional<Found> FrameFinder::next() {
  const auto begin = buffer_.find(head);
  if (begin != 0) {
    // A last 7A may be the first half of a head.
    const bool half = begin == std::string::npos && buffer_.ends_with(head.front());
    const auto noise = std::min(begin, buffer_.size() - (half ? 1 : 0));
    if (noise == 0) return std::nullopt;
    return Strange{"noise", "bytes that no frame begins with", cut(noise)};
  }
  if (buffer_.size() < header_bytes) return std::nullopt;
  const std::size_t length = u16(buffer_, 6);
  if (length > longest_area) {
    return refuse("length", "an area of " + std::to_string(length) + " bytes; 512 at most");
  }
  const std::size_t whole = length + around_area;
  if (buffer_.size() < whole) return std::nullopt;
  if (std::string_view(buffer_).substr(whole - 2, 2) != tail) {
    return refuse("tail", "7B7B does not stand where the length says");
  }
  const auto area = std::string_view(buffer_).substr(header_bytes, length);
  if (crc16(area) != u16(buffer_, header_bytes + length)) {
    return Strange{"crc", "CRC-16/XMODEM of the area is another", cut(whole)};
  }
  Frame frame{buffer_.substr(2, 3), static_cast<Command>(buffer_[5]), std::string(area)};
  cut(whole);
  return frame;
}

std::string FrameFinder::cut(std::size_t bytes) {
  std::string front = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return front;
}

/// Its length cannot be believed, so all is refused up to what may be the next head.
Strange FrameFinder::refuse(std::string_view reason, std::string detail) {
  const auto next = std::min(buffer_.find(head, 1), buffer_.size());
  return {reason, std::move(detail), cut(next)};
}

}  // namespace jieding::drivers::hoist
