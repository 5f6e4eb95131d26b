#pragma once

#include <boost/asio/steady_timer.hpp>

#include "drivers/driver.hpp"

namespace jieding::drivers {

/// A driver whose devices come through its routes: the HTTP server does the work, and running it is
/// waiting for its end.
class PushedDriver : public Driver {
 public:
  explicit PushedDriver(const boost::asio::any_io_executor& io);
  boost::asio::awaitable<Result<void>> run() final;
  void stop() final;

 private:
  boost::asio::steady_timer stopped_;  ///< cancelled by stop()
  bool stopping_ = false;
};

}  // namespace jieding::drivers
