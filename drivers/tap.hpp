#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/link.hpp"
#include "gateway/runtime/backoff.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/intake.hpp"

namespace jieding::drivers {

/// Keeps the line of a device open that talks unasked, and hands on what comes. A line that cannot
/// be opened or breaks (an adapter that is pulled) is the health of its device, and opened again
/// with back-off. Thread-bound to io; outlived by what `take` uses.
class Tap {
 public:
  /// Is given what came; an empty text: nothing for `patience`, or the line broke.
  using Take = std::function<boost::asio::awaitable<void>(std::string bytes)>;
  struct Plan {
    std::string_view component;  ///< in the log
    std::string device;
    LinkAddress address;
    std::chrono::milliseconds patience{10'000};
  };

  Tap(const boost::asio::any_io_executor& io, const BusinessClock& clock, Intake& intake, Plan plan,
      Take take, std::uint64_t seed);

  /// Until `stop`; may be run again.
  boost::asio::awaitable<void> run();
  void stop();
  Link& link() { return link_; }

 private:
  boost::asio::awaitable<void> listen();
  void broken(const std::string& why);

  Plan plan_;
  const BusinessClock& clock_;
  Intake& intake_;
  Take take_;
  RuntimeClock runtime_;
  Link link_;
  boost::asio::steady_timer pause_;
  Backoff backoff_;
  std::optional<Instant> down_since_;
  bool stopping_ = false;
};

}  // namespace jieding::drivers
