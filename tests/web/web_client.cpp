#include "tests/web/web_client.hpp"

#include <poll.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace jieding::web {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds patience{10'000};

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

struct Client::Wire {
  asio::io_context io;
  asio::ssl::context context{asio::ssl::context::tls_client};
  asio::ssl::stream<tcp::socket> stream{io, context};
  bool tls = false;

  std::size_t read(std::array<char, 65536>& into, error_code& error) {
    const auto buffer = asio::buffer(into);
    return tls ? stream.read_some(buffer, error) : stream.next_layer().read_some(buffer, error);
  }
  void write(std::string_view bytes, error_code& error) {
    const auto buffer = asio::buffer(bytes);
    if (tls) {
      asio::write(stream, buffer, error);
    } else {
      asio::write(stream.next_layer(), buffer, error);
    }
  }
  bool readable(milliseconds wait) {
    // Asio keeps bytes that poll() cannot see; under TLS a read simply waits, and the test's own
    // time-out is the limit.
    if (tls) return true;
    pollfd poll{stream.next_layer().native_handle(), POLLIN, 0};
    return ::poll(&poll, 1, static_cast<int>(wait.count())) > 0;
  }
};

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string{} : found->second;
}

Client::Client(std::uint16_t port) : Client(port, Options{}) {}

Client::Client(std::uint16_t port, Options options) : wire_(std::make_unique<Wire>()) {
  auto& socket = wire_->stream.next_layer();
  const tcp::endpoint endpoint(asio::ip::make_address(options.host), port);
  socket.open(endpoint.protocol());
  if (options.receive_buffer > 0) {
    socket.set_option(asio::socket_base::receive_buffer_size(options.receive_buffer));
  }
  socket.connect(endpoint);
  socket.set_option(tcp::no_delay(true));
  wire_->tls = options.tls;
  if (options.tls) wire_->stream.handshake(asio::ssl::stream_base::client);
}

Client::~Client() = default;

Answer Client::ask(const std::string& method, const std::string& target, const std::string& body,
                   const HeaderLines& headers) {
  std::string request = method + " " + target + " HTTP/1.1\r\n";
  if (!headers.contains("Host")) request += "Host: 127.0.0.1\r\n";
  for (const auto& [name, value] : headers)
    request += name + ": " + value + "\r\n";
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  send(request + "\r\n" + body);
  return read(method == "HEAD");
}

void Client::send(std::string_view bytes) {
  error_code error;
  wire_->write(bytes, error);
  broken_ = broken_ || error;
}

bool Client::receive(milliseconds wait) {
  if (ended_ || !wire_->readable(wait)) return false;
  std::array<char, 65536> bytes{};
  error_code error;
  const auto count = wire_->read(bytes, error);
  received_.append(bytes.data(), count);
  ended_ = static_cast<bool>(error);
  return !ended_;
}

Answer Client::read(bool without_body) {
  Answer answer;
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive(patience)) return answer;
  }
  const std::string head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  answer.status = std::stoi(head.substr(head.find(' ') + 1, 3));
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const auto stop = head.find("\r\n", at);
    const auto colon = head.find(':', at);
    answer.headers[lower_case(head.substr(at, colon - at))] =
        head.substr(colon + 2, stop - colon - 2);
    at = stop + 2;
  }
  const auto length = answer.header("content-length");
  if (without_body || length.empty()) return answer;
  const auto wanted = static_cast<std::size_t>(std::stoul(length));
  while (received_.size() < wanted && receive(patience)) {
  }
  answer.body = received_.substr(0, wanted);
  received_.erase(0, wanted);
  return answer;
}

std::string Client::read_until(std::string_view wanted, milliseconds wait) {
  const auto until = steady_clock::now() + wait;
  while (received_.find(wanted) == std::string::npos && !ended_) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
    if (left.count() <= 0) break;
    receive(left);
  }
  return std::exchange(received_, {});
}

bool Client::ends_within(milliseconds wait) {
  const auto until = steady_clock::now() + wait;
  while (!ended_) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
    if (left.count() <= 0) return false;
    receive(left);
  }
  return true;
}

}  // namespace jieding::web
