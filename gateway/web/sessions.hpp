#pragma once
// Who is asking: viewer links, one-time sign-in links, passwords, sessions and their CSRF values.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/domain/result.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/http.hpp"
#include "gateway/web/password.hpp"
#include "gateway/web/record.hpp"
#include "gateway/web/sign_in_guard.hpp"

namespace jieding::web {

/// What a link's token gives.
struct Grant {
  std::string user;  ///< empty: a viewer
};

struct StoredSession {
  std::string user;  ///< empty: a viewer
  std::string csrf;
  /// On the runtime clock, which begins anew at each boot: a store that outlives a boot keeps the
  /// boot's id beside it, forgets the persons' sessions of other boots and may give viewers'
  /// a new full term.
  RuntimeClock::time_point expires;
};

/// Where tokens and sessions rest, known by the SHA-256 (lower-case hex) of their secret alone.
/// Thread-bound to io; every awaitable resumes on io.
class SessionStore {
 public:
  virtual ~SessionStore() = default;
  /// What an unexpired token would give; leaves it as it is.
  virtual boost::asio::awaitable<Result<std::optional<Grant>>> look(std::string token_sha256) = 0;
  /// The same, and a one-time token is used up: of two at once, one gets nothing. A viewer's token
  /// stays.
  virtual boost::asio::awaitable<Result<std::optional<Grant>>> redeem(std::string token_sha256) = 0;
  /// Adds or replaces.
  virtual boost::asio::awaitable<Result<void>> put(std::string cookie_sha256,
                                                   StoredSession session) = 0;
  virtual boost::asio::awaitable<Result<std::optional<StoredSession>>> find(
      std::string cookie_sha256) = 0;
  virtual boost::asio::awaitable<Result<void>> drop(std::string cookie_sha256) = 0;
  /// A person's password as its hash; empty: there is none.
  virtual boost::asio::awaitable<Result<std::string>> password_hash(std::string user) = 0;
  virtual boost::asio::awaitable<Result<void>> set_password(std::string user, std::string hash) = 0;
  /// Unexpired sessions of a person by the SHA-256 of their cookies; of all persons for an empty
  /// name.
  virtual boost::asio::awaitable<Result<std::vector<std::pair<std::string, StoredSession>>>>
  sessions_of(std::string user) = 0;
};

/// Something at the door that people may want to look up later; never in the ledger.
struct DoorEvent {
  /// `sign_in_failed`, `sign_in_locked_out`, `signed_in`, `password_set`, `session_ended`
  std::string_view what;
  std::string user;  ///< empty: not known
  std::string peer;
};

/// A session as its person sees it.
struct SeatView {
  std::string id;  ///< the beginning of its SHA-256: enough to name it, too little to be it
  std::string user;
  std::chrono::seconds age{0};
  bool own = false;  ///< it is the one that asks
};

/// A request's visitor, once known.
struct Visitor {
  Person person;     ///< an empty id is a viewer
  std::string csrf;  ///< empty: came by viewer token, without a session
  bool is_viewer() const { return person.id.empty(); }
};

struct SignedIn {
  Visitor visitor;
  std::string set_cookie;
};

struct SessionOptions {
  bool secure_cookie = false;                        ///< under TLS
  std::chrono::seconds viewer_life{30 * 24 * 3600};  ///< from the last visit
  std::chrono::seconds person_life{12 * 3600};       ///< from the sign-in
  SignInGuard::Options guard;
  std::function<void(const DoorEvent&)> audit;  ///< the private record of the door
};

/// The door-keeper. Owned by the composition root; keeps a bounded number of sessions in memory so
/// that a page's reads do not wait for the journal. Thread-bound to io.
class Sessions {
 public:
  /// The configured user of an id; nothing once a user was removed.
  using People = std::function<std::optional<Person>(std::string_view user)>;

  Sessions(SessionStore& store, const RuntimeClock& clock, People people, SessionOptions options);

  /// TooMuch: locked out, see locked_for. Refused: the token is not (or no longer) good.
  boost::asio::awaitable<Result<SignedIn>> sign_in(std::string token, std::string peer);
  /// The same for the viewer link alone. A one-time token is refused and stays good.
  boost::asio::awaitable<Result<SignedIn>> sign_in_as_viewer(std::string token, std::string peer);
  /// The same for somebody who chose a password. Both address and name are locked by failures.
  boost::asio::awaitable<Result<SignedIn>> sign_in_by_password(std::string user,
                                                               std::string password,
                                                               std::string peer);
  /// Sets the asking person's password and ends their other sessions.
  boost::asio::awaitable<Result<void>> set_password(Person person, std::string password,
                                                    http::Request request);
  /// The sessions of a person.
  boost::asio::awaitable<Result<std::vector<SeatView>>> seats(Person person, http::Request request);
  /// NotFound: this person has no such session.
  boost::asio::awaitable<Result<void>> end(Person person, std::string seat, http::Request request);
  /// A person's sessions were taken out of the store: none of them is believed any more.
  void forget_person(const std::string& user);
  std::optional<std::chrono::seconds> locked_for(const std::string& peer) const {
    return guard_.locked_for(peer);
  }

  /// Who sent a request with these headers; nothing: nobody we know.
  boost::asio::awaitable<Result<std::optional<Visitor>>> visitor(http::Request request);
  boost::asio::awaitable<Result<void>> sign_out(http::Request request);

  /// True if the request carries the session's CSRF value.
  static bool csrf_fits(const Visitor& visitor, const http::Request& request);
  /// Makes a viewer's browser keep its cookie for another full term; empty for others.
  std::string renewed_cookie(const Visitor& visitor, const http::Request& request) const;
  /// Makes the browser forget the cookie.
  std::string removed_cookie() const;

 private:
  boost::asio::awaitable<Result<SignedIn>> seat(StoredSession session, std::string peer);
  boost::asio::awaitable<Result<void>> forget(std::string cookie_sha256);
  boost::asio::awaitable<Result<std::optional<StoredSession>>> stored(std::string cookie_sha256);
  boost::asio::awaitable<Result<std::optional<Visitor>>> by_viewer_token(std::string token);
  std::optional<Visitor> visitor_of(const StoredSession& session) const;
  std::chrono::seconds life(const std::string& user) const;
  std::string cookie(std::string_view value, std::chrono::seconds age) const;
  void remember(const std::string& cookie_sha256, const StoredSession& session);
  void report(std::string_view what, const std::string& user, const std::string& peer) const;

  SessionStore& store_;
  const RuntimeClock& clock_;
  People people_;
  SessionOptions options_;
  SignInGuard guard_;
  SignInGuard name_guard_;
  PasswordWork passwords_;
  std::unordered_map<std::string, StoredSession> recent_;  // by SHA-256 of the cookie
  std::unordered_map<std::string, RuntimeClock::time_point> viewer_tokens_;  // seen good until
};

}  // namespace jieding::web
