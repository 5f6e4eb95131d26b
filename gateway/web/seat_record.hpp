#pragma once
// What the operator may ask of the gateway about people's seats. Implemented over the store by the
// gateway.

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "gateway/domain/result.hpp"
#include "gateway/web/record.hpp"

namespace jieding::web {

/// Somebody as the operator wants them.
struct UserInput {
  std::string id;
  std::string name;  ///< empty: the id
  Owner role = Owner::Group;
  bool disabled = false;
};

/// Thread-bound to io.
class SeatRecord {
 public:
  virtual ~SeatRecord() = default;

  /// Users with how they may sign in and how many sessions they have, and the newest of what
  /// happened at the door.
  virtual boost::asio::awaitable<Result<boost::json::value>> users() = 0;
  /// Somebody new may sign in. Conflict: there is one of this id. Resumes after the commit.
  virtual boost::asio::awaitable<Result<void>> add_user(Person by, UserInput user) = 0;
  /// Somebody has another name or role, or may not sign in any more, or may again. NotFound: there
  /// is no such user. Conflict: no operator would be left. Resumes after the commit.
  virtual boost::asio::awaitable<Result<void>> change_user(Person by, UserInput user) = 0;
  /// The token of a fresh one-time link: told once, stored as its hash. NotFound: no such user.
  virtual boost::asio::awaitable<Result<std::string>> make_link(Person by, std::string user) = 0;
};

}  // namespace jieding::web
