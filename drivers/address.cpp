#include "drivers/address.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace jieding::drivers {
namespace {

namespace ip = boost::asio::ip;

Error not_an_endpoint(std::string_view text) {
  return {Fault::Invalid, "'" + std::string(text) + "' is not an address to listen on; write " +
                              "ADDRESS:PORT with numbers, such as 127.0.0.1:9212 or [::]:9212"};
}

template <class Network, class Address>
bool holds(const Network& range, const Address& address) {
  return Network(address, range.prefix_length()).canonical() == range.canonical();
}

}  // namespace

Result<ip::tcp::endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return not_an_endpoint(text);
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, port);
  boost::system::error_code failed;
  const auto address = ip::make_address(std::string(host), failed);
  if (failed || read.ec != std::errc{} || read.ptr != end) return not_an_endpoint(text);
  return ip::tcp::endpoint{address, port};
}

ip::address plain(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

ip::address peer_of(const ip::tcp::socket& socket) {
  boost::system::error_code failed;
  const auto endpoint = socket.remote_endpoint(failed);
  return failed ? ip::address{} : plain(endpoint.address());
}

Result<AddressList> AddressList::parse(const std::vector<std::string>& texts) {
  AddressList list;
  for (const std::string& text : texts) {
    const bool v6 = text.find(':') != std::string::npos;
    const bool range = text.find('/') != std::string::npos;
    const std::string full = range ? text : text + (v6 ? "/128" : "/32");
    boost::system::error_code failed;
    if (v6) {
      list.ranges_.emplace_back(ip::make_network_v6(full, failed));
    } else {
      list.ranges_.emplace_back(ip::make_network_v4(full, failed));
    }
    if (failed) {
      return Error{Fault::Invalid,
                   "'" + text + "' is not an address; write 10.1.2.3 or 10.1.0.0/16"};
    }
  }
  return list;
}

bool AddressList::contains(const ip::address& address) const {
  const ip::address wanted = plain(address);
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
    if (const auto* v4 = std::get_if<ip::network_v4>(&range)) {
      return wanted.is_v4() && holds(*v4, wanted.to_v4());
    }
    return wanted.is_v6() && holds(std::get<ip::network_v6>(range), wanted.to_v6());
  });
}

}  // namespace jieding::drivers
