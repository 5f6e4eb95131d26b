#pragma once
// HTTP as values: what a route sees and answers. The server behind it is gateway/web's business.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding::http {

struct Request {
  std::string method;
  std::string path;  ///< decoded, without query
  std::map<std::string, std::string, std::less<>>
      path_values;  ///< what stood at `{name}` in the pattern
  std::map<std::string, std::string, std::less<>> query;
  std::map<std::string, std::string, std::less<>> headers;  ///< names in lower case
  std::string body;
  std::string peer;             ///< address of the client
  std::shared_ptr<void> place;  ///< what a gate took for it, given back when the request is over

  std::string_view header(std::string_view lower_case_name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Problem details (RFC 9457). `detail` says what, where and what to do; `code`, an extension
/// member, stays when the detail is worded better (refusal.hpp; empty: that of the status), and so
/// does `node`, another one (empty: left out).
Response problem(int status, std::string_view title, std::string_view detail,
                 std::string_view code = {}, std::string_view node = {});
/// The problem for one of our faults: Invalid 400, Refused 401 (with a code of its own 403),
/// NotFound 404, Conflict 409, TooMuch 429, Full 507, Unavailable 503, Internal 500.
Response problem(const Error& error);

/// The token of `Authorization: Bearer TOKEN`, if there is one.
std::optional<std::string_view> bearer_token(const Request& request);

/// Of `Content-Type: Image/JPEG; q=1`: `image/jpeg`. Empty: there is none.
std::string media_type(const Request& request);

using Handler = std::function<boost::asio::awaitable<Response>(Request)>;
/// Looks at a request before its body is read; nothing: let it in.
using Gate = std::function<std::optional<Response>(Request&)>;
/// The same, where the store must be asked. The request outlives the wait.
using Admission = std::function<boost::asio::awaitable<std::optional<Response>>(Request&)>;

/// The limit of routes that take nothing.
inline constexpr std::size_t no_body = 0;

struct Route {
  std::string method;
  std::string pattern;         ///< `/api/v1/cameras/{id}/frames`, `/tile/{rest...}`
  std::size_t max_body_bytes;  ///< refused with 413 beyond
  Handler handler;
  Gate gate = {};  ///< none: everybody may send a body
  Admission admit = {};
};

/// The table of routes. One that is found stays where it is when more are added.
class Routes {
 public:
  void add(Route route) { routes_.push_back(std::move(route)); }
  bool empty() const { return routes_.empty(); }

  struct Match {
    const Route* route = nullptr;  ///< null: nothing at this path, or not by this method
    bool path_known = false;       ///< true with null route: 405
    std::map<std::string, std::string, std::less<>> path_values;
  };
  Match match(std::string_view method, std::string_view path) const;

 private:
  std::deque<Route> routes_;
};

}  // namespace jieding::http
