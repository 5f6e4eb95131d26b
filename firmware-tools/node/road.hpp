#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "gateway/domain/result.hpp"

namespace jieding::tools::node {

/// A way to a node that carries whole SMP packets: nothing on it is sure to arrive. One at a time
/// sends and receives. Thread-bound to io; outlives the wheel's turning.
class Road {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  explicit Road(const boost::asio::any_io_executor& io);
  virtual ~Road() = default;
  Road(const Road&) = delete;
  Road& operator=(const Road&) = delete;

  /// Once, before all else.
  virtual boost::asio::awaitable<Result<void>> open() = 0;
  virtual boost::asio::awaitable<Result<void>> send(std::string packet) = 0;
  /// Ends whatever waits.
  virtual void close() = 0;

  /// The next packet; nothing: none came by then, or it was closed.
  boost::asio::awaitable<std::optional<std::string>> receive(Moment until);
  /// What came before is of no interest any more.
  void forget() { inbox_.clear(); }
  bool closed() const { return closed_; }

 protected:
  void arrived(std::string packet);
  void end();

 private:
  std::deque<std::string> inbox_;
  boost::asio::steady_timer wake_;
  bool closed_ = false;
};

/// `udp:10.0.0.7:1337` (SMP over UDP), or a place (port.hpp) whose console speaks SMP, such as
/// `serial:/dev/ttyUSB0,115200,8N1`. Invalid: neither.
Result<std::unique_ptr<Road>> make_road(const boost::asio::any_io_executor& io,
                                        const std::string& place);

}  // namespace jieding::tools::node
