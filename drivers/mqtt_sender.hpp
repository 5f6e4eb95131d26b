#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/plain_json.hpp"
#include "drivers/token.hpp"
#include "gateway/domain/time.hpp"
#include "gateway/runtime/token_bucket.hpp"

namespace jieding::drivers::mqtt {

class Session;

/// When the latest messages of a device came. One that is sent again (DUP: same packet id, same
/// content) is read as of then, so that a pack without times of its own is stored once.
class Arrivals {
 public:
  /// The stamp of the first arrival: `now`, unless this is an old message again.
  Stamp stamp_of(std::uint16_t id, std::string_view payload, bool again, Stamp now);

 private:
  struct Arrival {
    std::uint16_t id = 0;  ///< 0: none
    std::size_t content = 0;
    Stamp at;
  };
  static constexpr std::size_t remembered = 256;  ///< more than any window in flight
  std::array<Arrival, remembered> ring_;
  std::size_t next_ = 0;
};

/// One configured device that publishes, over all its connections. Outlives them.
struct Sender {
  using Time = std::chrono::steady_clock::time_point;

  std::string device;
  TokenDigest token{};
  TokenBucket pace;
  plain_json::Dialect dialect;
  Arrivals arrivals;
  std::vector<Session*> connections;
  /// The MQTT session that its last client wanted kept. A publisher's session holds nothing, but a
  /// client that is not told of it would give up what was not acknowledged (5.0 §3.2.2.1.1).
  std::string kept_client;
  Time kept_until{};
};

using Senders = std::map<std::string, Sender, std::less<>>;  ///< by user, which is the device's id

}  // namespace jieding::drivers::mqtt
