#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::drivers {

/// `http://10.0.0.5:8080/snapshot.jpg?channel=1` in its parts.
struct WebAddress {
  bool tls = false;
  std::string host;  ///< a name or an address, IPv6 without brackets
  std::uint16_t port = 80;
  std::string target = "/";  ///< path and query, encoded, as it is asked for

  /// `10.0.0.5:8080`, without the port where it is the scheme's own.
  std::string authority() const;
  /// For people: without the query, because some cameras want their password there.
  std::string text() const;
  bool same_origin(const WebAddress& other) const;
};

/// http and https only. User and password in it are refused: they belong in a secrets file.
Result<WebAddress> parse_web_address(std::string_view text);
/// What a `Location` (RFC 9110 §10.2.2) means that came from `base`.
Result<WebAddress> resolve(const WebAddress& base, std::string_view location);

}  // namespace jieding::drivers
