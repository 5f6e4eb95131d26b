#pragma once
// Modbus as bytes, without Asio: read requests and their replies, over TCP and over a serial line
// (MODBUS Application Protocol V1.1b3; MODBUS Messaging on TCP/IP V1.0b; MODBUS over Serial Line
// V1.02).
//
//   TCP   transaction(2) protocol(2, zero) length(2, of what follows) unit(1) PDU(1..253)
//   RTU   unit(1) PDU(1..253) CRC-16(2, low byte first)
//   PDU   function(1) first(2) count(2)          asked; the first register or bit is 0
//         function(1) bytes(1) values(bytes)     answered; registers high byte first, bits low
//         first function + 0x80 (1) exception(1)       refused by the device

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace jieding::drivers::modbus {

inline constexpr std::size_t most_registers = 125;  ///< in one request (§6.3)
inline constexpr std::size_t most_bits = 2000;      ///< in one request (§6.1)
inline constexpr std::size_t longest_frame = 260;   ///< TCP; RTU frames have 256 bytes at most

/// Functions that read; their numbers stand in the request.
enum class Function : std::uint8_t { Coils = 1, Inputs = 2, Holding = 3, InputRegisters = 4 };
inline bool reads_bits(Function function) {
  return function == Function::Coils || function == Function::Inputs;
}

struct Request {
  std::uint8_t unit = 1;
  Function function = Function::Holding;
  std::uint16_t first = 0;
  std::uint16_t count = 1;

  /// Bytes of values that an answer must have.
  std::size_t value_bytes() const {
    return reads_bits(function) ? (std::size_t{count} + 7) / 8 : std::size_t{count} * 2;
  }
};

/// CRC-16/MODBUS: polynomial 8005 reflected, begun with FFFF.
std::uint16_t crc16(std::string_view bytes);

std::string to_rtu(const Request& request);
std::string to_tcp(const Request& request, std::uint16_t transaction);

/// The values of an answer, as sent.
struct Values {
  std::string bytes;
};
/// The device's own no: 1 illegal function, 2 illegal address, 3 illegal value, 4 failure ...
struct Exception {
  std::uint8_t code = 0;
};
/// Bytes that are no answer to this request. `broken`: nothing that follows can be understood
/// either, so the connection must go.
struct Strange {
  std::string_view reason;  ///< `crc`, `length`, `unit`, `function`, `transaction`, `protocol`
  std::string detail;
  std::string bytes;
  bool broken = false;
};
/// More bytes are needed.
struct Unfinished {};
using Reply = std::variant<Unfinished, Values, Exception, Strange>;

/// `illegal address (2)`
std::string to_text(Exception exception);

/// Finds replies in the stream of one TCP connection. Bounded: what is longer than a frame can be
/// is `broken`.
class TcpReplies {
 public:
  void push(std::string_view bytes);
  /// The next frame, judged as an answer to `request`; Unfinished when there is no whole one.
  Reply next(const Request& request, std::uint16_t transaction);
  std::string_view unfinished() const { return pending_; }
  void clear() { pending_.clear(); }

 private:
  std::string pending_;
};

/// Collects what comes after one request on a serial line until it holds the answer. There is no
/// length to trust and noise comes in front of frames, so every place is tried; the CRC decides.
/// What is left over at the time-out says what was wrong with it.
class RtuReply {
 public:
  /// What comes beyond the bound is dropped: the answer cannot be behind so much noise.
  void push(std::string_view bytes);
  /// Values, Exception or Unfinished.
  Reply find(const Request& request) const;
  /// What the bytes are if nothing more comes. Not to be asked when there are none.
  Strange complaint(const Request& request) const;
  bool empty() const { return bytes_.empty(); }

 private:
  std::string bytes_;
};

}  // namespace jieding::drivers::modbus
