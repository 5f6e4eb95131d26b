#include "gateway/store_sessions.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;

using Seconds = std::chrono::seconds;

std::int64_t to_seconds(RuntimeClock::time_point at) {
  return std::chrono::duration_cast<Seconds>(at.time_since_epoch()).count();
}

/// An unknown token is an answer, not a failure.
Result<std::optional<web::Grant>> grant_of(const Result<sync::sign_in::Redeemed>& redeemed) {
  if (redeemed) return std::optional<web::Grant>(web::Grant{redeemed->user});
  if (redeemed.error().kind() == Fault::NotFound) return std::optional<web::Grant>();
  return redeemed.error();
}

using LookUp = std::function<Result<sync::sign_in::Redeemed>(sync::Database&)>;

LookUp look_up(std::string token_sha256, std::int64_t now) {
  return [token_sha256 = std::move(token_sha256), now](sync::Database& database) {
    return sync::sign_in::look_up_token(database, token_sha256, now);
  };
}

sync::SessionRow row_of(const web::StoredSession& session) {
  return {session.user, session.csrf, to_seconds(session.expires)};
}

std::optional<web::StoredSession> session_of(const std::optional<sync::SessionRow>& row) {
  if (!row) return std::nullopt;
  return web::StoredSession{row->user, row->csrf, RuntimeClock::time_point{Seconds{row->expires}}};
}

}  // namespace

std::int64_t StoreSessions::now() const {
  return to_seconds(clock_.now());
}

asio::awaitable<Result<std::optional<web::Grant>>> StoreSessions::look(std::string token_sha256) {
  LookUp work = look_up(std::move(token_sha256), now());
  const auto redeemed = co_await store_.journal().read<sync::sign_in::Redeemed>(std::move(work));
  co_return grant_of(redeemed);
}

asio::awaitable<Result<std::optional<web::Grant>>> StoreSessions::redeem(std::string token_sha256) {
  const auto redeemed = co_await store_.redeem_token(std::move(token_sha256), now());
  co_return grant_of(redeemed);
}

asio::awaitable<Result<void>> StoreSessions::put(std::string cookie_sha256,
                                                 web::StoredSession session) {
  sync::SessionRow row = row_of(session);
  co_return co_await store_.put_session(std::move(cookie_sha256), std::move(row));
}

asio::awaitable<Result<std::optional<web::StoredSession>>> StoreSessions::find(
    std::string cookie_sha256) {
  auto row = co_await store_.find_session(std::move(cookie_sha256), now());
  if (!row) co_return row.error();
  co_return session_of(*row);
}

asio::awaitable<Result<void>> StoreSessions::drop(std::string cookie_sha256) {
  co_return co_await store_.drop_session(std::move(cookie_sha256));
}

}  // namespace jieding
