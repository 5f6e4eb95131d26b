#pragma once
// Passwords: hashed by Argon2id (RFC 9106) with libsodium's parameters for interactive use (64
// MiB), on a thread of their own, a few at a time.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <string>

#include "gateway/domain/result.hpp"

namespace jieding::web {

/// Why nobody should use it; empty: it will do. At least ten characters, at most 256 bytes.
std::string wrong_password(const std::string& password);

/// Thread-bound to io; the work is done elsewhere. Nobody awaits when it is destroyed.
class PasswordWork {
 public:
  /// TooMuch: many others wait.
  boost::asio::awaitable<Result<std::string>> hash(std::string password);
  /// An empty hash (there is no such user, or no password) fits nothing and takes as long.
  boost::asio::awaitable<Result<bool>> fits(std::string hash, std::string password);

 private:
  std::shared_ptr<void> place();

  int waiting_ = 0;
  boost::asio::thread_pool thread_{1};
};

}  // namespace jieding::web
