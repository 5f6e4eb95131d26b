#include "drivers/listener.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <string>
#include <utility>

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

void set(int socket, int name, int seconds_or_count) {
  ::setsockopt(socket, IPPROTO_TCP, name, &seconds_or_count, sizeof seconds_or_count);
}

}  // namespace

Listener::Listener(const asio::any_io_executor& io, tcp::endpoint endpoint,
                   std::string_view component)
    : endpoint_(std::move(endpoint)), component_(component), acceptor_(io), pause_(io) {}

Result<void> Listener::open() {
  if (closed_) return {};
  error_code failed;
  acceptor_.open(endpoint_.protocol(), failed);
  if (!failed) acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor_.bind(endpoint_, failed);
  if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  const std::string where = endpoint_.address().to_string() + ":";
  if (!failed) {
    log::info(component_, "listening on " + where + std::to_string(port()));
    return {};
  }
  error_code ignored;
  acceptor_.close(ignored);
  return Error{Fault::Unavailable, "listen on " + where + std::to_string(endpoint_.port()) + ": " +
                                       failed.message() + "; free the port or choose another"};
}

asio::awaitable<Result<void>> Listener::accept(Welcome welcome) {
  Result<void> outcome;
  while (!closed_) {
    auto [failed, socket] = co_await acceptor_.async_accept(as_result);
    if (closed_) break;
    if (!failed) {
      welcome(std::move(socket));
    } else if (failed == asio::error::no_descriptors || failed == asio::error::no_buffer_space) {
      pause_.expires_after(std::chrono::seconds{1});  // others may give some back
      co_await pause_.async_wait(as_result);
    } else if (failed != asio::error::connection_aborted) {
      outcome = Error{Fault::Unavailable, "accept a connection: " + failed.message()};
      break;
    }
  }
  error_code ignored;
  acceptor_.close(ignored);
  co_return outcome;
}

void Listener::close() {
  closed_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

std::uint16_t Listener::port() const {
  error_code failed;
  const auto bound = acceptor_.local_endpoint(failed);
  return failed ? std::uint16_t{0} : bound.port();
}

void tune(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  set(socket.native_handle(), TCP_KEEPIDLE, 120);
  set(socket.native_handle(), TCP_KEEPINTVL, 30);
  set(socket.native_handle(), TCP_KEEPCNT, 4);
}

}  // namespace jieding::drivers
