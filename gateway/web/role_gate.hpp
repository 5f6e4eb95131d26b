#pragma once
// Who may use a route that is not for everybody.

#include <boost/asio/awaitable.hpp>
#include <optional>

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

}  // namespace jieding::web
