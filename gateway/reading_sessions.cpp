#include "gateway/reading_sessions.hpp"

#include "gateway/store_sessions.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_sessions = 1000;

}  // namespace

asio::awaitable<Result<std::optional<web::Grant>>> ReadingSessions::look(std::string token_sha256) {
  StoreSessions stored(store_, clock_);
  auto grant = co_await stored.look(std::move(token_sha256));
  if (grant && *grant && !(*grant)->user.empty()) co_return std::optional<web::Grant>();
  co_return grant;
}

asio::awaitable<Result<std::optional<web::Grant>>> ReadingSessions::redeem(
    std::string token_sha256) {
  return look(std::move(token_sha256));
}

asio::awaitable<Result<void>> ReadingSessions::put(std::string cookie_sha256,
                                                   web::StoredSession session) {
  if (sessions_.size() == most_sessions && !sessions_.contains(cookie_sha256))
    sessions_.erase(sessions_.begin());
  sessions_.insert_or_assign(std::move(cookie_sha256), std::move(session));
  co_return Result<void>();
}

asio::awaitable<Result<std::optional<web::StoredSession>>> ReadingSessions::find(
    std::string cookie_sha256) {
  const auto found = sessions_.find(cookie_sha256);
  if (found == sessions_.end() || found->second.expires <= clock_.now())
    co_return std::optional<web::StoredSession>();
  co_return std::optional<web::StoredSession>(found->second);
}

asio::awaitable<Result<void>> ReadingSessions::drop(std::string cookie_sha256) {
  sessions_.erase(cookie_sha256);
  co_return Result<void>();
}

/// Persons cannot sign in here at all.
asio::awaitable<Result<std::string>> ReadingSessions::password_hash(std::string) {
  co_return std::string();
}

asio::awaitable<Result<void>> ReadingSessions::set_password(std::string, std::string) {
  co_return Error(Fault::Unavailable, "nothing is written here");
}

asio::awaitable<Result<std::vector<std::pair<std::string, web::StoredSession>>>>
ReadingSessions::sessions_of(std::string) {
  co_return std::vector<std::pair<std::string, web::StoredSession>>();
}

}  // namespace jieding
