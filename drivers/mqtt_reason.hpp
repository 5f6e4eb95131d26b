#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace jieding::drivers::mqtt {

enum class Version : std::uint8_t { V311 = 4, V5 = 5 };  ///< the protocol level in CONNECT

/// Those of MQTT 5's reason codes (§2.4) that this endpoint says.
enum class Reason : std::uint8_t {
  Success = 0x00,
  NoSubscriptionExisted = 0x11,
  Malformed = 0x81,
  ProtocolError = 0x82,
  UnsupportedVersion = 0x84,
  BadClientId = 0x85,
  BadUserOrPassword = 0x86,
  NotAuthorised = 0x87,
  ServerBusy = 0x89,
  ShuttingDown = 0x8B,
  BadAuthMethod = 0x8C,
  KeepAliveTimeout = 0x8D,
  SessionTakenOver = 0x8E,
  TopicNameInvalid = 0x90,
  TopicAliasInvalid = 0x94,
  PacketTooLarge = 0x95,
  QuotaExceeded = 0x97,
  PayloadFormatInvalid = 0x99,
  QosNotSupported = 0x9B,
};

/// Why a connection cannot go on: the code for the device, a line for people.
struct Violation {
  Reason reason = Reason::Malformed;
  std::string detail;
};

template <class T>
using Parsed = boost::system::result<T, Violation>;

[[noreturn]] inline void throw_exception_from_error(const Violation& violation,
                                                    const boost::source_location&) {
  throw std::runtime_error(violation.detail);
}

}  // namespace jieding::drivers::mqtt
