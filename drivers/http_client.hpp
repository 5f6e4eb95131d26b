#pragma once
// Asks a device on the site over HTTP/1.1: cameras' snapshots and ONVIF. Every step has a time-out,
// every length a bound; credentials go to the host that was named and to no other.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/http_auth.hpp"
#include "drivers/web_address.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::drivers {

struct HttpAccess {
  Credentials credentials;      ///< user empty: there are none
  bool basic_in_clear = false;  ///< Basic without TLS shows the password to all on the line
  /// PEM; the authorities, or the device's own certificate. Empty: the system's.
  std::filesystem::path ca_file;
  std::string fingerprint;  ///< SHA-256 of the device's certificate, 64 hex digits; then no other
                            ///< check is made
  std::chrono::milliseconds timeout{20'000};  ///< of each step: connect, TLS, header, body
  std::size_t longest_body = 0;               ///< bytes
};

struct HttpAnswer {
  int status = 0;
  std::string type;  ///< media type in lower case, without parameters
  std::string body;
  std::string etag;    ///< as it stands there, quoted; empty: none
  std::string cookie;  ///< `name=value` of the first Set-Cookie; empty: none
};

/// Thread-bound to io; one question at a time. Without credentials, a 401 that wants neither Basic
/// nor Digest is an answer like others. Faults: Unavailable (no connection, no answer in time,
/// broken), Refused (user, password or certificate), TooMuch (longer than allowed), Invalid (a
/// redirect that is not followed).
class HttpClient {
 public:
  /// Throws std::runtime_error when `ca_file` cannot be used.
  HttpClient(boost::asio::any_io_executor io, HttpAccess access);
  ~HttpClient();

  /// Follows redirects within the host.
  boost::asio::awaitable<Result<HttpAnswer>> get(WebAddress from);
  boost::asio::awaitable<Result<HttpAnswer>> post(WebAddress to, std::string type,
                                                  std::string body);
  /// Sent with each question from now on, to whoever is asked: `name=value`.
  void carry(std::string cookie);
  /// Ends what is under way, with an error.
  void cancel();

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

/// What `fingerprint` may be in the configuration: 64 hex digits, with or without colons.
/// Lower-case digits alone come back; empty: it is none.
std::string normal_fingerprint(std::string_view text);

}  // namespace jieding::drivers
