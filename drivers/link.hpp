#pragma once
// The way to one device: a serial port, or a TCP connection that we open or were given. Gives
// bytes, knows no protocol.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/serial_port.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <tuple>
#include <variant>

#include "gateway/domain/result.hpp"

namespace jieding::drivers {

enum class Parity { None, Even, Odd };

struct SerialAddress {
  std::string path;  ///< `/dev/ttyUSB0`, better `/dev/serial/by-id/...`
  unsigned baud = 9600;
  Parity parity = Parity::None;
  int stop_bits = 1;
};
using LinkAddress = std::variant<boost::asio::ip::tcp::endpoint, SerialAddress>;

/// Opens the port with these settings, eight bits and no flow control; after an error it is closed.
boost::system::error_code open(boost::asio::serial_port& port, const SerialAddress& address);

/// Thread-bound to io. One coroutine uses it at a time; `close` may be called meanwhile and ends
/// what it waits for. After any error it must be closed and opened again.
class Link {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Link(const boost::asio::any_io_executor& io, LinkAddress address);
  /// One that is open already: somebody connected to us.
  explicit Link(boost::asio::ip::tcp::socket socket);

  boost::asio::awaitable<Result<void>> open(Time deadline);
  bool is_open() const;
  void close();

  boost::asio::awaitable<Result<void>> write(std::string bytes, Time deadline);
  /// What has come, at most 512 bytes; empty: the deadline passed.
  boost::asio::awaitable<Result<std::string>> read(Time deadline);
  /// Throws away what has come unasked, so far as it is there.
  void discard();

  /// `10.0.0.5:502`, `/dev/ttyUSB0`
  std::string where() const;
  /// None: a serial port.
  std::optional<boost::asio::ip::address> peer() const;

 private:
  using Port = std::variant<boost::asio::ip::tcp::socket, boost::asio::serial_port>;
  using Moved = std::tuple<boost::system::error_code, std::size_t>;

  boost::asio::awaitable<Result<void>> connect(boost::asio::ip::tcp::endpoint endpoint,
                                               Time deadline);
  boost::asio::awaitable<Moved> write_all(const std::string& bytes);
  boost::asio::awaitable<Moved> read_some(boost::asio::mutable_buffer into);
  boost::asio::awaitable<std::tuple<boost::system::error_code>> passing(Time deadline);
  Error error(std::string_view what, const boost::system::error_code& code) const;

  LinkAddress address_;
  Port port_;
  boost::asio::steady_timer timer_;
};

}  // namespace jieding::drivers
