#pragma once
// MQTT control packets that a publisher sends, 3.1.1 and 5: bytes in, packets or a violation out.
//
//   1 byte   type (high half), flags (low half)
//   1..4     remaining length, seven bits a byte, low first
//   ...      variable header and payload: `body`
//
// Pure: no socket, no session. Answers are in mqtt_answer.hpp.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/mqtt_reason.hpp"

namespace jieding::drivers::mqtt {

enum class Type : std::uint8_t {
  Connect = 1,
  Connack = 2,
  Publish = 3,
  Puback = 4,
  Subscribe = 8,
  Suback = 9,
  Unsubscribe = 10,
  Unsuback = 11,
  Pingreq = 12,
  Pingresp = 13,
  Disconnect = 14,
};

/// One whole packet at the front of what was received; looks into those bytes.
struct Packet {
  Type type{};
  std::uint8_t flags = 0;
  std::string_view body;
  std::size_t size = 0;  ///< with type and length
};

/// Empty: more bytes are needed. A packet longer than `longest` bytes is refused by its length.
Parsed<std::optional<Packet>> first_packet(std::string_view bytes, std::size_t longest);

struct Connect {
  Version version = Version::V5;
  bool clean = false;            ///< clean session (3.1.1), clean start (5)
  std::uint16_t keep_alive = 0;  ///< s; 0: the client promises nothing
  std::string client;
  std::string user;
  std::string password;
  std::uint32_t session_expiry = 0;  ///< s; 3.1.1: never, unless clean
  std::uint32_t longest_packet = 0xFFFFFFFF;
  bool wants_reasons = true;
};

/// The protocol level that CONNECT names; 0: it does not even name MQTT.
std::uint8_t protocol_level(std::string_view body);
Parsed<Connect> parse_connect(const Packet& packet);

struct Publish {
  bool again = false;    ///< DUP
  std::uint8_t qos = 0;  ///< 0 or 1
  std::uint16_t id = 0;  ///< 0 with QoS 0
  std::string_view topic;
  std::string_view payload;
};

/// QoS 2 and topic aliases, which CONNACK has ruled out, are violations.
Parsed<Publish> parse_publish(const Packet& packet, Version version);

/// SUBSCRIBE and UNSUBSCRIBE: how many filters an answer must speak of.
struct Filters {
  std::uint16_t id = 0;
  std::size_t count = 0;
};

Parsed<Filters> parse_filters(const Packet& packet, Version version);

struct Disconnect {
  std::optional<std::uint32_t> session_expiry;
};

Parsed<Disconnect> parse_disconnect(const Packet& packet, Version version);
/// PINGREQ has neither flags nor body.
Parsed<void> check_ping(const Packet& packet);

}  // namespace jieding::drivers::mqtt
