#include "firmware-tools/node/console_road.hpp"

#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/spoken_end.hpp"

namespace jieding::tools::node {
namespace {

namespace asio = boost::asio;
constexpr std::chrono::milliseconds between_tries{300};
/// For one packet; the slowest line that anybody uses takes 5 s for the longest.
constexpr std::chrono::seconds longest_write{10};

}  // namespace

ConsoleRoad::ConsoleRoad(const asio::any_io_executor& io, std::unique_ptr<Port> port)
    : Road(io), io_(io), port_(std::move(port)), pause_(io), write_limit_(io) {}

asio::awaitable<Result<void>> ConsoleRoad::open() {
  auto opened = co_await port_->open();
  if (!opened) co_return opened.error();
  is_open_ = true;
  asio::co_spawn(io_, listen(), spoken_end("jieding-node"));
  co_return Result<void>{};
}

asio::awaitable<void> ConsoleRoad::listen() {
  while (!closed()) {
    if (is_open_) co_await read_to_end();
    is_open_ = false;
    port_->close();
    if (closed()) break;
    pause_.expires_after(between_tries);
    co_await pause_.async_wait(as_result);
    if (closed()) break;
    const auto opened = co_await port_->open();
    is_open_ = opened.has_value() && !closed();
  }
  port_->shut();
}

asio::awaitable<void> ConsoleRoad::read_to_end() {
  LineReader lines;
  while (!closed()) {
    auto bytes = co_await port_->read();
    if (!bytes || bytes->empty()) co_return;
    lines.push(*bytes);
    while (auto packet = lines.next())
      arrived(std::move(*packet));
  }
}

/// While it is away a packet is lost like any other.
asio::awaitable<Result<void>> ConsoleRoad::send(std::string packet) {
  if (!is_open_) co_return Result<void>{};
  std::string lines = to_lines(packet);
  // Nobody may read at the other end: then it is opened anew.
  write_limit_.expires_after(longest_write);
  write_limit_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) port_->close();
  });
  const auto written = co_await port_->write(std::move(lines));
  write_limit_.cancel();
  if (!written) port_->close();
  co_return Result<void>{};
}

void ConsoleRoad::close() {
  end();
  pause_.cancel();
  port_->shut();
  port_->close();
}

}  // namespace jieding::tools::node
