#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "drivers/hj212_frame.hpp"
#include "drivers/hj212_join.hpp"
#include "drivers/hj212_stations.hpp"
#include "drivers/tally.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/intake.hpp"
#include "gateway/runtime/token_bucket.hpp"

namespace jieding::drivers::hj212 {

struct Limits {
  std::chrono::milliseconds idle{600'000};  ///< without one good frame, then closed
  std::chrono::milliseconds half_frame{
      10'000};                    ///< from its first byte to its last (2017, table 1)
  double frames_per_second = 50;  ///< read no faster than this, bursts apart
  std::size_t in_flight = 64;     ///< frames read and not yet answered
  std::size_t longest_segment = hj212::longest_segment;  ///< bytes
  /// How far a station's clock may be off before its health says so.
  std::chrono::milliseconds clock_error{600'000};
  Joiner::Limits parts;
};

/// Which connection spoke last for a device.
struct Speaker {
  std::uint64_t session = 0;
  boost::asio::ip::address peer;
};

/// What all connections of one listener share. Outlives them.
struct Hall {
  const Stations& stations;
  const Limits& limits;
  const BusinessClock& clock;
  Intake& intake;
  Joiner joiner{limits.parts};
  std::map<std::string, Speaker> speakers{};  ///< by device
  std::uint64_t sessions = 0;                 ///< so far
  Tally refused{"hj212", "frames refused"};
  Tally unsaved{"hj212", "frames not saved and not answered"};

  /// Tells of packets that never became whole.
  void report(const std::vector<Incomplete>& given_up);
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
  /// A station asked for the time.
  struct ClockRequest {
    Head head;
    std::string pol_id;  ///< the instrument whose clock is meant; empty: the station's own
  };
  /// The place of one frame in the order of answers.
  struct Slot {
    bool settled = false;
    std::string answer;                 ///< empty: none is due
    std::optional<ClockRequest> clock;  ///< the time is filled in when it is sent
  };
  /// A frame that may be: whole, known, understood.
  struct Judged {
    const Station* station;
    Head head;
    Command command;
    Batch batch;               ///< of an upload
    std::optional<Part> part;  ///< of an upload in packets
    std::string pol_id;        ///< of a request for the time
    std::optional<int> code;   ///< of an answer to us: what it says of our request
    Tolerances used;
    std::string warning;  ///< for the device's health; empty: none
  };

  boost::asio::awaitable<void> read();
  boost::asio::awaitable<void> read_frames();
  boost::asio::awaitable<void> wait_for_room();
  boost::asio::awaitable<void> write();
  boost::asio::awaitable<void> watch();
  boost::asio::awaitable<void> commit(std::shared_ptr<Slot> slot, Judged judged, std::string bytes);

  void take(Found found);
  Parsed<Judged> judge(const Found& found, std::string& device);
  std::optional<Complaint> judge_upload(const Message& message, Judged& judged);
  std::optional<Complaint> judge_sender(const Head& head, Judged& judged,
                                        std::string& device) const;
  void note(Judged& judged);
  void note_speaker(Judged& judged);
  void settle(Slot& slot, const Judged& judged);
  void settle_upload(Slot& slot, const Judged& judged, const Accepted& accepted);
  void hear_answer(const Judged& judged);
  std::string due_answers(const Judged& judged);
  std::string complaint_of(const Judged& judged, const Accepted& accepted) const;
  std::string written(const Slot& slot);
  void refuse(std::string_view reason, std::string detail, std::string device, std::string bytes);
  void expect_input(bool frame_seen);
  void wake() { changed_.cancel(); }

  boost::asio::ip::tcp::socket socket_;
  Hall& hall_;
  boost::asio::ip::address peer_;
  KeyRing keys_;
  FrameFinder finder_;
  TokenBucket pace_;
  std::deque<std::shared_ptr<Slot>> slots_;
  boost::asio::steady_timer changed_;  ///< cancelled whenever a waiting coroutine should look again
  boost::asio::steady_timer watchdog_;
  boost::asio::steady_timer pause_;
  std::uint64_t number_;
  std::set<std::string> spoken_for_;  ///< devices
  std::string clock_qn_;              ///< of our last request to set a clock; empty: none
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
