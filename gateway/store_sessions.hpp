#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "gateway/runtime/clock.hpp"
#include "gateway/web/sessions.hpp"
#include "sync/store.hpp"

namespace jieding {

/// Links and sessions in the gateway's database, so that a restart signs nobody out. Times are
/// seconds of the runtime clock, which all processes of one boot share. Thread-bound to io.
class StoreSessions final : public web::SessionStore {
 public:
  StoreSessions(sync::Store& store, const RuntimeClock& clock) : store_(store), clock_(clock) {}

  boost::asio::awaitable<Result<std::optional<web::Grant>>> look(std::string token_sha256) override;
  boost::asio::awaitable<Result<std::optional<web::Grant>>> redeem(
      std::string token_sha256) override;
  boost::asio::awaitable<Result<void>> put(std::string cookie_sha256,
                                           web::StoredSession session) override;
  boost::asio::awaitable<Result<std::optional<web::StoredSession>>> find(
      std::string cookie_sha256) override;
  boost::asio::awaitable<Result<void>> drop(std::string cookie_sha256) override;
  boost::asio::awaitable<Result<std::string>> password_hash(std::string user) override;
  boost::asio::awaitable<Result<void>> set_password(std::string user, std::string hash) override;
  boost::asio::awaitable<Result<std::vector<std::pair<std::string, web::StoredSession>>>>
  sessions_of(std::string user) override;

 private:
  std::int64_t now() const;

  sync::Store& store_;
  const RuntimeClock& clock_;
};

}  // namespace jieding
