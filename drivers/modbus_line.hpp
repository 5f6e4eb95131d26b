#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "drivers/beat.hpp"
#include "drivers/link.hpp"
#include "drivers/modbus_points.hpp"
#include "drivers/tally.hpp"
#include "gateway/runtime/backoff.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/intake.hpp"

namespace jieding::drivers::modbus {

/// One `[[device]]`: a unit on the line with its points.
struct UnitPlan {
  std::string device;
  std::uint8_t unit = 1;
  std::chrono::milliseconds every{10'000};
  unsigned gap = 8;
  std::vector<Point> points;
};

enum class Framing { Tcp, Rtu };

/// One `[[driver.modbus.line]]`: a connection or a pair of wires, with all units on it.
struct LinePlan {
  std::string id;
  LinkAddress address;
  Framing framing = Framing::Tcp;
  unsigned baud = 9600;  ///< of the wires, also of those behind a serial server
  std::chrono::milliseconds timeout{1000};
  int retries = 2;
  std::vector<UnitPlan> units;
};

/// What all lines share. Outlives them.
struct Site {
  boost::asio::any_io_executor io;
  const BusinessClock& clock;
  Intake& intake;
  Tally troubles{"modbus", "requests without values"};
  Tally refused{"modbus", "answers refused"};
  Tally missed{"modbus", "polls missed"};
  Tally unsaved{"modbus", "polls not saved"};
};

/// Asks the units of one line, one request at a time, each at its beat. A line that breaks is
/// opened again with back-off at the next beat; a unit that is silent is asked once, ever less
/// often, so that the others keep their beat. Thread-bound to io.
class Line {
 public:
  Line(LinePlan plan, Site& site, std::uint64_t seed);

  boost::asio::awaitable<void> run();
  void stop();

 private:
  using Time = std::chrono::steady_clock::time_point;

  struct Unit {
    Unit(UnitPlan unit, Time first);
    UnitPlan plan;
    Beat beat;
    std::vector<Query> queries;
    int silences = 0;              ///< polls without any answer, running
    std::uint64_t missed = 0;      ///< beats skipped after the last poll, for want of time
    std::optional<Instant> since;  ///< of what is not ok
    std::string trouble;           ///< what is not ok, as told; the same again is not logged
  };
  /// Why there are no values: the line is down, or nobody answers.
  struct Silence {
    std::string why;
  };
  using Outcome = std::variant<Values, Exception, Silence>;
  /// What one poll of one unit brought.
  struct Poll {
    Batch batch;
    std::vector<std::string> troubles;
    bool silent = false;
  };

  Unit& next_due();
  boost::asio::awaitable<void> poll(Unit& unit);
  boost::asio::awaitable<void> hand_in(Unit& unit, Poll& poll);
  void go_on(Unit& unit, bool silent);
  void take(const Unit& unit, const Query& query, const Values& values, Poll& poll);
  /// True: the query was parted and both parts wait to be asked.
  bool part(Unit& unit, std::size_t query, Exception exception);
  void tell(Unit& unit, Poll& poll);

  boost::asio::awaitable<Outcome> ask(const Unit& unit, Request request);
  boost::asio::awaitable<std::optional<Silence>> ready();
  boost::asio::awaitable<Outcome> exchange(const Unit& unit, Request request);
  boost::asio::awaitable<Outcome> exchange_tcp(const Unit& unit, Request request);
  boost::asio::awaitable<Outcome> exchange_rtu(const Unit& unit, Request request);
  Silence broken(const std::string& why);
  void refuse(const Unit& unit, const Strange& strange);
  std::chrono::milliseconds patience(const Request& request) const;
  std::chrono::microseconds characters(double count) const;
  boost::asio::awaitable<void> pause_until(Time when);

  LinePlan plan_;
  Site& site_;
  RuntimeClock runtime_;
  Link link_;
  boost::asio::steady_timer timer_;
  Backoff backoff_;
  Time not_before_{};     ///< the line is not opened earlier
  std::string why_down_;  ///< of the last time that it could not be opened or broke
  Time quiet_since_{};    ///< RTU: the last byte on the line
  TcpReplies replies_;
  std::uint16_t transaction_ = 0;
  std::deque<Unit> units_;
  bool reopened_ = false;  ///< in this poll
  bool stopping_ = false;
};

}  // namespace jieding::drivers::modbus
