#include "sync/tcp_no_delay.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace jieding::sync {
namespace {

using boost::asio::ip::tcp;

class Connection {
 public:
  explicit Connection(boost::asio::io_context& io)
      : door_(io, {boost::asio::ip::address_v4::loopback(), 0}), socket_(io) {
    socket_.connect(door_.local_endpoint());
  }
  std::uint16_t port() const { return door_.local_endpoint().port(); }
  bool sends_at_once() const {
    tcp::no_delay option;
    socket_.get_option(option);
    return option.value();
  }

 private:
  tcp::acceptor door_;
  tcp::socket socket_;
};

TEST(TcpNoDelay, HoldsForTheConnectionsToThatPortOnly) {
  boost::asio::io_context io;
  const Connection broker(io);
  const Connection other(io);
  ASSERT_FALSE(broker.sends_at_once());
  send_at_once_to(broker.port());
  EXPECT_TRUE(broker.sends_at_once());
  EXPECT_FALSE(other.sends_at_once());
}

}  // namespace
}  // namespace jieding::sync
