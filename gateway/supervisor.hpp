#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>
#include <string>

#include "gateway/runtime/backoff.hpp"
#include "gateway/runtime/intake.hpp"

namespace jieding {

/// A part of the box that works for as long as the box does: a driver, vision, the uplink.
struct Work {
  std::string name;
  std::string kind;  ///< `driver`, `vision`, `uplink`
  /// Works until stopped (then a success) or until it cannot go on; can then be called again.
  std::function<boost::asio::awaitable<Result<void>>()> run;
  std::function<void()> stop;
};

/// How a part of the box is.
struct PartHealth {
  Health health = Health::Ok;
  std::string reason;            ///< one line for people; empty when ok
  std::optional<Instant> since;  ///< when it first failed; none when ok
};

/// Keeps one part running: a run that ends in an error or an exception is logged, waits with
/// back-off, and begins again. Thread-bound to io.
class Supervisor {
 public:
  Supervisor(boost::asio::any_io_executor io, const RuntimeClock& clock,
             const BusinessClock& business_clock, Work work, std::uint64_t seed);

  boost::asio::awaitable<void> run();
  void stop();
  /// Its first run has begun: a driver that listens does so first of all.
  bool begun() const { return running_since_ || failing_since_; }
  bool ended() const { return ended_; }
  const std::string& name() const { return work_.name; }
  const std::string& kind() const { return work_.kind; }
  /// Failed while it waits for its next run; a warning until that run has held for as long as a
  /// run must to count as stable; then ok.
  PartHealth health() const;

 private:
  boost::asio::awaitable<Result<void>> attempt();
  void note_failure(std::string reason);
  bool holds() const;

  Work work_;
  const RuntimeClock& clock_;
  const BusinessClock& business_clock_;
  Backoff backoff_;
  boost::asio::steady_timer wait_;
  std::optional<RuntimeClock::time_point> running_since_;
  std::string reason_;
  std::optional<Instant> failing_since_;
  bool stopping_ = false;
  bool ended_ = false;
};

}  // namespace jieding
