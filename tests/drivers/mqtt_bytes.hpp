#pragma once
// MQTT as a publisher writes it, for tests: every packet byte by byte, right or wrong.

#include <cstdint>
#include <string>
#include <string_view>

namespace jieding::drivers::test::mqtt_bytes {

inline std::string byte(unsigned value) {
  return std::string(1, static_cast<char>(static_cast<unsigned char>(value)));
}
inline std::string two(unsigned value) {
  return byte(value >> 8u & 0xFFu) + byte(value & 0xFFu);
}
inline std::string four(std::uint32_t value) {
  return two(value >> 16u) + two(value & 0xFFFFu);
}
inline std::string text(std::string_view words) {
  return two(static_cast<unsigned>(words.size())) + std::string(words);
}
inline std::string packet(unsigned first, std::string_view body) {
  std::string length;
  std::size_t rest = body.size();
  do {
    length += byte(static_cast<unsigned>(rest & 0x7Fu) | (rest > 0x7F ? 0x80u : 0u));
    rest >>= 7;
  } while (rest > 0);
  return byte(first) + length + std::string(body);
}

struct Hello {
  unsigned level = 5;
  std::string client = "c1";
  std::string user = "hoist-1";
  std::string password = "hoist-token-0123456789";
  bool clean = true;
  unsigned keep_alive = 0;
  std::string properties;
};

inline std::string connect(const Hello& hello) {
  std::string body =
      text("MQTT") + byte(hello.level) + byte(hello.clean ? 0xC2u : 0xC0u) + two(hello.keep_alive);
  if (hello.level == 5) {
    body += byte(static_cast<unsigned>(hello.properties.size())) + hello.properties;
  }
  return packet(0x10, body + text(hello.client) + text(hello.user) + text(hello.password));
}

/// `first` 0x32: QoS 1, 0x3A: the same again, 0x30: QoS 0.
inline std::string publish(unsigned level, unsigned id, std::string_view topic,
                           std::string_view payload, unsigned first = 0x32) {
  std::string body = text(topic);
  if ((first & 0x06u) != 0) body += two(id);
  if (level == 5) body += byte(0);
  return packet(first, body + std::string(payload));
}

inline std::string puback(unsigned id) {
  return packet(0x40, two(id));
}

}  // namespace jieding::drivers::test::mqtt_bytes
