#pragma once
// SMP over a text console (Zephyr, "SMP Transport Specification", UART/serial and console). Pure.
//
//   a line   06 09 (the first of a packet) or 04 14 (a further one), base64, 0a; 127 bytes at most
//   base64   of the packet's length 2, the packet, CRC 2; length counts packet and CRC
//   CRC      CRC-16/XMODEM of the packet alone; numbers are big-endian

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace jieding::tools::node {

constexpr std::size_t longest_line = 127;
/// Bytes of a packet; more is refused in both directions.
constexpr std::size_t longest_packet = 4096;

std::uint16_t crc_xmodem(std::string_view bytes);

/// The lines of one packet.
std::string to_lines(std::string_view packet);

/// Finds packets in what comes over a console, whatever stands between them: a log, a shell, noise.
class LineReader {
 public:
  /// Takes bytes as they come.
  void push(std::string_view bytes);
  /// The next packet that was whole and had the right CRC.
  std::optional<std::string> next();
  /// Lines and packets that began like one and were none.
  std::size_t broken() const { return broken_; }

 private:
  void take_line(std::string_view line);
  void finish();

  std::string unread_;  ///< of a line whose end has not come
  std::string begun_;   ///< length, packet, CRC of the packet that has begun; empty: none has
  std::deque<std::string> whole_;
  std::size_t broken_ = 0;
};

}  // namespace jieding::tools::node
