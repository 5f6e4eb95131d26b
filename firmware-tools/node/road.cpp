#include "firmware-tools/node/road.hpp"

#include <utility>

#include "drivers/address.hpp"
#include "firmware-tools/node/console_road.hpp"
#include "firmware-tools/node/udp_road.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::tools::node {
namespace {

namespace asio = boost::asio;
/// Packets that wait: a node answers one at a time, so more is noise.
constexpr std::size_t most_waiting = 16;

}  // namespace

Road::Road(const asio::any_io_executor& io) : wake_(io) {}

asio::awaitable<std::optional<std::string>> Road::receive(Moment until) {
  while (inbox_.empty() && !closed_ && std::chrono::steady_clock::now() < until) {
    wake_.expires_at(until);
    co_await wake_.async_wait(as_result);
  }
  if (inbox_.empty()) co_return std::nullopt;
  std::string packet = std::move(inbox_.front());
  inbox_.pop_front();
  co_return packet;
}

void Road::arrived(std::string packet) {
  if (inbox_.size() == most_waiting) inbox_.pop_front();
  inbox_.push_back(std::move(packet));
  wake_.cancel();
}

void Road::end() {
  closed_ = true;
  wake_.cancel();
}

Result<std::unique_ptr<Road>> make_road(const asio::any_io_executor& io, const std::string& place) {
  constexpr std::string_view udp = "udp:";
  if (place.starts_with(udp)) {
    const auto to = drivers::parse_endpoint(std::string_view(place).substr(udp.size()));
    if (!to) return to.error();
    return std::unique_ptr<Road>(std::make_unique<UdpRoad>(io, to->address(), to->port()));
  }
  auto port = prepared_port(io, place);
  if (!port) return port.error();
  return std::unique_ptr<Road>(std::make_unique<ConsoleRoad>(io, std::move(*port)));
}

}  // namespace jieding::tools::node
