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

#include "drivers/hj212_tolerance.hpp"

namespace jieding::drivers::hj212 {

inline constexpr std::size_t longest_segment = 1024;
/// The most that `longest_segment` of [driver.hj212] may be.
inline constexpr std::size_t longest_segment_ever = 4096;
inline constexpr std::size_t frame_overhead = 12;

/// The standard's "CRC16": each byte is XORed into the register's own high byte, so it is neither
/// CRC-16/ARC nor Modbus. It has 256 values only: never evidence of integrity.
std::uint16_t checksum(std::string_view segment);
/// What some stations compute instead.
std::uint16_t modbus_checksum(std::string_view segment);

/// A data segment made a frame.
std::string to_frame(std::string_view segment);

/// What encryption does to data segments, known to whoever knows the keys.
class Sealing {
 public:
  virtual ~Sealing() = default;
  /// How many bytes a segment of this declared length has on the wire. `begun`: its first bytes, at
  /// least so many.
  virtual std::size_t wire_length(std::string_view begun, std::size_t declared) const = 0;
  /// The segment as it was before encryption, if it is encrypted and its checksum is `told`.
  virtual std::optional<std::string> open(std::string_view segment, std::uint16_t told) const = 0;
};

/// What stood on the wire: a data segment whose length and checksum hold, or refused bytes.
struct Found {
  std::string bytes;  ///< as they came
  std::size_t segment_at = 0;
  std::size_t segment_bytes = 0;
  std::string opened;  ///< the segment in the clear, where it was encrypted
  Tolerances used;
  std::string_view refused;  ///< `garbage`, `length`, `crc`; empty: a good frame
  std::string detail;        ///< one line for people, when refused

  bool encrypted() const { return !opened.empty(); }
  std::string_view segment() const {
    if (encrypted()) return opened;
    return std::string_view(bytes).substr(segment_at, segment_bytes);
  }
};

/// Cuts a stream into frames and finds its feet again after anything else. Between calls of
/// `next` that return nothing it holds less than one frame.
class FrameFinder {
 public:
  /// `longest`: of a data segment. `sealing`: null where nobody encrypts; outlives the finder.
  explicit FrameFinder(std::size_t longest = longest_segment, const Sealing* sealing = nullptr)
      : longest_(longest), sealing_(sealing) {}

  void push(std::string_view bytes);
  /// The next frame or refused bytes; nothing: push more.
  std::optional<Found> next();
  /// Bytes of a frame that has begun and is not whole.
  std::string_view unfinished() const { return std::string_view(buffer_).substr(front_); }

 private:
  struct Header {
    std::size_t bytes;   ///< of `##` and its digits
    std::size_t length;  ///< declared
  };
  std::optional<Header> header() const;
  std::size_t find_header(std::size_t from) const;
  std::size_t segment_bytes(const Header& header) const;
  std::optional<Found> judge(const Header& header, std::size_t length);
  std::string cut(std::size_t bytes);
  Found refuse(std::string_view reason, std::string detail, std::size_t at_most);
  std::optional<Found> skip_garbage();

  std::size_t longest_;
  const Sealing* sealing_;
  std::string buffer_;
  std::size_t front_ = 0;   ///< bytes of the buffer that are done with
  bool lost_ = false;       ///< the bytes before were refused: what follows them was told already
  bool line_open_ = false;  ///< a frame ended and its CR LF has not come
};

}  // namespace jieding::drivers::hj212
