#include "firmware-tools/node/udp_road.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "firmware-tools/node/console_frame.hpp"
#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/spoken_end.hpp"

namespace jieding::tools::node {
namespace {

namespace asio = boost::asio;

}  // namespace

UdpRoad::UdpRoad(const asio::any_io_executor& io, const asio::ip::address& to, std::uint16_t port)
    : Road(io), to_(to, port), socket_(io) {}

asio::awaitable<Result<void>> UdpRoad::open() {
  boost::system::error_code failed;
  socket_.connect(to_, failed);
  if (failed) {
    co_return Error{Fault::Unavailable, "udp:" + to_.address().to_string() + ": " +
                                            failed.message() + "; check the address"};
  }
  asio::co_spawn(socket_.get_executor(), listen(), spoken_end("jieding-node"));
  co_return Result<void>{};
}

/// A refused datagram, or a host that cannot be reached, says that nobody is there now: the node
/// may only be starting.
asio::awaitable<void> UdpRoad::listen() {
  std::string datagram(longest_packet, '\0');
  while (!closed()) {
    const auto [failed, size] = co_await socket_.async_receive(asio::buffer(datagram), as_result);
    if (!failed) arrived(datagram.substr(0, size));
    if (failed == asio::error::operation_aborted || failed == asio::error::bad_descriptor) break;
  }
}

asio::awaitable<Result<void>> UdpRoad::send(std::string packet) {
  co_await socket_.async_send(asio::buffer(packet), as_result);
  co_return Result<void>{};
}

void UdpRoad::close() {
  end();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace jieding::tools::node
