#include "drivers/mqtt_properties.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace jieding::drivers::mqtt {
namespace {

enum class Kind { Flag, TwoBytes, FourBytes, Variable, Binary, Text, Pair };

enum Id : std::uint8_t {
  payload_format = 0x01,
  session_expiry = 0x11,
  authentication_method = 0x15,
  problem_information = 0x17,
  receive_maximum = 0x21,
  topic_alias = 0x23,
  user_property = 0x26,
  maximum_packet_size = 0x27,
};

struct Known {
  std::uint8_t id;
  Kind kind;
  unsigned places;
};

constexpr unsigned in(Place place) {
  return static_cast<unsigned>(place);
}

constexpr unsigned message = in(Place::Publish) | in(Place::Will);
constexpr unsigned everywhere = 0xFF;

/// 5.0 table 2-4, by its numbers. What only a server sends is not for us.
constexpr std::array known{
    Known{payload_format, Kind::Flag, message},
    Known{0x02, Kind::FourBytes, message},  // message expiry interval
    Known{0x03, Kind::Text, message},       // content type
    Known{0x08, Kind::Text, message},       // response topic
    Known{0x09, Kind::Binary, message},     // correlation data
    Known{0x0B, Kind::Variable, in(Place::Subscribe)},
    Known{session_expiry, Kind::FourBytes, in(Place::Connect) | in(Place::Disconnect)},
    Known{authentication_method, Kind::Text, in(Place::Connect)},
    Known{0x16, Kind::Binary, in(Place::Connect)},  // authentication data
    Known{problem_information, Kind::Flag, in(Place::Connect)},
    Known{0x18, Kind::FourBytes, in(Place::Will)},   // will delay
    Known{0x19, Kind::Flag, in(Place::Connect)},     // request response information
    Known{0x1F, Kind::Text, in(Place::Disconnect)},  // reason string
    Known{receive_maximum, Kind::TwoBytes, in(Place::Connect)},
    Known{0x22, Kind::TwoBytes, in(Place::Connect)},  // topic alias maximum
    Known{topic_alias, Kind::TwoBytes, in(Place::Publish)},
    Known{user_property, Kind::Pair, everywhere},
    Known{maximum_packet_size, Kind::FourBytes, in(Place::Connect)},
};

/// Reads a value; numbers are given back, the rest only has to be sound.
std::uint32_t read_value(Reader& reader, Kind kind) {
  switch (kind) {
    case Kind::Flag:
      return reader.byte();
    case Kind::TwoBytes:
      return reader.two_bytes();
    case Kind::FourBytes:
      return reader.four_bytes();
    case Kind::Variable:
      return reader.variable();
    case Kind::Binary:
      reader.binary();
      return 0;
    case Kind::Pair:
      reader.text();
      reader.text();
      return 0;
    case Kind::Text:
      reader.text();
      return 0;
  }
  return 0;
}

bool must_not_be_zero(std::uint8_t id) {
  return id == receive_maximum || id == maximum_packet_size;
}

void keep(Properties& properties, std::uint8_t id, std::uint32_t value) {
  switch (id) {
    case session_expiry:
      properties.session_expiry = value;
      break;
    case maximum_packet_size:
      properties.longest_packet = value;
      break;
    case topic_alias:
      properties.topic_alias = static_cast<std::uint16_t>(value);
      break;
    case problem_information:
      properties.wants_reasons = value != 0;
      break;
    case authentication_method:
      properties.authenticates = true;
      break;
    default:
      break;
  }
}

Violation protocol_error(std::uint8_t id, const char* why) {
  return {Reason::ProtocolError, "property " + std::to_string(id) + " " + why};
}

}  // namespace

Parsed<Properties> read_properties(Reader& reader, Place place) {
  Reader list(reader.take(reader.variable()));
  Properties properties;
  std::uint64_t seen = 0;  // by number; all are below 64
  while (!reader.failed() && !list.at_end()) {
    const std::uint8_t id = list.byte();
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const Known& each) { return each.id == id; });
    if (found == known.end() || (found->places & in(place)) == 0) {
      return Violation{Reason::Malformed,
                       "property " + std::to_string(id) + " does not belong into this packet"};
    }
    const std::uint32_t value = read_value(list, found->kind);
    if (list.failed()) return Violation{Reason::Malformed, "a property is cut off or no UTF-8"};
    const std::uint64_t bit = std::uint64_t{1} << id;
    if (id != user_property && (seen & bit) != 0) return protocol_error(id, "comes twice");
    seen |= bit;
    if (found->kind == Kind::Flag && value > 1) return protocol_error(id, "is neither 0 nor 1");
    if (must_not_be_zero(id) && value == 0) return protocol_error(id, "is 0");
    keep(properties, id, value);
  }
  if (reader.failed()) return Violation{Reason::Malformed, "the properties are cut off"};
  return properties;
}

}  // namespace jieding::drivers::mqtt
