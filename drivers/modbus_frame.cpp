#include "drivers/modbus_frame.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace jieding::drivers::modbus {
namespace {

constexpr std::uint8_t refused_bit = 0x80;
constexpr std::size_t mbap = 6;  ///< bytes of the header before the unit
constexpr std::size_t crc_bytes = 2;
constexpr std::size_t head = 3;             ///< unit, function, number of bytes
constexpr std::size_t exception_frame = 5;  ///< unit, function, code, CRC
constexpr std::size_t most_collected = 512;

std::uint8_t at(std::string_view bytes, std::size_t place) {
  return static_cast<std::uint8_t>(bytes[place]);
}
unsigned word(std::string_view bytes, std::size_t place) {
  return at(bytes, place) * 256U + at(bytes, place + 1);
}
void put(std::string& bytes, unsigned value) {
  bytes += static_cast<char>(value >> 8U & 0xffU);
  bytes += static_cast<char>(value & 0xffU);
}
std::uint8_t number(Function function) {
  return static_cast<std::uint8_t>(function);
}

/// Unit and PDU, as both ways carry them.
std::string body(const Request& request) {
  std::string bytes{static_cast<char>(request.unit), static_cast<char>(number(request.function))};
  put(bytes, request.first);
  put(bytes, request.count);
  return bytes;
}

std::string numbers(std::string_view what, std::size_t got, std::size_t wanted) {
  return std::string(what) + " is " + std::to_string(got) + ", should be " + std::to_string(wanted);
}

/// What is wrong with a reply whose integrity is sure; `body` is unit and PDU.
std::optional<Strange> fault(std::string_view body, const Request& request) {
  const auto strange = [&](std::string_view reason, std::string detail) {
    return Strange{reason, std::move(detail), std::string(body)};
  };
  if (at(body, 0) != request.unit) {
    return strange("unit", numbers("unit", at(body, 0), request.unit));
  }
  const std::uint8_t function = at(body, 1);
  if (function == (number(request.function) | refused_bit)) {
    if (body.size() == head) return std::nullopt;
    return strange("length", numbers("an exception's length", body.size(), head));
  }
  if (function != number(request.function)) {
    return strange("function", numbers("function", function, number(request.function)));
  }
  if (body.size() < head || at(body, 2) != request.value_bytes() ||
      body.size() != head + request.value_bytes()) {
    return strange("length", numbers("number of bytes", body.size() < head ? 0 : at(body, 2),
                                     request.value_bytes()));
  }
  return std::nullopt;
}

/// Of a body without fault.
Reply answer(std::string_view body) {
  if ((at(body, 1) & refused_bit) != 0) return Exception{at(body, 2)};
  return Values{std::string(body.substr(head))};
}

bool has_crc(std::string_view frame) {
  const auto sum = crc16(frame.substr(0, frame.size() - crc_bytes));
  return at(frame, frame.size() - 2) == (sum & 0xffU) && at(frame, frame.size() - 1) == sum >> 8U;
}

}  // namespace

std::uint16_t crc16(std::string_view bytes) {
  unsigned sum = 0xffff;
  for (const char byte : bytes) {
    sum ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit)
      sum = (sum & 1U) != 0 ? sum >> 1U ^ 0xa001U : sum >> 1U;
  }
  return static_cast<std::uint16_t>(sum);
}

std::string to_rtu(const Request& request) {
  std::string frame = body(request);
  const auto sum = crc16(frame);
  frame += static_cast<char>(sum & 0xffU);
  frame += static_cast<char>(sum >> 8U);
  return frame;
}

std::string to_tcp(const Request& request, std::uint16_t transaction) {
  const std::string asked = body(request);
  std::string frame;
  put(frame, transaction);
  put(frame, 0);
  put(frame, static_cast<unsigned>(asked.size()));
  return frame + asked;
}

std::string to_text(Exception exception) {
  // §7; 10 and 11 come from a gateway in front of the device.
  static constexpr std::array<std::string_view, 12> names{"",
                                                          "illegal function",
                                                          "illegal address",
                                                          "illegal value",
                                                          "device failure",
                                                          "acknowledge",
                                                          "device busy",
                                                          "",
                                                          "memory parity error",
                                                          "",
                                                          "no path to the device",
                                                          "device behind the gateway is silent"};
  const std::string code = "(" + std::to_string(exception.code) + ")";
  const std::string_view name = exception.code < names.size() ? names[exception.code] : "";
  return name.empty() ? "exception " + code : std::string(name) + " " + code;
}

void TcpReplies::push(std::string_view bytes) {
  pending_ += bytes;
}

Reply TcpReplies::next(const Request& request, std::uint16_t transaction) {
  if (pending_.size() < mbap) return Unfinished{};
  const std::string_view all = pending_;
  const std::size_t length = word(all, 4);
  const unsigned protocol = word(all, 2);
  if (protocol != 0 || length < head || length > longest_frame - mbap) {
    Strange broken{protocol != 0 ? "protocol" : "length",
                   protocol != 0 ? numbers("protocol", protocol, 0)
                                 : "length is " + std::to_string(length) + ", should be 3 to 254",
                   std::string(all.substr(0, longest_frame)), true};
    pending_.clear();
    return broken;
  }
  if (all.size() < mbap + length) return Unfinished{};
  const std::string frame(all.substr(0, mbap + length));
  pending_.erase(0, frame.size());
  const unsigned answered = word(frame, 0);
  if (answered != transaction) {
    return Strange{"transaction", numbers("transaction", answered, transaction), frame};
  }
  const auto said = std::string_view(frame).substr(mbap);
  if (auto wrong = fault(said, request)) {
    wrong->bytes = frame;
    return *wrong;
  }
  return answer(said);
}

void RtuReply::push(std::string_view bytes) {
  bytes_ += bytes.substr(0, most_collected - std::min(most_collected, bytes_.size()));
}

Reply RtuReply::find(const Request& request) const {
  const std::string_view all = bytes_;
  const std::uint8_t function = number(request.function);
  for (std::size_t begin = 0; begin + exception_frame <= all.size(); ++begin) {
    const std::uint8_t said = at(all, begin + 1);
    const bool values = said == function && at(all, begin + 2) == request.value_bytes();
    const bool refused = said == (function | refused_bit);
    if (at(all, begin) != request.unit || !(values || refused)) continue;
    const std::size_t length = refused ? exception_frame : head + request.value_bytes() + crc_bytes;
    if (begin + length > all.size()) continue;
    const auto frame = all.substr(begin, length);
    if (has_crc(frame)) return answer(frame.substr(0, length - crc_bytes));
  }
  return Unfinished{};
}

Strange RtuReply::complaint(const Request& request) const {
  const std::string_view all = bytes_;
  const auto strange = [&](std::string_view reason, std::string detail) {
    return Strange{reason, std::move(detail), bytes_};
  };
  if (all.size() < exception_frame) {
    return strange("length", "the answer ends after " + std::to_string(all.size()) + " bytes");
  }
  if (has_crc(all)) {
    if (auto wrong = fault(all.substr(0, all.size() - crc_bytes), request)) {
      wrong->bytes = bytes_;
      return *wrong;
    }
  }
  const std::size_t wanted = head + request.value_bytes() + crc_bytes;
  if (all.size() < wanted) {
    return strange("length", "the answer ends after " + std::to_string(all.size()) + " of " +
                                 std::to_string(wanted) + " bytes");
  }
  return strange("crc", "no answer with a right CRC in " + std::to_string(all.size()) + " bytes");
}

}  // namespace jieding::drivers::modbus
