#pragma once
// What the lanes of the uplink share: the store they read, the client they send by, and the bell
// that wakes the one coroutine that drives them all.

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "config/config.hpp"
#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/log.hpp"
#include "sync/messages.hpp"
#include "sync/mqtt_client.hpp"
#include "sync/store.hpp"

namespace jieding::sync {

/// Wakes one waiting coroutine; a ring while nobody waits is kept. io.
class Bell {
 public:
  explicit Bell(boost::asio::any_io_executor io) : timer_(std::move(io)) {}

  void ring() {
    rung_ = true;
    timer_.cancel();
  }

  /// Until the bell rings, at most so long.
  boost::asio::awaitable<void> wait(std::chrono::steady_clock::duration most) {
    if (!rung_) {
      timer_.expires_after(most);
      co_await timer_.async_wait(as_result);
    }
    rung_ = false;
  }

 private:
  boost::asio::steady_timer timer_;
  bool rung_ = false;
};

/// Says a line at most once a second and counts what it swallowed. io.
class SparseLog {
 public:
  explicit SparseLog(const RuntimeClock& clock) : clock_(clock) {}

  void warning(const std::string& text) {
    ++swallowed_;
    const auto now = clock_.now();
    if (now < quiet_until_) return;
    const std::string count =
        swallowed_ > 1 ? " (" + std::to_string(swallowed_) + " such lines)" : "";
    log::warning("uplink", text + count);
    swallowed_ = 0;
    quiet_until_ = now + std::chrono::seconds{1};
  }

 private:
  const RuntimeClock& clock_;
  RuntimeClock::time_point quiet_until_{};
  std::uint64_t swallowed_ = 0;
};

/// Owned by the uplink, io.
struct Road {
  Store& store;
  const BusinessClock& business_clock;
  const RuntimeClock& clock;
  const config::Uplink& config;
  const Topics& topics;
  MqttClient& client;
  Bell& bell;
  SparseLog& complaints;
  Welcome welcome{};               ///< of the connection that stands
  std::deque<AlertChange> news{};  ///< for the ledger; told by the uplink's coroutine

  /// Beyond a few the newest is dropped: what lasts is said again.
  void tell(AlertChange change) {
    if (news.size() < 16) news.push_back(std::move(change));
  }
  /// QoS 1 messages that may still be opened with the broker.
  std::size_t room() const {
    const std::size_t most = welcome.receive_maximum;
    return client.open() < most ? most - client.open() : 0;
  }
  /// The same for bulk: some room is always left, so that an event need not queue behind telemetry.
  std::size_t room_for_bulk() const {
    const std::size_t kept = std::min<std::size_t>(4, welcome.receive_maximum / 4);
    return room() > kept ? room() - kept : 0;
  }
  /// Whether the broker would take it; one it refuses for its size would end the connection.
  bool fits(const Message& message) const {
    constexpr std::size_t headers = 64;  // fixed header, packet id and properties, generously
    return message.topic.size() + message.payload.size() + message.content_type.size() + headers <=
           welcome.maximum_packet_size;
  }
};

/// How long a lane rests after the broker or the store refused it something.
inline constexpr std::chrono::seconds after_trouble{1};

inline constexpr auto no_deadline = RuntimeClock::time_point::max();

}  // namespace jieding::sync
