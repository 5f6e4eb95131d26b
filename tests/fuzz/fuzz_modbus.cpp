// Any bytes as an answer, in pieces of any size, over TCP and over wires: it is either the answer
// to what was asked, of the right length and sound, or it is told what is wrong with it.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "drivers/modbus_points.hpp"

namespace {

namespace modbus = jieding::drivers::modbus;

constexpr std::uint16_t transaction = 1;

void need(bool so) {
  if (!so) std::abort();
}

/// One point of each type in each order, of the asked table, somewhere in the asked registers.
void read(const modbus::Request& request, std::string_view values) {
  for (int i = 0; i < 36; ++i) {
    modbus::Point point;
    point.quantity = "q";
    point.function = request.function;
    point.type = modbus::reads_bits(request.function) ? modbus::Type::Bool
                                                      : static_cast<modbus::Type>(i / 4);
    point.order = static_cast<modbus::Order>(i % 4);
    point.first = static_cast<std::uint16_t>(request.first + i % request.count);
    const auto value = modbus::value_of(point, request, values);
    if (value) need(std::isfinite(*value));
  }
}

/// Whatever comes back is whole.
void judge(const modbus::Request& request, const modbus::Reply& reply) {
  if (const auto* values = std::get_if<modbus::Values>(&reply)) {
    need(values->bytes.size() == request.value_bytes());
    read(request, values->bytes);
  }
  if (const auto* exception = std::get_if<modbus::Exception>(&reply)) {
    need(!modbus::to_text(*exception).empty());
  }
  if (const auto* strange = std::get_if<modbus::Strange>(&reply)) {
    need(!strange->reason.empty() && !strange->detail.empty() && !strange->bytes.empty());
  }
}

/// What an honest slave would say with these values is understood as just them.
void need_round_trip(const modbus::Request& request, std::string_view bytes) {
  std::string values(bytes.substr(0, request.value_bytes()));
  values.resize(request.value_bytes());
  std::string frame{static_cast<char>(request.unit), static_cast<char>(request.function),
                    static_cast<char>(request.value_bytes())};
  frame += values;
  const auto sum = modbus::crc16(frame);
  frame += static_cast<char>(sum & 0xffU);
  frame += static_cast<char>(sum >> 8U);
  modbus::RtuReply answer;
  answer.push(frame);
  const auto reply = answer.find(request);
  const auto* found = std::get_if<modbus::Values>(&reply);
  need(found != nullptr && found->bytes == values);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 4) return 0;
  modbus::Request request;
  request.unit = bytes[0];
  request.function = static_cast<modbus::Function>(1 + bytes[1] % 4);
  const std::size_t most =
      modbus::reads_bits(request.function) ? modbus::most_bits : modbus::most_registers;
  request.count = static_cast<std::uint16_t>(1 + bytes[2] * std::size_t{8} % most);
  const std::size_t piece = 1 + bytes[3];
  const std::string_view all(reinterpret_cast<const char*>(bytes) + 4, size - 4);
  modbus::TcpReplies replies;
  modbus::RtuReply collected;
  for (std::string_view rest = all; !rest.empty();) {
    const auto part = rest.substr(0, piece);
    rest.remove_prefix(part.size());
    replies.push(part);
    while (true) {
      const auto reply = replies.next(request, transaction);
      judge(request, reply);
      if (std::holds_alternative<modbus::Unfinished>(reply)) break;
    }
    need(replies.unfinished().size() < modbus::longest_frame);
    collected.push(part);
    judge(request, collected.find(request));
  }
  if (!collected.empty()) judge(request, collected.complaint(request));
  need_round_trip(request, all);
  return 0;
}
