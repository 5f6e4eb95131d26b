#include "firmware-tools/port.hpp"

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <boost/asio/write.hpp>
#include <charconv>
#include <iostream>
#include <system_error>
#include <utility>

#include "drivers/address.hpp"
#include "firmware-tools/recording.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::tools {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using drivers::Parity;
using drivers::SerialAddress;

Error unknown_place(std::string_view text) {
  return {Fault::Invalid, "'" + std::string(text.substr(0, 80)) +
                              "' is no place; write tcp:ADDRESS:PORT, listen:ADDRESS:PORT, "
                              "serial:/dev/...,9600,8N1 or pty"};
}

/// Takes `name` from the front.
bool take(std::string_view& text, std::string_view name) {
  if (!text.starts_with(name)) return false;
  text.remove_prefix(name.size());
  return true;
}

std::string_view take_field(std::string_view& text) {
  const auto comma = std::min(text.find(','), text.size());
  const auto field = text.substr(0, comma);
  text.remove_prefix(std::min(comma + 1, text.size()));
  return field;
}

/// `8N1`, `8E1`, `8O2`
bool read_character_form(std::string_view text, SerialAddress& address) {
  if (text.size() != 3 || text[0] != '8' || (text[2] != '1' && text[2] != '2')) return false;
  constexpr std::string_view parities = "NEO";
  const auto parity = parities.find(text[1]);
  if (parity == std::string_view::npos) return false;
  address.parity = static_cast<Parity>(parity);
  address.stop_bits = text[2] - '0';
  return true;
}

/// `/dev/ttyUSB0,9600,8N1`; what is left out is 9600 and 8N1.
Result<Place> parse_serial(std::string_view text) {
  const std::string_view all = text;
  SerialAddress address;
  address.path = take_field(text);
  const auto baud = take_field(text);
  const auto form = take_field(text);
  const auto read = std::from_chars(baud.data(), baud.data() + baud.size(), address.baud);
  const bool sound_baud =
      baud.empty() || (read.ec == std::errc{} && read.ptr == baud.data() + baud.size());
  if (address.path.empty() || !sound_baud || address.baud < 300 || address.baud > 921'600 ||
      (!form.empty() && !read_character_form(form, address)) || !text.empty()) {
    return unknown_place("serial:" + std::string(all));
  }
  return Place(std::move(address));
}

bool has_left(const error_code& code) {
  return code == asio::error::eof || code == asio::error::connection_reset ||
         code == asio::error::broken_pipe;
}

}  // namespace

Result<Place> parse_place(std::string_view text) {
  std::string_view rest = text;
  if (rest == "pty") return Place(OwnPty{});
  if (take(rest, "serial:")) return parse_serial(rest);
  const bool listens = take(rest, "listen:");
  if (!listens && !take(rest, "tcp:")) return unknown_place(text);
  const auto endpoint = drivers::parse_endpoint(rest);
  if (!endpoint) return endpoint.error();
  if (listens) return Place(Listening{*endpoint});
  if (endpoint->port() == 0) return unknown_place(text);
  return Place(*endpoint);
}

Port::Port(const asio::any_io_executor& io, Place place)
    : io_(io), place_(std::move(place)), acceptor_(io) {}

Port::~Port() {
  if (pty_other_end_ >= 0) ::close(pty_other_end_);
}

Result<void> Port::prepare() {
  if (std::holds_alternative<OwnPty>(place_)) return make_pty();
  const auto* listening = std::get_if<Listening>(&place_);
  if (listening == nullptr) return {};
  error_code failed;
  acceptor_.open(listening->endpoint.protocol(), failed);
  if (!failed) acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor_.bind(listening->endpoint, failed);
  if (!failed) acceptor_.listen(1, failed);
  if (!failed) return {};
  return error("listen on", failed);
}

Result<void> Port::make_pty() {
  int ours = -1;
  std::array<char, 128> name{};
  termios raw{};
  ::cfmakeraw(&raw);
  raw.c_cflag |= CREAD;
  raw.c_cc[VMIN] = 1;
  ::cfsetspeed(&raw, B9600);
  if (::openpty(&ours, &pty_other_end_, name.data(), &raw, nullptr) != 0) {
    return error("make a pty", error_code(errno, boost::system::generic_category()));
  }
  for (const int end : {ours, pty_other_end_})
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
  pty_name_ = name.data();
  stream_.emplace<asio::posix::stream_descriptor>(io_, ours);
  return {};
}

asio::awaitable<Result<void>> Port::open() {
  if (const auto* serial = std::get_if<SerialAddress>(&place_)) {
    auto& port = stream_.emplace<asio::serial_port>(io_);
    const auto failed = drivers::open(port, *serial);
    if (failed) co_return error("open", failed);
    co_return Result<void>{};
  }
  if (std::holds_alternative<OwnPty>(place_)) co_return Result<void>{};
  error_code failed;
  auto& socket = stream_.emplace<tcp::socket>(io_);
  if (const auto* endpoint = std::get_if<tcp::endpoint>(&place_)) {
    std::tie(failed) = co_await socket.async_connect(*endpoint, as_result);
  } else {
    std::tie(failed) = co_await acceptor_.async_accept(socket, as_result);
  }
  if (!failed) socket.set_option(tcp::no_delay(true), failed);
  if (failed) co_return error(waits_for_others() ? "listen on" : "connect to", failed);
  co_return Result<void>{};
}

asio::awaitable<Result<std::string>> Port::read() {
  std::array<char, longest_chunk> chunk;
  error_code failed = asio::error::not_connected;
  std::size_t count = 0;
  if (auto* socket = std::get_if<tcp::socket>(&stream_)) {
    std::tie(failed, count) = co_await socket->async_read_some(asio::buffer(chunk), as_result);
  } else if (auto* port = std::get_if<asio::serial_port>(&stream_)) {
    std::tie(failed, count) = co_await port->async_read_some(asio::buffer(chunk), as_result);
  } else if (auto* pty = std::get_if<asio::posix::stream_descriptor>(&stream_)) {
    std::tie(failed, count) = co_await pty->async_read_some(asio::buffer(chunk), as_result);
  }
  if (failed && has_left(failed)) co_return std::string{};
  if (failed) co_return error("read from", failed);
  co_return std::string(chunk.data(), count);
}

asio::awaitable<Result<void>> Port::write(std::string bytes) {
  error_code failed = asio::error::not_connected;
  std::size_t count = 0;
  if (auto* socket = std::get_if<tcp::socket>(&stream_)) {
    std::tie(failed, count) = co_await asio::async_write(*socket, asio::buffer(bytes), as_result);
  } else if (auto* port = std::get_if<asio::serial_port>(&stream_)) {
    std::tie(failed, count) = co_await asio::async_write(*port, asio::buffer(bytes), as_result);
  } else if (auto* pty = std::get_if<asio::posix::stream_descriptor>(&stream_)) {
    std::tie(failed, count) = co_await asio::async_write(*pty, asio::buffer(bytes), as_result);
  }
  if (failed) co_return error("write to", failed);
  co_return Result<void>{};
}

void Port::close() {
  error_code ignored;
  if (auto* socket = std::get_if<tcp::socket>(&stream_)) {
    socket->shutdown(tcp::socket::shutdown_send, ignored);
    socket->close(ignored);
  } else if (auto* port = std::get_if<asio::serial_port>(&stream_)) {
    port->close(ignored);
  } else if (auto* pty = std::get_if<asio::posix::stream_descriptor>(&stream_)) {
    pty->cancel(ignored);
  }
}

void Port::shut() {
  close();
  error_code ignored;
  acceptor_.close(ignored);
}

std::string Port::where() const {
  if (const auto* serial = std::get_if<SerialAddress>(&place_)) return serial->path;
  if (std::holds_alternative<OwnPty>(place_)) return pty_name_.empty() ? "pty" : pty_name_;
  tcp::endpoint endpoint;
  if (const auto* listening = std::get_if<Listening>(&place_)) {
    error_code failed;
    const auto bound = acceptor_.local_endpoint(failed);
    endpoint = failed ? listening->endpoint : bound;
  } else {
    endpoint = std::get<tcp::endpoint>(place_);
  }
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" +
         std::to_string(endpoint.port());
}

std::size_t Port::unread() const {
  int count = 0;
  if (pty_other_end_ < 0 || ::ioctl(pty_other_end_, FIONREAD, &count) != 0) return 0;
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

Result<std::unique_ptr<Port>> prepared_port(const asio::any_io_executor& io,
                                            const std::string& text) {
  auto place = parse_place(text);
  if (!place) return place.error();
  const bool others_come =
      std::holds_alternative<Listening>(*place) || std::holds_alternative<OwnPty>(*place);
  auto port = std::make_unique<Port>(io, std::move(*place));
  if (auto prepared = port->prepare(); !prepared) return prepared.error();
  if (others_come) std::cerr << "jieding-link: waiting at " << port->where() << std::endl;
  return port;
}

Error Port::error(std::string_view what, const error_code& code) const {
  return {Fault::Unavailable, std::string(what) + " " + where() + ": " + code.message()};
}

}  // namespace jieding::tools
