#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gateway/runtime/backoff.hpp"
#include "sync/uplink_checkpoint.hpp"
#include "sync/uplink_events.hpp"
#include "sync/uplink_road.hpp"
#include "sync/uplink_rows.hpp"
#include "sync/uplink_telemetry.hpp"

namespace jieding::sync {

enum class UplinkState { Off, Connecting, Connected, Offline };
std::string_view to_text(UplinkState state);

/// For the page.
struct UplinkStatus {
  UplinkState state = UplinkState::Off;
  Instant since;       ///< business time
  std::string reason;  ///< why not connected; empty when it is
  std::uint64_t events_size = 0;
  std::uint64_t events_sent = 0;
  std::uint64_t events_receipted = 0;
  std::string last_receipt;  ///< RFC 3339; empty: never
  std::int64_t telemetry_waiting = 0;
  std::int64_t evidence_waiting = 0;
  std::int64_t state_waiting = 0;
  std::int64_t telemetry_dropped = 0;
  std::uint64_t ignored = 0;  ///< messages from the broker that made no sense
  std::string alarm;          ///< the platform's record contradicts ours; empty: it does not
};

/// Brings everything that the platform does not have yet to the broker, for as long as it runs:
/// connection, back-off, and the lanes in their order (events, state, evidence, telemetry). Owned
/// by the gateway, declared after the store; thread-bound to io.
class Uplink {
 public:
  struct Options {
    std::string site;
    std::string gateway;
    std::string version;
    config::Uplink uplink;
    std::uint64_t seed = 0;  ///< of the back-off's jitter
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds farewell{
        2'000};  ///< to say `stopped` to a broker that does not answer
    std::chrono::milliseconds save_every{250};  ///< telemetry cursor and the counts of status()
    TelemetryLane::Terms telemetry;
    std::function<void()> alerted = [] {};  ///< an alert was written to the ledger
    /// RollOut, StopRollout: what the answer says. Empty: there are no nodes.
    std::function<boost::asio::awaitable<Result<boost::json::object>>(Request)> roll_out = {};
    std::chrono::minutes twin_forgotten{60};  ///< after so long without a word of it
    BoxIdentity identity = this_box();
  };

  Uplink(boost::asio::any_io_executor io, Store& store, const BusinessClock& business_clock,
         const RuntimeClock& clock, Options options);
  Uplink(const Uplink&) = delete;
  Uplink& operator=(const Uplink&) = delete;

  /// Until stop(): then `stopped` was said, if there was somebody to say it to. Ends early
  /// with an error when the store cannot be read at start; can then be called again, also after an
  /// exception.
  boost::asio::awaitable<Result<void>> run();
  void stop();

  /// Something was committed.
  void poke();
  UplinkStatus status() const;
  /// The broker has all telemetry that was committed before the last poke().
  bool drained() const { return client_.connected() && telemetry_.drained(); }

 private:
  MqttSettings mqtt_settings() const;
  MqttEvents mqtt_events();
  boost::asio::awaitable<Result<void>> load();
  boost::asio::awaitable<void> stay_connected();
  boost::asio::awaitable<void> one_connection();
  boost::asio::awaitable<void> greet();
  boost::asio::awaitable<void> drive();
  boost::asio::awaitable<bool> step();
  boost::asio::awaitable<void> take_requests();
  boost::asio::awaitable<void> answer(Message message);
  boost::asio::awaitable<Result<boost::json::object>> obey(Request request);
  boost::asio::awaitable<Result<boost::json::object>> show_picture(std::string camera);
  boost::asio::awaitable<void> tell_news();
  void hear_health(const Message& message);
  boost::asio::awaitable<void> wait_before_next();
  boost::asio::awaitable<void> say_goodbye();
  boost::asio::awaitable<void> hang_up();
  boost::asio::awaitable<void> keep_books();
  void receive(Message message);
  void publish_health(Presence presence, MqttClient::Answered answered);
  Message health(Presence presence) const;
  void enter(UplinkState state, std::string reason);
  std::chrono::steady_clock::duration until_next_deadline() const;

  boost::asio::any_io_executor io_;
  Store& store_;
  const BusinessClock& business_clock_;
  const RuntimeClock& clock_;
  Options options_;
  Topics topics_;
  Bell bell_;   ///< wakes the coroutine that connects and drives the lanes
  Bell books_;  ///< wakes keep_books
  SparseLog complaints_;
  Backoff backoff_;
  Road road_;
  EventLane events_;
  CheckpointLane checkpoint_;
  StateLane states_;
  EvidenceLane evidence_;
  TelemetryLane telemetry_;

  UplinkState state_ = UplinkState::Off;
  Instant since_{};
  std::string reason_;
  bool begun_ = false;
  bool stopping_ = false;
  bool driving_ended_ = false;
  bool greeted_ = false;
  std::uint64_t ignored_ = 0;
  std::vector<Message> requests_;
  TwinWatch twins_;
  RuntimeClock::time_point twin_forgotten_at_;
  OutboxStatus counts_;
  bool counts_old_ = true;
  MqttClient client_;  ///< last: after it is gone nobody calls us
};

}  // namespace jieding::sync
