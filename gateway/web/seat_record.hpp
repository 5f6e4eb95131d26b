#pragma once
// What the operator may ask of the gateway about people's seats. Implemented over the store by the
// gateway.

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "gateway/domain/result.hpp"
#include "gateway/web/record.hpp"

namespace jieding::web {

/// Thread-bound to io.
class SeatRecord {
 public:
  virtual ~SeatRecord() = default;

  /// Users with how they may sign in and how many sessions they have, and the newest of what
  /// happened at the door.
  virtual boost::asio::awaitable<Result<boost::json::value>> users() = 0;
  /// The token of a fresh one-time link: told once, stored as its hash. NotFound: no such user.
  virtual boost::asio::awaitable<Result<std::string>> make_link(Person by, std::string user) = 0;
};

}  // namespace jieding::web
