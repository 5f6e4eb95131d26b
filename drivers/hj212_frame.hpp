#pragma once
// HJ 212 on the wire: the communication packet (HJ 212-2017 §6.3.1), without Asio and without
// meaning. All lengths are bytes.
//
//   ## | LLLL | data segment | CCCC | CR LF
//    2    4      0..1024        4      2
//
//   LLLL  decimal, zero-padded: bytes of the data segment alone (Chinese text is UTF-8)
//   CCCC  hexadecimal, high byte first: checksum over the data segment (Annex A)
//
// The frame is cut by its length, never by `&&` or CR LF: encrypted segments may hold either.
// CR LF is therefore skipped between frames and not waited for.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jieding::drivers::hj212 {

inline constexpr std::size_t longest_segment = 1024;
inline constexpr std::size_t frame_overhead = 12;

/// The standard's "CRC16": each byte is XORed into the register's own high byte, so it is neither
/// CRC-16/ARC nor Modbus. It has 256 values only: never evidence of integrity.
std::uint16_t checksum(std::string_view segment);

/// A data segment made a frame.
std::string to_frame(std::string_view segment);

/// What stood on the wire: a data segment whose length and checksum hold, or refused bytes.
struct Found {
  std::string segment;       ///< empty when refused
  std::string bytes;         ///< as they came
  std::string_view refused;  ///< `garbage`, `length`, `crc`; empty: a good frame
  std::string detail;        ///< one line for people, when refused
};

/// Cuts a stream into frames and finds its feet again after anything else. Between calls of
/// `next` that return nothing it holds less than one frame.
class FrameFinder {
 public:
  void push(std::string_view bytes) { buffer_ += bytes; }
  /// The next frame or refused bytes; nothing: push more.
  std::optional<Found> next();
  /// Bytes of a frame that has begun and is not whole.
  std::string_view unfinished() const { return buffer_; }

 private:
  std::size_t find_header(std::size_t from) const;
  std::string cut(std::size_t bytes);
  Found refuse(std::string_view reason, std::string detail, std::size_t at_most);
  std::optional<Found> skip_garbage();

  std::string buffer_;
  bool lost_ = false;  ///< the bytes before were refused: what follows them was told already
};

}  // namespace jieding::drivers::hj212
