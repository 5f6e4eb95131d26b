#include "drivers/mqtt_answer.hpp"

#include <algorithm>

namespace jieding::drivers::mqtt {
namespace {

constexpr std::size_t longest_detail = 200;
constexpr char refused_311 = static_cast<char>(0x80);

char byte(unsigned value) {
  return static_cast<char>(static_cast<std::uint8_t>(value));
}

char byte(Reason reason) {
  return byte(static_cast<unsigned>(reason));
}

void append_two(std::string& out, std::uint16_t value) {
  out += byte(value >> 8u);
  out += byte(value & 0xFFu);
}

void append_four(std::string& out, std::uint32_t value) {
  append_two(out, static_cast<std::uint16_t>(value >> 16));
  append_two(out, static_cast<std::uint16_t>(value & 0xFFFFu));
}

void append_variable(std::string& out, std::size_t value) {
  do {
    const unsigned part = value & 0x7Fu;
    value >>= 7;
    out += byte(part | (value > 0 ? 0x80u : 0u));
  } while (value > 0);
}

void append_text(std::string& out, std::string_view text) {
  append_two(out, static_cast<std::uint16_t>(text.size()));
  out += text;
}

std::string packet(Type type, std::string_view body) {
  std::string out(1, byte(static_cast<unsigned>(type) << 4));
  append_variable(out, body.size());
  out += body;
  return out;
}

/// Up to so many bytes, never half a character.
std::string_view shortened(std::string_view text) {
  if (text.size() <= longest_detail) return text;
  std::size_t end = longest_detail;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0u) == 0x80u)
    --end;
  return text.substr(0, end);
}

std::string welcome_properties(const Welcome& welcome) {
  std::string list;
  list += byte(0x21);  // receive maximum
  append_two(list, welcome.receive_maximum);
  list += {byte(0x24), byte(1)};  // maximum QoS
  list += byte(0x27);             // maximum packet size
  append_four(list, welcome.longest_packet);
  list += byte(0x22);  // topic alias maximum
  append_two(list, 0);
  // No wildcards, subscription identifiers or shared subscriptions: there are no subscriptions.
  list += {byte(0x28), byte(0), byte(0x29), byte(0), byte(0x2A), byte(0)};
  if (welcome.server_keep_alive) {
    list += byte(0x13);
    append_two(list, *welcome.server_keep_alive);
  }
  if (!welcome.assigned_client.empty()) {
    list += byte(0x12);
    append_text(list, welcome.assigned_client);
  }
  return list;
}

/// 3.1.1 §3.2.2.3; 0: there is none.
unsigned return_code(Reason reason) {
  switch (reason) {
    case Reason::UnsupportedVersion:
      return 1;
    case Reason::BadClientId:
      return 2;
    case Reason::QuotaExceeded:
    case Reason::ServerBusy:
    case Reason::ShuttingDown:
      return 3;
    case Reason::BadUserOrPassword:
      return 4;
    case Reason::NotAuthorised:
      return 5;
    default:
      return 0;
  }
}

}  // namespace

std::string connack(Version version, const Welcome& welcome) {
  std::string body{byte(welcome.session_present ? 1u : 0u), byte(Reason::Success)};
  if (version == Version::V5) {
    const std::string list = welcome_properties(welcome);
    append_variable(body, list.size());
    body += list;
  }
  return packet(Type::Connack, body);
}

std::string connack_refusal(std::uint8_t protocol_level, Reason reason) {
  if (protocol_level >= static_cast<std::uint8_t>(Version::V5)) {
    return packet(Type::Connack, std::string{byte(0u), byte(reason), byte(0u)});
  }
  const unsigned code = return_code(reason);
  if (protocol_level == 0 || code == 0) return {};
  return packet(Type::Connack, std::string{byte(0u), byte(code)});
}

std::string puback(Version version, std::uint16_t id, Reason reason, std::string_view detail,
                   std::size_t longest) {
  std::string body;
  append_two(body, id);
  if (version == Version::V311 || reason == Reason::Success) return packet(Type::Puback, body);
  body += byte(reason);
  std::string plain = packet(Type::Puback, body);
  if (detail.empty()) return plain;
  std::string list(1, byte(0x1F));  // reason string
  append_text(list, shortened(detail));
  append_variable(body, list.size());
  std::string whole = packet(Type::Puback, body + list);
  return whole.size() <= longest ? whole : plain;
}

std::string refuse_filters(Version version, Type asked, const Filters& filters) {
  std::string body;
  append_two(body, filters.id);
  const bool subscribes = asked == Type::Subscribe;
  if (version == Version::V5) {
    const Reason each = subscribes ? Reason::NotAuthorised : Reason::NoSubscriptionExisted;
    body += byte(0u);  // no properties
    body.append(filters.count, byte(each));
  } else if (subscribes) {
    body.append(filters.count, refused_311);
  }
  return packet(subscribes ? Type::Suback : Type::Unsuback, body);
}

std::string pingresp() {
  return packet(Type::Pingresp, {});
}

std::string disconnect(Version version, Reason reason) {
  if (version == Version::V311) return {};
  return packet(Type::Disconnect, std::string(1, byte(reason)));
}

}  // namespace jieding::drivers::mqtt
