#include "gateway/web/server.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <charconv>
#include <exception>

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/spoken_end.hpp"
#include "gateway/web/server_connection.hpp"
#include "gateway/web/server_core.hpp"

namespace jieding::web {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// A phone that left the network without a word is given up after this long.
constexpr unsigned unacknowledged_ms = 30'000;

Error wrong_listen(const std::string& listen) {
  return Error(Fault::Invalid, "web.listen \"" + listen +
                                   "\" is not an address and port; write 127.0.0.1:8080, "
                                   "[::1]:8080 or 0.0.0.0:8443");
}

Result<tcp::endpoint> read_endpoint(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return wrong_listen(listen);
  std::string host = listen.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const char* const end = listen.data() + listen.size();
  const auto parsed = std::from_chars(listen.data() + colon + 1, end, port);
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error || parsed.ec != std::errc{} || parsed.ptr != end) return wrong_listen(listen);
  return tcp::endpoint(address, port);
}

Result<void> load_tls(const ServerOptions& options, std::optional<asio::ssl::context>& tls) {
  using asio::ssl::context;
  if (options.tls_certificate.empty() || options.tls_key.empty()) {
    return Error(Fault::Invalid, "web.tls_certificate and web.tls_key belong together; name both");
  }
  auto& made = tls.emplace(context::tls_server);
  SSL_CTX_set_min_proto_version(made.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(made.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                                SSL_OP_CIPHER_SERVER_PREFERENCE);
  error_code error;
  made.use_certificate_chain_file(options.tls_certificate.string(), error);
  if (error) {
    return Error(Fault::Invalid, "web.tls_certificate " + options.tls_certificate.string() + ": " +
                                     error.message() + "; give a readable PEM chain");
  }
  made.use_private_key_file(options.tls_key.string(), context::pem, error);
  if (error) {
    return Error(Fault::Invalid, "web.tls_key " + options.tls_key.string() + ": " +
                                     error.message() + "; give the certificate's own PEM key");
  }
  return {};
}

void tune(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms,
               sizeof unacknowledged_ms);
}

asio::awaitable<void> accept_all(std::shared_ptr<ServerCore> core) {
  asio::steady_timer pause(core->io);
  while (!core->stopping) {
    auto [error, socket] = co_await core->acceptor.async_accept(as_result);
    if (error == asio::error::operation_aborted || core->stopping) co_return;
    if (error) {  // out of descriptors, say: accepting at once again would only spin
      pause.expires_after(std::chrono::milliseconds{100});
      co_await pause.async_wait(as_result);
      continue;
    }
    error_code gone;
    const auto from = socket.remote_endpoint(gone).address();
    if (gone) continue;
    auto client = client_of(from);
    auto seat = core->connection_seats->take(client);
    if (!seat) continue;  // closed without a word: an answer would cost what the limit saves
    tune(socket);
    try {
      serve(core, std::move(socket), std::move(*seat), from.to_string(), std::move(client));
    } catch (const std::exception& failure) {  // no memory for its TLS state, say
      log::error("web", std::string("accept: ") + failure.what());
    }
  }
}

}  // namespace

Server::Server(asio::any_io_executor io, const RuntimeClock& clock, const http::Routes& routes,
               ServerOptions options)
    : core_(std::make_shared<ServerCore>(std::move(io), clock, routes, std::move(options))) {}

Server::~Server() {
  core_->stopping = true;
  core_->hub->stop();
  error_code ignored;
  core_->acceptor.close(ignored);
  for (auto* connection : core_->connections)
    connection->close();
}

void Server::add_stream(std::string path, StreamGate gate) {
  core_->streams.insert_or_assign(std::move(path), std::move(gate));
}

Result<void> Server::listen() {
  const ServerOptions& options = core_->options;
  const auto endpoint = read_endpoint(options.listen);
  if (!endpoint) return endpoint.error();
  if (!options.tls_certificate.empty() || !options.tls_key.empty()) {
    if (auto loaded = load_tls(options, core_->tls); !loaded) return loaded;
  } else if (!endpoint->address().is_loopback()) {
    return Error(Fault::Invalid, "web.listen " + options.listen +
                                     " is beyond this box and needs TLS; set web.tls_certificate "
                                     "and web.tls_key, or listen on 127.0.0.1");
  }
  auto& acceptor = core_->acceptor;
  error_code error;
  acceptor.open(endpoint->protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(*endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Error(Fault::Unavailable, "web.listen " + options.listen + ": " + error.message() +
                                         "; free the port or choose another");
  }
  return {};
}

void Server::start() {
  asio::co_spawn(core_->io, accept_all(core_), spoken_end("web"));
}

asio::awaitable<void> Server::stop() {
  const auto core = core_;
  core->stopping = true;
  core->hub->stop();
  error_code ignored;
  core->acceptor.close(ignored);
  for (auto* connection : core->connections) {
    if (!connection->busy()) connection->close();
  }
  if (!core->connections.empty()) {
    core->all_gone.expires_after(core->options.stop_timeout);
    co_await core->all_gone.async_wait(as_result);
  }
  for (auto* connection : core->connections)
    connection->close();
  if (!core->connections.empty()) {
    core->all_gone.expires_after(std::chrono::seconds{1});
    co_await core->all_gone.async_wait(as_result);
  }
  if (core->connections.empty()) co_return;
  log::warning("web", std::to_string(core->connections.size()) +
                          " requests were still being answered when the server stopped");
}

std::uint16_t Server::port() const {
  error_code ignored;
  return core_->acceptor.local_endpoint(ignored).port();
}

std::string Server::url() const {
  error_code ignored;
  const auto address = core_->acceptor.local_endpoint(ignored).address();
  const auto host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return (core_->tls ? "https://" : "http://") + host + ":" + std::to_string(port());
}

bool Server::tls() const {
  return core_->tls.has_value();
}

std::size_t Server::connections() const {
  return core_->connections.size();
}

void Server::changed() {
  core_->hub->changed();
}

}  // namespace jieding::web
