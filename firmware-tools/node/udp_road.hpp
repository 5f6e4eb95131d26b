#pragma once

#include <boost/asio/ip/udp.hpp>

#include "firmware-tools/node/road.hpp"

namespace jieding::tools::node {

/// SMP over UDP: one packet a datagram, unframed (Zephyr, "SMP Transport Specification", UDP). Only
/// datagrams of the node's own address and port are taken.
class UdpRoad final : public Road {
 public:
  UdpRoad(const boost::asio::any_io_executor& io, const boost::asio::ip::address& to,
          std::uint16_t port);

  boost::asio::awaitable<Result<void>> open() override;
  boost::asio::awaitable<Result<void>> send(std::string packet) override;
  void close() override;

 private:
  boost::asio::awaitable<void> listen();

  boost::asio::ip::udp::endpoint to_;
  boost::asio::ip::udp::socket socket_;
};

}  // namespace jieding::tools::node
