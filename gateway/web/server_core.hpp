#pragma once
// What the connections of one server share; private to server*.cpp and their tests.

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "gateway/web/held_bytes.hpp"
#include "gateway/web/pace.hpp"
#include "gateway/web/seats.hpp"
#include "gateway/web/server.hpp"
#include "gateway/web/stream_hub.hpp"

namespace jieding::web {

/// One accepted connection as the server sees it. Lives in its own coroutine.
class OpenConnection {
 public:
  virtual ~OpenConnection() = default;
  virtual void close() = 0;
  bool busy() const { return busy_; }

 protected:
  void set_busy(bool busy) { busy_ = busy; }

 private:
  bool busy_ = false;
};

/// Limits, table of routes, streams and the list of open connections. Shared by the server and its
/// connections, so that none outlives what it uses. Thread-bound to io.
class ServerCore {
 public:
  ServerCore(boost::asio::any_io_executor executor, const RuntimeClock& runtime_clock,
             const http::Routes& table, ServerOptions chosen);

  /// What is to be done with a request, judged by its header alone.
  struct Verdict {
    const http::Route* route = nullptr;
    const StreamGate* stream = nullptr;
    std::optional<http::Response> refusal;
  };
  Verdict judge(http::Request& request, std::string_view target, const std::string& client);

  /// The handler's response; 500 if it throws.
  boost::asio::awaitable<http::Response> answer(const http::Route* route, http::Request request);

  /// Status line and header, security headers included. Without `length` the body ends with the
  /// connection.
  std::string head(const http::Response& response, bool keep_alive,
                   std::optional<std::size_t> length);

  void opened(OpenConnection* connection) { connections.insert(connection); }
  void closed(OpenConnection* connection);

  const ServerOptions options;
  const RuntimeClock& clock;
  boost::asio::any_io_executor io;
  boost::asio::ip::tcp::acceptor acceptor;
  std::optional<boost::asio::ssl::context> tls;
  std::shared_ptr<Seats> connection_seats;
  std::shared_ptr<Seats> stream_seats;
  std::shared_ptr<StreamHub> hub;
  HeldBytes held;
  std::map<std::string, StreamGate, std::less<>> streams;
  std::set<OpenConnection*> connections;
  boost::asio::steady_timer all_gone;  ///< cancelled when the last connection has ended
  bool stopping = false;

 private:
  std::optional<http::Response> refuse_host(std::string_view host) const;
  http::Response refuse_method(std::string_view path) const;
  const std::string& date();

  SystemClock wall_clock_;  ///< HTTP dates messages by real time, whatever the business clock plays
  const http::Routes& routes_;
  Pace pace_;
  std::string date_;
  RuntimeClock::time_point dated_{};
};

/// How limits know a client: an IPv4 address, or the /64 of an IPv6 address (one subscriber).
std::string client_of(const boost::asio::ip::address& address);

}  // namespace jieding::web
