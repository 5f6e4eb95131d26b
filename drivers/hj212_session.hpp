#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/address.hpp"
#include "drivers/hj212_codec.hpp"
#include "drivers/hj212_frame.hpp"
#include "drivers/tally.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/intake.hpp"
#include "gateway/runtime/token_bucket.hpp"

namespace jieding::drivers::hj212 {

/// One configured dust station.
struct Station {
  std::string device;
  std::string pw;     ///< empty: any password
  AddressList allow;  ///< empty: from anywhere
  Dialect dialect;
};
using Stations = std::map<std::string, Station, std::less<>>;  ///< by MN

struct Limits {
  std::chrono::milliseconds idle{600'000};  ///< without one good frame, then closed
  std::chrono::milliseconds half_frame{
      10'000};                    ///< from its first byte to its last (2017, table 1)
  double frames_per_second = 50;  ///< read no faster than this, bursts apart
  std::size_t in_flight = 64;     ///< frames read and not yet answered
};

/// What all connections of one listener share. Outlives them.
struct Hall {
  const Stations& stations;
  const Limits& limits;
  const BusinessClock& clock;
  Intake& intake;
  Tally refused{"hj212", "frames refused"};
  Tally unsaved{"hj212", "frames not saved and not answered"};
};

/// One connection of a station: reads on while earlier frames wait for their commit, answers in
/// the order of arrival and only what is committed. Thread-bound to io; owned by its coroutines.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, Hall& hall);

  /// Until the peer leaves, is idle for too long, or `stop`. Frames already read are answered.
  boost::asio::awaitable<void> run();
  void stop();
  /// Whether it may go when a newcomer needs its place: it never sent a good frame.
  bool evictable() const { return !proven_ && !stopping_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  /// The place of one frame in the order of answers.
  struct Slot {
    bool settled = false;
    std::string answer;  ///< empty: none is due
  };
  struct Judged {
    Message message;
    Batch batch;
  };

  boost::asio::awaitable<void> read();
  boost::asio::awaitable<void> read_frames();
  boost::asio::awaitable<void> wait_for_room();
  boost::asio::awaitable<void> write();
  boost::asio::awaitable<void> watch();
  boost::asio::awaitable<void> commit(std::shared_ptr<Slot> slot, Judged judged, std::string bytes);

  void take(Found found);
  Parsed<Judged> judge(const Found& found, std::string& device) const;
  void refuse(std::string_view reason, std::string detail, std::string device, std::string bytes);
  void expect_input(bool frame_seen);
  void wake() { changed_.cancel(); }

  boost::asio::ip::tcp::socket socket_;
  Hall& hall_;
  boost::asio::ip::address peer_;
  FrameFinder finder_;
  TokenBucket pace_;
  std::deque<std::shared_ptr<Slot>> slots_;
  boost::asio::steady_timer changed_;  ///< cancelled whenever a waiting coroutine should look again
  boost::asio::steady_timer watchdog_;
  boost::asio::steady_timer pause_;
  Time idle_since_;
  Time half_since_ = Time::max();  ///< max: no frame has begun
  Time read_deadline_ = Time::max();
  Time write_deadline_ = Time::max();
  bool proven_ = false;
  bool stopping_ = false;
  bool reading_ = true;
  bool broken_ = false;  ///< answers cannot be sent any more
};

}  // namespace jieding::drivers::hj212
