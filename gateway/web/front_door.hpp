#pragma once

#include <boost/asio/awaitable.hpp>
#include <string_view>
#include <vector>

#include "gateway/runtime/http.hpp"
#include "gateway/web/page_shell.hpp"
#include "gateway/web/record.hpp"
#include "gateway/web/sessions.hpp"

namespace jieding::web {

/// The most that the first HTML takes compressed: what a server may send before the first answer
/// of a far telephone (RFC 6928: ten segments).
constexpr std::size_t most_first_bytes = 14'000;

/// GET /: the page with its first HTML, in the visitor's language. A viewer link opens it at once,
/// without a script; a one-time link is left to the script, because whoever previews links asks
/// for them too. Thread-bound to io; record and sessions outlive it.
class FrontDoor {
 public:
  struct Options {
    bool open_to_viewers = false;  ///< reading needs no link
  };

  /// `index`: the page as it was built; outlives it.
  FrontDoor(Record& record, Sessions& sessions, std::string_view index, Options options)
      : record_(record), sessions_(sessions), shell_(index), options_(options) {}

  std::vector<http::Route> routes();

 private:
  boost::asio::awaitable<http::Response> open(http::Request request);

  Record& record_;
  Sessions& sessions_;
  PageShell shell_;
  Options options_;
};

}  // namespace jieding::web
