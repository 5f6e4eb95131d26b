#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>

#include "config/config.hpp"
#include "gateway/runtime/clock.hpp"

namespace jieding {

/// Says to RAUC that what runs here is good, once it has shown it: something was committed, and the
/// broker was reached or there was time enough to reach it. Said too early, an update that does not
/// work stays; not said in three boots, the machine goes back to the other slot. Thread-bound to
/// io.
class SlotWatch {
 public:
  struct Parts {
    boost::asio::any_io_executor io;
    const config::Update& update;
    const RuntimeClock& clock;
    std::function<bool()> committed, connected;
  };
  explicit SlotWatch(Parts parts);

  /// An error when RAUC does not take it; can then be called again.
  boost::asio::awaitable<Result<void>> run();
  void stop();

 private:
  bool shown() const;
  boost::asio::awaitable<void> rest(std::chrono::milliseconds time);
  boost::asio::awaitable<Result<void>> mark();

  Parts parts_;
  const RuntimeClock::time_point began_;
  boost::asio::steady_timer rest_;
  boost::asio::thread_pool aside_{1};  ///< RAUC is a program and may take seconds
  bool marked_ = false;
  bool stopped_ = false;
};

}  // namespace jieding
