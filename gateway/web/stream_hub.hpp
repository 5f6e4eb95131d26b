#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>

#include "gateway/runtime/clock.hpp"

namespace jieding::web {

/// Counts changes and wakes the open streams, with a rest between that grows with their number, up
/// to `interval`, however many changes come. Keeps no message for anybody: a stream that wakes late
/// sees the newest count. Thread-bound to io.
class StreamHub : public std::enable_shared_from_this<StreamHub> {
 public:
  StreamHub(boost::asio::any_io_executor io, const RuntimeClock& clock,
            std::chrono::milliseconds interval)
      : clock_(clock), interval_(interval), timer_(std::move(io)) {}

  void changed();
  /// The newest count that streams may tell.
  std::uint64_t published() const { return published_; }

  /// Sleepers are woken by cancelling their timer.
  void join(boost::asio::steady_timer* sleeper) { sleepers_.insert(sleeper); }
  void leave(boost::asio::steady_timer* sleeper) { sleepers_.erase(sleeper); }
  void wake_all();
  /// No publishing afterwards.
  void stop();

 private:
  /// Between two publications.
  std::chrono::nanoseconds rest() const;
  void publish();

  const RuntimeClock& clock_;
  std::chrono::milliseconds interval_;
  boost::asio::steady_timer timer_;
  std::set<boost::asio::steady_timer*> sleepers_;
  std::uint64_t counted_ = 0;
  std::uint64_t published_ = 0;
  RuntimeClock::time_point last_{};
  bool pending_ = false;
  bool stopped_ = false;
};

}  // namespace jieding::web
