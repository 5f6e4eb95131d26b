#include "drivers/rtsp_relay.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "drivers/rtsp_guard.hpp"
#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/spoken_end.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
constexpr std::size_t piece_size = 16UL * 1024;

Error not_reached(const error_code& why) {
  if (why == asio::error::connection_refused) {
    return {Fault::Unavailable,
            "the camera refuses the connection; is RTSP switched on, is the port right?"};
  }
  return {Fault::Unavailable, "the camera cannot be reached: " + why.message()};
}

}  // namespace

/// Lives until both directions have ended, each of which ends the other.
struct RtspRelay::Way {
  Way(const asio::any_io_executor& io, Camera reached_at)
      : to(std::move(reached_at)),
        acceptor(io),
        resolver(io),
        program(io),
        camera(io),
        guard(to.basic_allowed) {}

  static asio::awaitable<void> serve(std::shared_ptr<Way> way);
  asio::awaitable<error_code> reach();
  static asio::awaitable<void> pass_on(std::shared_ptr<Way> way);
  asio::awaitable<void> pass_back();
  void close();

  Camera to;
  tcp::acceptor acceptor;
  tcp::resolver resolver;
  tcp::socket program;
  tcp::socket camera;
  RtspGuard guard;
  std::optional<Error> trouble;
};

asio::awaitable<void> RtspRelay::Way::serve(std::shared_ptr<Way> way) {
  const auto [nobody] = co_await way->acceptor.async_accept(way->program, as_result);
  if (nobody) co_return;
  error_code ignored;
  way->acceptor.close(ignored);
  const error_code failed = co_await way->reach();
  if (failed) {
    way->trouble = not_reached(failed);
  } else {
    asio::co_spawn(way->camera.get_executor(), pass_on(way), spoken_end("rtsp"));
    co_await way->pass_back();
  }
  way->close();
}

asio::awaitable<error_code> RtspRelay::Way::reach() {
  const std::string port = std::to_string(to.port);
  const auto [unknown, endpoints] = co_await resolver.async_resolve(to.host, port, as_result);
  if (unknown) co_return unknown;
  const auto [failed, endpoint] = co_await asio::async_connect(camera, endpoints, as_result);
  co_return failed;
}

asio::awaitable<void> RtspRelay::Way::pass_on(std::shared_ptr<Way> way) {
  std::array<char, piece_size> piece;
  while (true) {
    const auto [ended, count] =
        co_await way->program.async_read_some(asio::buffer(piece), as_result);
    if (ended) break;
    const auto bytes = asio::buffer(piece.data(), count);
    const auto [lost, written] = co_await asio::async_write(way->camera, bytes, as_result);
    if (lost) break;
  }
  way->close();
}

asio::awaitable<void> RtspRelay::Way::pass_back() {
  std::array<char, piece_size> piece;
  while (true) {
    const auto [ended, count] = co_await camera.async_read_some(asio::buffer(piece), as_result);
    if (ended) break;
    const auto passed = guard.pass({piece.data(), count});
    if (!passed) {
      trouble = passed.error();
      break;
    }
    const auto bytes = asio::buffer(*passed);
    const auto [lost, written] = co_await asio::async_write(program, bytes, as_result);
    if (lost) break;
  }
}

void RtspRelay::Way::close() {
  error_code ignored;
  acceptor.close(ignored);
  resolver.cancel();
  program.close(ignored);
  camera.close(ignored);
}

RtspRelay::RtspRelay(asio::any_io_executor io, Camera camera)
    : io_(std::move(io)), camera_(std::move(camera)) {}

RtspRelay::~RtspRelay() {
  close();
}

Result<std::uint16_t> RtspRelay::open() {
  close();
  auto way = std::make_shared<Way>(io_, camera_);
  const tcp::endpoint loopback(asio::ip::address_v4::loopback(), 0);
  error_code failed;
  way->acceptor.open(loopback.protocol(), failed);
  if (!failed) way->acceptor.bind(loopback, failed);
  if (!failed) way->acceptor.listen(1, failed);
  const auto port = failed ? 0 : way->acceptor.local_endpoint(failed).port();
  if (failed) return Error{Fault::Unavailable, "listen on loopback: " + failed.message()};
  way_ = way;
  asio::co_spawn(io_, Way::serve(std::move(way)), spoken_end("rtsp"));
  return static_cast<std::uint16_t>(port);
}

std::optional<Error> RtspRelay::close() {
  if (!way_) return std::nullopt;
  way_->close();
  auto trouble = std::move(way_->trouble);
  way_.reset();
  return trouble;
}

}  // namespace jieding::drivers
