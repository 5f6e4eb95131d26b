#pragma once
// Who may use a route that is not for everybody.

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <utility>

#include "gateway/web/sessions.hpp"

namespace jieding::web {

/// Either the person, or why not.
struct Entry {
  Person person;
  std::optional<http::Response> refusal;
};

/// Whoever signed in, whatever the role.
inline constexpr std::nullopt_t any_person = std::nullopt;

enum class Asks { ToRead, ToWrite };

/// Writing needs the session's CSRF value and, with a body, JSON.
boost::asio::awaitable<Entry> enter(Sessions& sessions, http::Request request,
                                    std::optional<Owner> role, Asks asks);

/// What a route answers once it is known who asks.
using PersonAnswer = std::function<boost::asio::awaitable<http::Response>(Person, http::Request)>;

/// A handler behind `enter`: who is not let in gets its refusal, and nothing else is looked at.
http::Handler for_persons(Sessions& sessions, std::optional<Owner> role, Asks asks,
                          PersonAnswer answer);

/// The same for the methods of an API, which outlives its routes.
template <class Api>
class ForPersons {
 public:
  using Answer = boost::asio::awaitable<http::Response> (Api::*)(Person, http::Request);

  ForPersons(Api& api, Sessions& sessions) : api_(api), sessions_(sessions) {}

  http::Handler reading(std::optional<Owner> role, Answer answer) const {
    return handler(role, Asks::ToRead, answer);
  }
  http::Handler writing(std::optional<Owner> role, Answer answer) const {
    return handler(role, Asks::ToWrite, answer);
  }

 private:
  http::Handler handler(std::optional<Owner> role, Asks asks, Answer answer) const {
    return for_persons(sessions_, role, asks,
                       [&api = api_, answer](Person person, http::Request request) {
                         return (api.*answer)(std::move(person), std::move(request));
                       });
  }

  Api& api_;
  Sessions& sessions_;
};

}  // namespace jieding::web
