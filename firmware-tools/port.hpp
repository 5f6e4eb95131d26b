#pragma once
// Where bytes come from and go to, as people write it:
//
//   tcp:10.0.0.5:502          connects to it
//   listen:0.0.0.0:9212       waits for one that connects; port 0: any
//   serial:/dev/ttyUSB0,9600,8N1
//   pty                       makes a pseudo terminal that another program opens like a serial port

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/serial_port.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "drivers/link.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::tools {

struct Listening {
  boost::asio::ip::tcp::endpoint endpoint;
};
struct OwnPty {};
using Place =
    std::variant<boost::asio::ip::tcp::endpoint, Listening, drivers::SerialAddress, OwnPty>;

/// Faults: Invalid with what to write instead.
Result<Place> parse_place(std::string_view text);

/// One reader and one writer at a time; nothing has a time limit: `close` ends whatever waits.
/// Thread-bound to io.
class Port {
 public:
  Port(const boost::asio::any_io_executor& io, Place place);
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  /// Binds a listening place or makes the pty; the others need nothing. Once, before `open`.
  Result<void> prepare();
  /// Connects, opens, or waits for one who connects. Again after `close`.
  boost::asio::awaitable<Result<void>> open();
  /// At least one byte; empty: the other side has hung up.
  boost::asio::awaitable<Result<std::string>> read();
  boost::asio::awaitable<Result<void>> write(std::string bytes);
  /// Of this connection; a listening place goes on listening, a pty stays.
  void close();
  /// Nothing can be opened any more.
  void shut();

  bool waits_for_others() const { return std::holds_alternative<Listening>(place_); }
  /// `10.0.0.5:502`, `/dev/pts/3`; a listening place with its true port.
  std::string where() const;
  /// Of a pty: bytes that were written and not read yet. Others know nothing of it: 0.
  std::size_t unread() const;

 private:
  using Stream = std::variant<std::monostate, boost::asio::ip::tcp::socket,
                              boost::asio::serial_port, boost::asio::posix::stream_descriptor>;
  Result<void> make_pty();
  Error error(std::string_view what, const boost::system::error_code& code) const;

  boost::asio::any_io_executor io_;
  Place place_;
  boost::asio::ip::tcp::acceptor acceptor_;
  Stream stream_;
  int pty_other_end_ = -1;  ///< kept open, so that the pty lives while nobody has it open
  std::string pty_name_;
};

/// What the text names, prepared; says on stderr where it waits, because others must know.
Result<std::unique_ptr<Port>> prepared_port(const boost::asio::any_io_executor& io,
                                            const std::string& text);

}  // namespace jieding::tools
