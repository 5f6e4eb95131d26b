#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/mqtt_line.hpp"
#include "drivers/mqtt_packet.hpp"
#include "drivers/mqtt_sender.hpp"
#include "drivers/tally.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/intake.hpp"

namespace jieding::drivers::mqtt {

struct Limits {
  std::chrono::milliseconds connect{10'000};  ///< from the connection to a whole CONNECT
  std::chrono::milliseconds packet{30'000};   ///< from a packet's first byte to its last
  std::uint16_t longest_keep_alive = 600;     ///< s; 5 only: 3.1.1 cannot be told
  std::uint16_t in_flight = 32;               ///< messages taken and not yet answered
  std::size_t longest_packet = 0;             ///< bytes
};

/// What all connections of one listener share. Outlives them.
struct Hall {
  Senders& senders;
  const Limits& limits;
  const std::string& site;
  const BusinessClock& clock;
  Intake& intake;
  std::uint64_t nameless = 0;  ///< clients that were given a name
  Tally refused{"mqtt", "messages refused"};
  Tally unsaved{"mqtt", "messages not saved and not acknowledged"};
};

/// One connection of a device. Reads on while earlier messages wait for their commit; messages that
/// arrived together are committed together; PUBACKs go out in the order of arrival and only for
/// what is committed, or refused for good. Thread-bound to io; owned by its coroutines.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::unique_ptr<Line> line, Hall& hall);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Until the peer leaves, breaks the protocol, falls silent, or `end`.
  boost::asio::awaitable<void> run();
  /// Takes no more; answers what it took, says why (5) and closes.
  void end(Reason reason);
  /// Whether it may go when a newcomer needs its place: it never named a device.
  bool evictable() const { return sender_ == nullptr && !ending_; }

 private:
  using Time = std::chrono::steady_clock::time_point;

  /// One message that was taken.
  struct Message {
    std::uint16_t id = 0;  ///< 0: QoS 0, nobody waits for an answer
    std::string payload;
    Stamp received;
    Batch batch;  ///< empty when refused
    Reason reason = Reason::Success;
    std::string detail;  ///< why it was refused
  };
  using Messages = std::vector<Message>;

  /// The place of messages in the order of answers.
  struct Slot {
    std::size_t messages = 0;
    std::size_t bytes = 0;
    bool settled = false;
    std::string answers;
  };

  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<void> read();
  boost::asio::awaitable<void> read_packets();
  boost::asio::awaitable<void> write();
  boost::asio::awaitable<void> leave();
  boost::asio::awaitable<void> watch();

  void take_connect(const Packet& packet);
  void enter(Sender& sender, Connect connect);
  void take_other(const Packet& packet);

  // mqtt_messages.cpp
  boost::asio::awaitable<void> take_publish(const Packet& packet);
  Message judge(const Publish& publish);
  bool has_room() const;
  boost::asio::awaitable<void> wait_for_room();
  boost::asio::awaitable<void> wait_for_pace(double readings);
  void hand_in();
  boost::asio::awaitable<void> commit(std::shared_ptr<Slot> slot, Messages messages);
  boost::asio::awaitable<Result<Accepted>> commit_alone(const Message& message);
  void settle(Message& message, const Result<Accepted>& accepted);
  std::string answer(const Message& message) const;
  void give_up(const Error& error);
  void collect_answers();

  void turn_away(std::uint8_t protocol_level, Reason reason, std::string_view code,
                 const std::string& detail, const std::string& device);
  void violated(const Violation& violation);
  void refuse(std::string_view code, const std::string& detail, const std::string& device,
              std::string_view bytes);
  void say_farewell(Reason reason);
  void expect_input(bool packet_seen);
  void read_until(Time deadline);
  void cut();
  void wake() { changed_.cancel(); }

  std::unique_ptr<Line> line_;
  Hall& hall_;
  boost::asio::ip::address peer_;
  Sender* sender_ = nullptr;  ///< null: CONNECT has not been accepted
  Version version_ = Version::V311;
  std::string client_;
  std::uint32_t session_expiry_ = 0;
  std::chrono::milliseconds silence_{0};  ///< one and a half keep-alives; 0: it may be silent
  std::size_t longest_answer_ = 0;        ///< bytes the client takes
  bool wants_reasons_ = true;

  std::string in_;
  std::string out_;
  std::string farewell_;
  Messages gathered_;
  std::size_t gathered_bytes_ = 0;
  std::deque<std::shared_ptr<Slot>> slots_;
  std::size_t in_flight_ = 0;  ///< messages in slots_ and gathered_
  std::size_t bytes_in_flight_ = 0;

  boost::asio::steady_timer changed_;  ///< cancelled whenever a waiting coroutine should look again
  boost::asio::steady_timer watchdog_;
  boost::asio::steady_timer pause_;
  Time opened_;
  Time heard_;                ///< the last whole packet
  Time begun_ = Time::max();  ///< max: no packet has begun
  Time read_deadline_ = Time::max();
  Time write_deadline_ = Time::max();
  bool reading_ = true;
  bool ending_ = false;
  bool broken_ = false;  ///< answers cannot be sent any more
};

}  // namespace jieding::drivers::mqtt
