#pragma once
// Frames of construction hoists (GOYO v1.3 and v1.4, as their public server reads them): any bytes
// in, sound frames or named refusals out. Numbers are little-endian.
//
//   0    2   3       | 5       | 6      | 8 ...        | 8+length | +2
//   7A7A | version 3 | command | length | area: length | CRC      | 7B7B
//
//   CRC  CRC-16/XMODEM over the area, low byte first

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace jieding::drivers::hoist {

inline constexpr std::size_t longest_area = 512;
inline constexpr std::size_t around_area = 12;  ///< bytes of a frame beside its area

enum class Command : std::uint8_t {
  Heartbeat = 0,  ///< answered
  Realtime = 1,
  Identity = 2,  ///< a driver signs in at the hoist
  Stored = 3,    ///< a realtime record of when it was cut off; answered
  Parameters = 4,
  Runtime = 7,
  Clock = 8,
  Violation = 9,
};

struct Frame {
  std::string version;  ///< its three bytes, given back in answers
  Command command = Command::Heartbeat;
  std::string area;
};

/// Bytes that are no frame, and why: `noise`, `length`, `tail`, `crc`.
struct Strange {
  std::string_view reason;
  std::string detail;
  std::string bytes;
};
using Found = std::variant<Frame, Strange>;

std::uint16_t crc16(std::string_view bytes);
std::string to_bytes(const Frame& frame);

/// Cuts a stream into frames and finds its feet again after anything else. Between calls of `next`
/// that return nothing it holds less than one frame.
class FrameFinder {
 public:
  void push(std::string_view bytes) { buffer_ += bytes; }
  /// The next frame or refused bytes; nothing: push more.
  std::optional<Found> next();
  /// Bytes of a frame that has begun and is not whole.
  const std::string& unfinished() const { return buffer_; }
  void clear() { buffer_.clear(); }

 private:
  std::string cut(std::size_t bytes);
  Strange refuse(std::string_view reason, std::string detail);

  std::string buffer_;
};

}  // namespace jieding::drivers::hoist
