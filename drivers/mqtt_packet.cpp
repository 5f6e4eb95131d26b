#include "drivers/mqtt_packet.hpp"

#include "drivers/mqtt_properties.hpp"
#include "drivers/mqtt_reader.hpp"

namespace jieding::drivers::mqtt {
namespace {

constexpr std::uint32_t never = 0xFFFFFFFF;
constexpr std::size_t most_length_bytes = 4;

Violation malformed(std::string detail) {
  return {Reason::Malformed, std::move(detail)};
}

Violation protocol_error(std::string detail) {
  return {Reason::ProtocolError, std::move(detail)};
}

/// The remaining length at the front; nothing: it is not whole yet.
Parsed<std::optional<std::uint32_t>> length_of(std::string_view bytes, std::size_t& length_bytes) {
  const std::string_view window = bytes.substr(0, most_length_bytes);
  for (length_bytes = 1; length_bytes <= window.size(); ++length_bytes) {
    if ((static_cast<std::uint8_t>(window[length_bytes - 1]) & 0x80u) != 0) continue;
    Reader reader(window.substr(0, length_bytes));
    const std::uint32_t length = reader.variable();
    if (reader.failed()) return malformed("the remaining length is written too long");
    return std::optional(length);
  }
  if (window.size() == most_length_bytes) return malformed("the remaining length has no end");
  return std::optional<std::uint32_t>{};
}

/// The bits of CONNECT's flags (3.1.2.3).
struct ConnectFlags {
  bool clean, will, will_retain, password, user;
  unsigned will_qos;
};

ConnectFlags flags_of(std::uint8_t bits) {
  return {(bits & 0x02u) != 0, (bits & 0x04u) != 0, (bits & 0x20u) != 0,
          (bits & 0x40u) != 0, (bits & 0x80u) != 0, (bits >> 3) & 0x03u};
}

Parsed<ConnectFlags> read_connect_flags(Reader& reader, Version version) {
  const std::uint8_t bits = reader.byte();
  const ConnectFlags flags = flags_of(bits);
  if ((bits & 0x01u) != 0) return malformed("CONNECT sets the reserved flag");
  if (flags.will_qos == 3) return malformed("the will has QoS 3");
  if (!flags.will && (flags.will_qos != 0 || flags.will_retain)) {
    return malformed("CONNECT describes a will that it does not have");
  }
  if (version == Version::V311 && flags.password && !flags.user) {
    return malformed("CONNECT has a password without a user");
  }
  return flags;
}

/// A will is read and forgotten: nobody here could receive it.
Parsed<void> pass_will(Reader& reader, const ConnectFlags& flags, Version version) {
  if (!flags.will) return {};
  if (version == Version::V5) {
    if (flags.will_qos == 2) return Violation{Reason::QosNotSupported, "the will has QoS 2"};
    if (auto read = read_properties(reader, Place::Will); !read) return read.error();
  }
  reader.text();
  reader.binary();
  return {};
}

Parsed<void> read_connect_properties(Reader& reader, Connect& connect) {
  const auto properties = read_properties(reader, Place::Connect);
  if (!properties) return properties.error();
  if (properties->authenticates) {
    return Violation{Reason::BadAuthMethod, "an authentication method; send user and password"};
  }
  connect.session_expiry = properties->session_expiry.value_or(0);
  connect.longest_packet = properties->longest_packet.value_or(connect.longest_packet);
  connect.wants_reasons = properties->wants_reasons;
  return {};
}

bool is_filter_option(std::uint8_t option, Version version) {
  const bool reserved = (option & (version == Version::V5 ? 0xC0u : 0xFCu)) != 0;
  const bool retain_handling_3 = (option & 0x30u) == 0x30u;
  return !reserved && !retain_handling_3 && (option & 0x03u) != 3;
}

}  // namespace

Parsed<std::optional<Packet>> first_packet(std::string_view bytes, std::size_t longest) {
  if (bytes.size() < 2) return std::optional<Packet>{};
  std::size_t length_bytes = 0;
  const auto length = length_of(bytes.substr(1), length_bytes);
  if (!length) return length.error();
  if (!*length) return std::optional<Packet>{};
  const std::size_t size = 1 + length_bytes + **length;
  if (size > longest) {
    return Violation{Reason::PacketTooLarge, "a packet of " + std::to_string(size) + " bytes; " +
                                                 std::to_string(longest) + " at most"};
  }
  if (bytes.size() < size) return std::optional<Packet>{};
  const auto first = static_cast<std::uint8_t>(bytes.front());
  Packet packet{static_cast<Type>(first >> 4), static_cast<std::uint8_t>(first & 0x0Fu),
                bytes.substr(1 + length_bytes, **length), size};
  return std::optional(packet);
}

std::uint8_t protocol_level(std::string_view body) {
  Reader reader(body);
  const auto name = reader.text();
  const std::uint8_t level = reader.byte();
  return name == "MQTT" || name == "MQIsdp" ? level : std::uint8_t{0};
}

Parsed<Connect> parse_connect(const Packet& packet) {
  if (packet.flags != 0) return malformed("CONNECT has flags in its first byte");
  Reader reader(packet.body);
  const auto name = reader.text();
  Connect connect;
  connect.version = static_cast<Version>(reader.byte());
  const bool known = connect.version == Version::V311 || connect.version == Version::V5;
  if (name != "MQTT" || !known) {
    return Violation{Reason::UnsupportedVersion, "not MQTT 3.1.1 or 5; set one of these"};
  }
  const auto flags = read_connect_flags(reader, connect.version);
  if (!flags) return flags.error();
  connect.clean = flags->clean;
  connect.keep_alive = reader.two_bytes();
  connect.session_expiry = flags->clean ? 0 : never;
  if (connect.version == Version::V5) {
    if (auto read = read_connect_properties(reader, connect); !read) return read.error();
  }
  connect.client = reader.text();
  if (auto passed = pass_will(reader, *flags, connect.version); !passed) return passed.error();
  if (flags->user) connect.user = reader.text();
  if (flags->password) connect.password = reader.binary();
  if (reader.failed() || !reader.at_end()) return malformed("CONNECT is not as long as it says");
  return connect;
}

Parsed<Publish> parse_publish(const Packet& packet, Version version) {
  Publish publish;
  publish.again = (packet.flags & 0x08u) != 0;
  publish.qos = static_cast<std::uint8_t>((packet.flags >> 1) & 0x03u);
  if (publish.qos == 3) return malformed("PUBLISH has QoS 3");
  if (publish.qos == 2) return Violation{Reason::QosNotSupported, "QoS 2; publish with QoS 1"};
  if (publish.qos == 0 && publish.again) return malformed("PUBLISH repeats QoS 0");
  Reader reader(packet.body);
  publish.topic = reader.text();
  if (publish.qos > 0) publish.id = reader.two_bytes();
  if (reader.failed()) return malformed("PUBLISH is cut off, or its topic is no UTF-8");
  if (publish.qos > 0 && publish.id == 0) return protocol_error("PUBLISH has the packet id 0");
  if (version == Version::V5) {
    const auto properties = read_properties(reader, Place::Publish);
    if (!properties) return properties.error();
    if (properties->topic_alias) {
      return Violation{Reason::TopicAliasInvalid, "a topic alias; write the topic out"};
    }
  }
  publish.payload = reader.take_rest();
  if (publish.topic.empty() || publish.topic.find_first_of("+#") != std::string_view::npos) {
    return Violation{Reason::TopicNameInvalid, "the topic is empty or has a wildcard"};
  }
  return publish;
}

Parsed<Filters> parse_filters(const Packet& packet, Version version) {
  const bool subscribes = packet.type == Type::Subscribe;
  if (packet.flags != 2) return malformed("SUBSCRIBE or UNSUBSCRIBE with wrong flags");
  Reader reader(packet.body);
  Filters filters{reader.two_bytes(), 0};
  if (version == Version::V5) {
    const Place place = subscribes ? Place::Subscribe : Place::Unsubscribe;
    if (auto read = read_properties(reader, place); !read) return read.error();
  }
  while (!reader.failed() && !reader.at_end()) {
    if (reader.text().empty()) return malformed("an empty topic filter");
    if (subscribes && !is_filter_option(reader.byte(), version)) {
      return malformed("a topic filter with unknown options");
    }
    ++filters.count;
  }
  if (reader.failed()) return malformed("a list of topic filters is cut off");
  if (filters.id == 0) return protocol_error("a list of topic filters with the packet id 0");
  if (filters.count == 0) return protocol_error("a list of topic filters without any");
  return filters;
}

Parsed<Disconnect> parse_disconnect(const Packet& packet, Version version) {
  if (packet.flags != 0) return malformed("DISCONNECT has flags in its first byte");
  Disconnect disconnect;
  Reader reader(packet.body);
  if (version == Version::V5 && !reader.at_end()) {
    reader.byte();  // the client's reason
    if (!reader.at_end()) {
      const auto properties = read_properties(reader, Place::Disconnect);
      if (!properties) return properties.error();
      disconnect.session_expiry = properties->session_expiry;
    }
  }
  if (!reader.at_end()) return malformed("DISCONNECT is longer than it may be");
  return disconnect;
}

Parsed<void> check_ping(const Packet& packet) {
  if (packet.flags != 0 || !packet.body.empty()) return malformed("PINGREQ with flags or a body");
  return {};
}

}  // namespace jieding::drivers::mqtt
