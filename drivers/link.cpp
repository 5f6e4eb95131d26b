#include "drivers/link.hpp"

#include <termios.h>

#include <algorithm>
#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/write.hpp>

#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace boost::asio::experimental::awaitable_operators;

/// A peer that talks without end must not hold io: beyond this much the rest stays for later.
constexpr std::size_t most_discarded = std::size_t{64} * 1024;

std::variant<tcp::socket, asio::serial_port> port_for(const asio::any_io_executor& io,
                                                      const LinkAddress& address) {
  if (std::holds_alternative<SerialAddress>(address)) return asio::serial_port(io);
  return tcp::socket(io);
}

asio::serial_port::parity::type to_asio(Parity parity) {
  switch (parity) {
    case Parity::None:
      return asio::serial_port::parity::none;
    case Parity::Even:
      return asio::serial_port::parity::even;
    case Parity::Odd:
      return asio::serial_port::parity::odd;
  }
  return asio::serial_port::parity::none;
}

tcp::endpoint peer_of(const tcp::socket& socket) {
  error_code gone;
  const auto endpoint = socket.remote_endpoint(gone);
  return gone ? tcp::endpoint{} : endpoint;
}

void discard_from(tcp::socket& socket) {
  std::array<char, 4096> sink;
  error_code failed;
  for (std::size_t total = 0; total < most_discarded;) {
    const std::size_t waiting = socket.available(failed);
    if (failed || waiting == 0) return;
    total += socket.read_some(asio::buffer(sink, std::min(waiting, sink.size())), failed);
    if (failed) return;
  }
}
void discard_from(asio::serial_port& port) {
  ::tcflush(port.native_handle(), TCIFLUSH);
}

}  // namespace

error_code open(asio::serial_port& port, const SerialAddress& address) {
  using Option = asio::serial_port_base;
  error_code failed;
  port.open(address.path, failed);
  if (!failed) port.set_option(Option::baud_rate(address.baud), failed);
  if (!failed) port.set_option(Option::character_size(8), failed);
  if (!failed) port.set_option(Option::parity(to_asio(address.parity)), failed);
  const auto stop = address.stop_bits == 2 ? Option::stop_bits::two : Option::stop_bits::one;
  if (!failed) port.set_option(Option::stop_bits(stop), failed);
  if (!failed) port.set_option(Option::flow_control(Option::flow_control::none), failed);
  error_code ignored;
  if (failed) port.close(ignored);
  return failed;
}

Link::Link(const asio::any_io_executor& io, LinkAddress address)
    : address_(std::move(address)), port_(port_for(io, address_)), timer_(io) {}

Link::Link(tcp::socket socket)
    : address_(peer_of(socket)),
      port_(std::move(socket)),
      timer_(std::get<tcp::socket>(port_).get_executor()) {}

bool Link::is_open() const {
  return std::visit([](const auto& port) { return port.is_open(); }, port_);
}

void Link::close() {
  error_code ignored;
  std::visit([&](auto& port) { port.close(ignored); }, port_);
}

std::string Link::where() const {
  if (const auto* serial = std::get_if<SerialAddress>(&address_)) return serial->path;
  const auto& endpoint = std::get<tcp::endpoint>(address_);
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" +
         std::to_string(endpoint.port());
}

std::optional<asio::ip::address> Link::peer() const {
  const auto* endpoint = std::get_if<tcp::endpoint>(&address_);
  return endpoint == nullptr ? std::nullopt : std::optional(endpoint->address());
}

Error Link::error(std::string_view what, const error_code& code) const {
  const bool hung_up = code == asio::error::eof;
  return {Fault::Unavailable, std::string(what) + " " + where() + ": " +
                                  (hung_up ? "the other side has hung up" : code.message())};
}

asio::awaitable<Result<void>> Link::open(Time deadline) {
  close();
  if (const auto* serial = std::get_if<SerialAddress>(&address_)) {
    const auto failed = drivers::open(std::get<asio::serial_port>(port_), *serial);
    if (failed) co_return error("open", failed);
    co_return Result<void>{};
  }
  const auto endpoint = std::get<tcp::endpoint>(address_);
  auto connected = co_await connect(endpoint, deadline);
  co_return connected;
}

asio::awaitable<Result<void>> Link::connect(tcp::endpoint endpoint, Time deadline) {
  auto& socket = std::get<tcp::socket>(port_);
  auto ended = co_await (socket.async_connect(endpoint, as_result) || passing(deadline));
  error_code failed = asio::error::timed_out;
  if (ended.index() == 0) failed = std::get<0>(std::get<0>(ended));
  if (!failed) socket.set_option(tcp::no_delay(true), failed);
  if (!failed) socket.set_option(asio::socket_base::keep_alive(true), failed);
  if (!failed) co_return Result<void>{};
  close();
  co_return error("connect to", failed);
}

asio::awaitable<std::tuple<error_code>> Link::passing(Time deadline) {
  timer_.expires_at(deadline);
  return timer_.async_wait(as_result);
}

asio::awaitable<Link::Moved> Link::write_all(const std::string& bytes) {
  return std::visit(
      [&](auto& port) { return asio::async_write(port, asio::buffer(bytes), as_result); }, port_);
}

asio::awaitable<Link::Moved> Link::read_some(asio::mutable_buffer into) {
  return std::visit([&](auto& port) { return port.async_read_some(into, as_result); }, port_);
}

asio::awaitable<Result<void>> Link::write(std::string bytes, Time deadline) {
  auto ended = co_await (write_all(bytes) || passing(deadline));
  error_code failed = asio::error::timed_out;
  if (ended.index() == 0) failed = std::get<0>(std::get<0>(ended));
  if (failed) co_return error("write to", failed);
  co_return Result<void>{};
}

asio::awaitable<Result<std::string>> Link::read(Time deadline) {
  std::array<char, 512> chunk;
  auto ended = co_await (read_some(asio::buffer(chunk)) || passing(deadline));
  if (ended.index() == 1) co_return std::string{};
  const auto [failed, count] = std::get<0>(ended);
  if (failed) co_return error("read from", failed);
  co_return std::string(chunk.data(), count);
}

void Link::discard() {
  std::visit([](auto& port) { discard_from(port); }, port_);
}

}  // namespace jieding::drivers
