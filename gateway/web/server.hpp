#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/http.hpp"

namespace jieding::web {

/// Whether a client may open a stream: nothing, or the refusal to answer with.
using StreamGate =
    std::function<boost::asio::awaitable<std::optional<http::Response>>(http::Request)>;

struct ServerOptions {
  std::string listen = "127.0.0.1:8080";  ///< address literal or `localhost`, and port (0: any)
  std::filesystem::path tls_certificate;  ///< PEM chain; required unless `listen` is loopback
  std::filesystem::path tls_key;          ///< PEM
  std::vector<std::string> host_names;    ///< further names that a plain request may come for

  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_connections = 2048;
  std::size_t max_connections_per_address = 128;
  std::size_t max_held_bytes = std::size_t{64} * 1024 * 1024;  ///< of bodies and answers under way
  std::size_t max_streams = 1024;  ///< a site of many families; one costs some kilobytes
  std::size_t max_streams_per_address = 8;
  double requests_per_second = 200;  ///< of one address, long-term
  double request_burst = 1000;
  bool pace_loopback = false;  ///< local programs are trusted not to flood

  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds header_timeout{10'000};  ///< from a header's first byte to its last
  std::chrono::milliseconds body_timeout{60'000};    ///< a picture over a poor uplink takes long
  std::chrono::milliseconds idle_timeout{75'000};    ///< between requests
  std::chrono::milliseconds write_timeout{30'000};   ///< in which a client takes nothing
  std::chrono::milliseconds stop_timeout{3'000};     ///< for requests in flight
  std::chrono::milliseconds stream_interval{250};
  std::chrono::milliseconds stream_keep_alive{15'000};
  /// Then the browser comes again by itself, and is asked for its credentials again.
  std::chrono::milliseconds stream_lifetime{15 * 60'000};
};

class ServerCore;

/// HTTP/1.1 over TCP or TLS for the routes of the gateway. Owned by the composition root, after the
/// routes and all that their handlers use. Thread-bound to io.
class Server {
 public:
  Server(boost::asio::any_io_executor io, const RuntimeClock& clock, const http::Routes& routes,
         ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Server-sent events at `path`, to whom `gate` lets in. Before start().
  void add_stream(std::string path, StreamGate gate);

  /// Loads the certificate, binds and listens. Refuses plain HTTP beyond loopback.
  Result<void> listen();
  /// Accepts from now on.
  void start();
  /// Ends streams and idle connections, lets requests in flight finish within `stop_timeout`,
  /// then closes what is left.
  boost::asio::awaitable<void> stop();

  std::uint16_t port() const;
  /// `http://127.0.0.1:8080`
  std::string url() const;
  bool tls() const;
  std::size_t connections() const;
  /// Tells the streams that something is new; cheap, coalesced.
  void changed();

 private:
  std::shared_ptr<ServerCore> core_;
};

}  // namespace jieding::web
