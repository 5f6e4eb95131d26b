#pragma once

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding::drivers {

/// `127.0.0.1:9212`, `[::1]:9212`; numbers only, no names.
Result<boost::asio::ip::tcp::endpoint> parse_endpoint(std::string_view text);

/// An IPv4 address that came in through an IPv6 socket is that IPv4 address.
boost::asio::ip::address plain(const boost::asio::ip::address& address);

/// Who is connected; of no kind when the socket is not, or not any more.
boost::asio::ip::address peer_of(const boost::asio::ip::tcp::socket& socket);

/// Addresses (`10.1.2.3`) and ranges (`10.1.0.0/16`, `fd00::/8`) that may speak.
class AddressList {
 public:
  static Result<AddressList> parse(const std::vector<std::string>& texts);

  bool empty() const { return ranges_.empty(); }
  bool contains(const boost::asio::ip::address& address) const;

 private:
  using Range = std::variant<boost::asio::ip::network_v4, boost::asio::ip::network_v6>;
  std::vector<Range> ranges_;
};

}  // namespace jieding::drivers
