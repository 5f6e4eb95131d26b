#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "drivers/address.hpp"
#include "drivers/hoist_frame.hpp"
#include "drivers/link.hpp"
#include "drivers/tally.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/intake.hpp"
#include "gateway/runtime/token_bucket.hpp"

namespace jieding::drivers::hoist {

/// One `[[device]]`.
struct Hoist {
  std::string device;
  AddressList allow;  ///< empty: may come from anywhere
};

/// What all conversations share. Outlives them.
struct Hall {
  std::map<std::string, Hoist, std::less<>> hoists;  ///< by serial number
  boost::asio::any_io_executor io;
  const BusinessClock& clock;
  Intake& intake;
  Tally refused{"hoist", "frames refused"};
  Tally unsaved{"hoist", "records not saved"};
};

/// Reads what one hoist sends over its link, stores it, and answers what wants an answer: a
/// heartbeat at once, a stored record after its commit. Thread-bound to io.
class Talk {
 public:
  Talk(Link& link, Hall& hall);

  /// What came; an empty text: nothing more of what has begun.
  boost::asio::awaitable<void> take(std::string bytes);
  bool begun() const { return !finder_.unfinished().empty(); }
  /// Of the last sound frame; empty: none has come.
  const std::string& device() const { return device_; }

 private:
  boost::asio::awaitable<void> wait_for_pace();
  boost::asio::awaitable<void> take_frame(Frame frame);
  boost::asio::awaitable<void> answer_heartbeat(Frame frame);
  boost::asio::awaitable<void> store(Frame frame);
  boost::asio::awaitable<void> write(Frame answer);
  const Hoist* find(const Frame& frame) const;
  void watch_clock(const Frame& frame, const Reading& reading);
  void refuse(std::string_view reason, const std::string& detail, std::string bytes);

  Link& link_;
  Hall& hall_;
  FrameFinder finder_;
  RuntimeClock runtime_;
  TokenBucket pace_;
  boost::asio::steady_timer pause_;
  std::string device_;
};

}  // namespace jieding::drivers::hoist
