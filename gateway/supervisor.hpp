#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "drivers/driver.hpp"
#include "gateway/runtime/backoff.hpp"

namespace jieding {

/// Keeps one driver running: a run that ends in an error is logged, waits with back-off, and begins
/// again. Thread-bound to io.
class Supervisor {
 public:
  Supervisor(boost::asio::any_io_executor io, const RuntimeClock& clock,
             const drivers::DriverType& type, std::unique_ptr<drivers::Driver> driver,
             std::uint64_t seed);

  boost::asio::awaitable<void> run();
  void stop();
  bool ended() const { return ended_; }
  const std::string& name() const { return name_; }
  /// Whether this driver opens a port: it understands the key `listen`.
  bool listens() const { return listens_; }
  std::uint16_t port() const { return driver_->port(); }

 private:
  std::string name_;
  bool listens_;
  std::unique_ptr<drivers::Driver> driver_;
  Backoff backoff_;
  boost::asio::steady_timer wait_;
  bool stopping_ = false;
  bool ended_ = false;
};

}  // namespace jieding
