#pragma once

#include <cstdint>
#include <optional>

#include "drivers/mqtt_reader.hpp"
#include "drivers/mqtt_reason.hpp"

namespace jieding::drivers::mqtt {

/// Where a list of MQTT 5 properties stands (§2.2.2.2, table 2-4); only what a client sends.
enum class Place : std::uint8_t {
  Connect = 1,
  Will = 2,
  Publish = 4,
  Subscribe = 8,
  Unsubscribe = 16,
  Disconnect = 32,
};

/// Those properties that make a difference here. The others are read, checked and dropped.
struct Properties {
  std::optional<std::uint32_t> session_expiry;  ///< s; 0xFFFFFFFF: never
  std::optional<std::uint32_t> longest_packet;  ///< bytes the client takes
  std::optional<std::uint16_t> topic_alias;
  bool wants_reasons = true;  ///< request problem information
  bool authenticates = false;
};

Parsed<Properties> read_properties(Reader& reader, Place place);

}  // namespace jieding::drivers::mqtt
