#include "gateway/store_sessions.hpp"

#include <functional>

#include "sync/seats.hpp"

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

/// Without their CSRF values: a list needs none.
std::vector<std::pair<std::string, web::StoredSession>> named(
    const std::vector<sync::SeatRow>& rows) {
  std::vector<std::pair<std::string, web::StoredSession>> sessions;
  for (const sync::SeatRow& row : rows)
    sessions.emplace_back(
        row.session_sha256,
        web::StoredSession{row.user, {}, RuntimeClock::time_point{Seconds{row.expires}}});
  return sessions;
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

asio::awaitable<Result<std::string>> StoreSessions::password_hash(std::string user) {
  std::function<Result<std::string>(sync::Database&)> work =
      [user = std::move(user)](sync::Database& database) -> Result<std::string> {
    auto hash = sync::seats::password_hash(database, user);
    if (!hash) return hash.error();
    return hash->value_or("");
  };
  co_return co_await store_.journal().read<std::string>(std::move(work));
}

asio::awaitable<Result<void>> StoreSessions::set_password(std::string user, std::string hash) {
  std::function<Result<void>(sync::Database&)> work =
      [user = std::move(user), hash = std::move(hash)](sync::Database& database) {
        return sync::seats::set_password(database, user, hash);
      };
  co_return co_await store_.journal().write<void>(std::move(work), sync::Importance::Record);
}

asio::awaitable<Result<std::vector<std::pair<std::string, web::StoredSession>>>>
StoreSessions::sessions_of(std::string user) {
  std::function<Result<std::vector<sync::SeatRow>>(sync::Database&)> work =
      [user = std::move(user), at = now()](sync::Database& database) {
        return sync::seats::sessions(database, user, at);
      };
  const auto rows = co_await store_.journal().read<std::vector<sync::SeatRow>>(std::move(work));
  if (!rows) co_return rows.error();
  co_return named(*rows);
}

}  // namespace jieding
