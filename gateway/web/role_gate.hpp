#pragma once
// Who may use a route that is for one role alone.

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "gateway/web/sessions.hpp"

namespace jieding::web {

/// Either the person, or why not.
struct Entry {
  Person person;
  std::optional<http::Response> refusal;
};

enum class Asks { ToRead, ToWrite };

/// Writing needs the session's CSRF value and, with a body, JSON.
boost::asio::awaitable<Entry> enter(Sessions& sessions, http::Request request, Owner role,
                                    Asks asks);

}  // namespace jieding::web
