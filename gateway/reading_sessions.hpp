#pragma once

#include <map>

#include "gateway/runtime/clock.hpp"
#include "gateway/web/sessions.hpp"
#include "sync/store.hpp"

namespace jieding {

/// Lets viewers in beside a record that nothing is written to: their links are looked up in it,
/// their sessions live in memory. One-time links do not work: they could not be used up.
/// Thread-bound to io.
class ReadingSessions final : public web::SessionStore {
 public:
  ReadingSessions(sync::Store& store, const RuntimeClock& clock) : store_(store), clock_(clock) {}

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
  sync::Store& store_;
  const RuntimeClock& clock_;
  std::map<std::string, web::StoredSession> sessions_;  ///< by SHA-256 of the cookie; bounded
};

}  // namespace jieding
