#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/mqtt_packet.hpp"

namespace jieding::drivers::mqtt {

/// What an accepted client is told (5.0 §3.2.2.3); of it 3.1.1 knows `session_present` alone.
struct Welcome {
  bool session_present = false;
  std::uint16_t receive_maximum = 1;
  std::uint32_t longest_packet = 0;                ///< bytes
  std::optional<std::uint16_t> server_keep_alive;  ///< s; in place of what the client said
  std::string assigned_client;                     ///< empty: it brought an id
};

std::string connack(Version version, const Welcome& welcome);
/// Refuses; 3.1.1 has return codes for a few reasons only, else this is empty: just close.
std::string connack_refusal(std::uint8_t protocol_level, Reason reason);
/// 3.1.1 cannot say a reason: the device is told to forget the message whatever it was.
/// `detail` is left out where it is empty or the packet would exceed `longest`.
std::string puback(Version version, std::uint16_t id, Reason reason, std::string_view detail,
                   std::size_t longest);
/// Refuses every filter of a SUBSCRIBE; says to an UNSUBSCRIBE that there were none.
std::string refuse_filters(Version version, Type asked, const Filters& filters);
std::string pingresp();
/// 3.1.1 servers only close, so there it is empty.
std::string disconnect(Version version, Reason reason);

}  // namespace jieding::drivers::mqtt
