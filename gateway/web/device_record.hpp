#pragma once
// What the operator may ask of the gateway about the tokens of devices and cameras that push.
// Implemented over their files by the gateway.

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "gateway/domain/result.hpp"
#include "gateway/web/record.hpp"

namespace jieding::web {

/// Thread-bound to io. NotFound: nothing of this name has a token.
class DeviceRecord {
 public:
  virtual ~DeviceRecord() = default;

  /// Each device and camera that comes with a token, and whether it still opens something.
  virtual boost::asio::awaitable<Result<boost::json::value>> tokens() = 0;
  /// Another token in place of the old one, told once. In force when the awaitable resumes.
  virtual boost::asio::awaitable<Result<std::string>> issue_token(Person by, std::string id) = 0;
  virtual boost::asio::awaitable<Result<void>> revoke_token(Person by, std::string id) = 0;
};

}  // namespace jieding::web
