#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::drivers {

/// A TCP port that devices connect to. Thread-bound to io.
class Listener {
 public:
  using Welcome = std::function<void(boost::asio::ip::tcp::socket)>;
  Listener(const boost::asio::any_io_executor& io, boost::asio::ip::tcp::endpoint endpoint,
           std::string_view component);

  Result<void> open();
  /// Hands every connection to `welcome` until `close` (a success) or until it cannot go on.
  boost::asio::awaitable<Result<void>> accept(Welcome welcome);
  void close();
  /// 0: it does not listen.
  std::uint16_t port() const;

 private:
  boost::asio::ip::tcp::endpoint endpoint_;
  std::string_view component_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  bool closed_ = false;
};

/// Notices a peer that left without a word, though it owes none.
void tune(boost::asio::ip::tcp::socket& socket);

}  // namespace jieding::drivers
