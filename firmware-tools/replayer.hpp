#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "firmware-tools/port.hpp"
#include "firmware-tools/recording.hpp"

namespace jieding::tools {

struct Play {
  bool as_gateway = false;  ///< plays what went to the device instead of what came from it
  double speed = 1;         ///< 0: as fast as the link takes it
  /// Where the recording shows that the peer spoke, wait for it so long; none: do not wait.
  std::optional<std::chrono::milliseconds> patience;
};

/// What came of it.
struct Played {
  std::size_t chunks = 0;
  std::size_t bytes = 0;
  std::size_t heard = 0;        ///< bytes that the peer said
  std::size_t turns = 0;        ///< of the peer, as recorded, that were waited for
  std::size_t as_recorded = 0;  ///< of these: byte for byte
};

/// Says again what one side of a recording said. Thread-bound to io.
class Replayer {
 public:
  Replayer(const boost::asio::any_io_executor& io, const Recording& recording, Port& port,
           Play play);

  /// Unavailable: the peer left, or did not answer in time.
  boost::asio::awaitable<Result<Played>> run();
  void stop();

 private:
  using Time = std::chrono::steady_clock::time_point;

  bool is_ours(Happening what) const;
  boost::asio::awaitable<Result<void>> step(const Event& event);
  boost::asio::awaitable<Result<void>> ready();
  boost::asio::awaitable<void> hang_up();
  boost::asio::awaitable<Result<void>> await_turn();
  boost::asio::awaitable<void> await_rest();
  boost::asio::awaitable<void> listen();
  boost::asio::awaitable<void> pause_until(Time when);

  boost::asio::any_io_executor io_;
  const Recording& recording_;
  Port& port_;
  Play play_;
  Played played_;
  boost::asio::steady_timer timer_;
  /// Of the first event whose time is known: the silence before it is left out.
  std::optional<std::chrono::milliseconds> first_;
  Time origin_{};     ///< when that was
  std::string turn_;  ///< what the peer said in its turn, as recorded
  std::string said_;  ///< what it said now and nobody waited for yet
  bool open_ = false;
  bool listening_ = false;
  bool left_ = false;  ///< the peer hung up
  bool stopping_ = false;
};

}  // namespace jieding::tools
