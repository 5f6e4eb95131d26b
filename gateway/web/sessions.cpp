#include "gateway/web/sessions.hpp"

#include <utility>

#include "gateway/web/cookie.hpp"
#include "gateway/web/secrets.hpp"

namespace jieding::web {
namespace {

using boost::asio::awaitable;

constexpr std::string_view cookie_name = "jieding_session";
constexpr std::size_t longest_token = 256;
constexpr std::size_t most_remembered = 2048;
/// A viewer's session is written again at most once in this time, not at every request.
constexpr std::chrono::hours renewal_step{24};
/// How long a revoked viewer token may still be believed.
constexpr std::chrono::seconds viewer_token_believed{30};

std::string_view session_cookie(const http::Request& request) {
  const auto value = cookie(request, cookie_name);
  return value.size() > longest_token ? std::string_view{} : value;
}

constexpr std::size_t seat_id_digits = 16;

Error too_often() {
  return {Fault::TooMuch, "too many failed sign-ins; wait"};
}

Error not_good() {
  return {Fault::Refused, "this link is not valid or was used; ask for a new one"};
}

/// `full`: when a session that began now would expire.
SeatView view_of(const std::string& name, const StoredSession& session,
                 RuntimeClock::time_point full, bool own) {
  SeatView seat;
  seat.id = name.substr(0, seat_id_digits);
  seat.user = session.user;
  seat.age = std::chrono::duration_cast<std::chrono::seconds>(full - session.expires);
  seat.own = own;
  return seat;
}

}  // namespace

Sessions::Sessions(SessionStore& store, const RuntimeClock& clock, People people,
                   SessionOptions options)
    : store_(store),
      clock_(clock),
      people_(std::move(people)),
      options_(std::move(options)),
      guard_(clock, options_.guard),
      name_guard_(clock, options_.guard) {}

awaitable<Result<SignedIn>> Sessions::sign_in(std::string token, std::string peer) {
  if (guard_.locked_for(peer)) {
    report("sign_in_locked_out", {}, peer);
    co_return too_often();
  }
  guard_.trying(peer);
  if (token.empty() || token.size() > longest_token) {
    report("sign_in_failed", {}, peer);
    co_return not_good();
  }
  const auto grant = co_await store_.redeem(token_sha256(token));
  if (!grant) co_return grant.error();
  StoredSession session;
  if (*grant) session.user = (*grant)->user;
  const auto visitor = visitor_of(session);
  if (!*grant || !visitor) {
    report("sign_in_failed", {}, peer);
    co_return not_good();
  }
  guard_.succeeded(peer);
  co_return co_await seat(std::move(session), std::move(peer));
}

awaitable<Result<SignedIn>> Sessions::sign_in_as_viewer(std::string token, std::string peer) {
  if (guard_.locked_for(peer)) {
    report("sign_in_locked_out", {}, peer);
    co_return too_often();
  }
  guard_.trying(peer);
  const bool possible = token.size() <= longest_token;
  std::optional<Visitor> viewer;
  if (possible) {
    auto known = co_await by_viewer_token(std::move(token));
    if (!known) co_return known.error();
    viewer = std::move(*known);
  }
  if (!viewer) {
    report("sign_in_failed", {}, peer);
    co_return not_good();
  }
  guard_.succeeded(peer);
  StoredSession session;
  co_return co_await seat(std::move(session), std::move(peer));
}

awaitable<Result<SignedIn>> Sessions::sign_in_by_password(std::string user, std::string password,
                                                          std::string peer) {
  if (guard_.locked_for(peer) || name_guard_.locked_for(user)) {
    report("sign_in_locked_out", user, peer);
    co_return too_often();
  }
  guard_.trying(peer);
  name_guard_.trying(user);
  const auto hash = co_await store_.password_hash(user);
  if (!hash) co_return hash.error();
  const bool known = people_(user).has_value();
  std::string right = known ? *hash : std::string();
  const auto fits = co_await passwords_.fits(std::move(right), std::move(password));
  if (!fits) co_return fits.error();
  if (!*fits) {
    report("sign_in_failed", known ? user : std::string(), peer);
    co_return Error(Fault::Refused, "name or password is wrong");
  }
  guard_.succeeded(peer);
  name_guard_.succeeded(user);
  StoredSession session;
  session.user = std::move(user);
  co_return co_await seat(std::move(session), std::move(peer));
}

/// A session for somebody who has proven who they are.
awaitable<Result<SignedIn>> Sessions::seat(StoredSession session, std::string peer) {
  const auto visitor = visitor_of(session);
  if (!visitor) co_return Error(Fault::Refused, "there is no such person any more");
  if (!session.user.empty()) report("signed_in", session.user, peer);
  session.csrf = random_token();
  session.expires = clock_.now() + life(session.user);
  const auto value = random_token();
  const auto name = token_sha256(value);
  const auto kept = co_await store_.put(name, session);
  if (!kept) co_return kept.error();
  remember(name, session);
  SignedIn signed_in{*visitor, cookie(value, life(session.user))};
  signed_in.visitor.csrf = session.csrf;
  co_return signed_in;
}

awaitable<Result<std::optional<Visitor>>> Sessions::visitor(http::Request request) {
  const auto value = session_cookie(request);
  if (!value.empty()) {
    const auto session = co_await stored(token_sha256(value));
    if (!session) co_return session.error();
    if (*session) co_return visitor_of(**session);
  }
  const auto token = http::bearer_token(request);
  if (!token || token->size() > longest_token) co_return std::optional<Visitor>{};
  co_return co_await by_viewer_token(std::string(*token));
}

awaitable<Result<std::optional<Visitor>>> Sessions::by_viewer_token(std::string token) {
  const auto name = token_sha256(token);
  const auto now = clock_.now();
  const auto believed = viewer_tokens_.find(name);
  if (believed != viewer_tokens_.end() && now < believed->second) {
    co_return std::optional<Visitor>(Visitor{});
  }
  const auto grant = co_await store_.look(name);
  if (!grant) co_return grant.error();
  // A one-time token is no key: it must go through sign_in, which uses it up.
  if (!*grant || !(*grant)->user.empty()) co_return std::optional<Visitor>{};
  if (viewer_tokens_.size() >= most_remembered) viewer_tokens_.clear();
  viewer_tokens_.insert_or_assign(name, now + viewer_token_believed);
  co_return std::optional<Visitor>(Visitor{});
}

/// The unexpired session of a cookie. A viewer's slides on.
awaitable<Result<std::optional<StoredSession>>> Sessions::stored(std::string cookie_sha256) {
  std::optional<StoredSession> session;
  const auto found = recent_.find(cookie_sha256);
  if (found != recent_.end()) {
    session = found->second;
  } else {
    auto asked = co_await store_.find(cookie_sha256);
    if (!asked) co_return asked.error();
    session = std::move(*asked);
    if (!session) co_return session;
    remember(cookie_sha256, *session);
  }
  const auto now = clock_.now();
  if (now >= session->expires) {
    recent_.erase(cookie_sha256);
    co_await store_.drop(cookie_sha256);
    co_return std::optional<StoredSession>{};
  }
  const auto renewed = now + life(session->user);
  if (session->user.empty() && renewed - session->expires >= renewal_step) {
    session->expires = renewed;
    remember(cookie_sha256, *session);
    co_await store_.put(cookie_sha256, *session);
  }
  co_return session;
}

awaitable<Result<void>> Sessions::sign_out(http::Request request) {
  const auto value = session_cookie(request);
  if (value.empty()) co_return Result<void>{};
  const auto name = token_sha256(value);
  co_return co_await forget(name);
}

awaitable<Result<void>> Sessions::set_password(Person person, std::string password,
                                               http::Request request) {
  const std::string wrong = wrong_password(password);
  if (!wrong.empty()) co_return Error(Fault::Invalid, wrong);
  auto hash = co_await passwords_.hash(std::move(password));
  if (!hash) co_return hash.error();
  const auto kept = co_await store_.set_password(person.id, std::move(*hash));
  if (!kept) co_return kept;
  report("password_set", person.id, request.peer);
  const auto others = co_await store_.sessions_of(person.id);
  if (!others) co_return others.error();
  const std::string own = token_sha256(session_cookie(request));
  for (const auto& [name, session] : *others) {
    if (name == own) continue;
    const auto gone = co_await forget(name);
    if (!gone) co_return gone;
  }
  co_return Result<void>{};
}

awaitable<Result<std::vector<SeatView>>> Sessions::seats(Person person, http::Request request) {
  const auto all = co_await store_.sessions_of(person.id);
  if (!all) co_return all.error();
  const std::string own = token_sha256(session_cookie(request));
  const auto now = clock_.now();
  std::vector<SeatView> seats;
  for (const auto& [name, session] : *all)
    seats.push_back(view_of(name, session, now + life(session.user), name == own));
  co_return seats;
}

awaitable<Result<void>> Sessions::end(Person person, std::string seat, http::Request request) {
  const auto all = co_await store_.sessions_of(person.id);
  if (!all) co_return all.error();
  for (const auto& [name, session] : *all) {
    if (name.substr(0, seat_id_digits) != seat) continue;
    report("session_ended", person.id, request.peer);
    co_return co_await forget(name);
  }
  co_return Error(Fault::NotFound, "there is no such session of yours");
}

awaitable<Result<void>> Sessions::forget(std::string cookie_sha256) {
  recent_.erase(cookie_sha256);
  co_return co_await store_.drop(std::move(cookie_sha256));
}

void Sessions::forget_person(const std::string& user) {
  std::erase_if(recent_, [&](const auto& known) { return known.second.user == user; });
}

bool Sessions::csrf_fits(const Visitor& visitor, const http::Request& request) {
  return !visitor.csrf.empty() && same_secret(visitor.csrf, request.header("x-csrf-token"));
}

std::string Sessions::renewed_cookie(const Visitor& visitor, const http::Request& request) const {
  const auto value = session_cookie(request);
  if (!visitor.is_viewer() || visitor.csrf.empty() || value.empty()) return {};
  return cookie(value, options_.viewer_life);
}

std::string Sessions::removed_cookie() const {
  return cookie("", std::chrono::seconds{0});
}

std::optional<Visitor> Sessions::visitor_of(const StoredSession& session) const {
  if (session.user.empty()) return Visitor{Person{}, session.csrf};
  auto person = people_(session.user);
  if (!person) return std::nullopt;
  return Visitor{std::move(*person), session.csrf};
}

std::chrono::seconds Sessions::life(const std::string& user) const {
  return user.empty() ? options_.viewer_life : options_.person_life;
}

std::string Sessions::cookie(std::string_view value, std::chrono::seconds age) const {
  std::string text(cookie_name);
  text.append("=").append(value).append("; Max-Age=").append(std::to_string(age.count()));
  text.append("; Path=/; HttpOnly; SameSite=Strict");
  return options_.secure_cookie ? text + "; Secure" : text;
}

void Sessions::remember(const std::string& cookie_sha256, const StoredSession& session) {
  if (recent_.size() >= most_remembered) recent_.clear();  // the store knows them all
  recent_.insert_or_assign(cookie_sha256, session);
}

void Sessions::report(std::string_view what, const std::string& user,
                      const std::string& peer) const {
  if (options_.audit) options_.audit({what, user, peer});
}

}  // namespace jieding::web
