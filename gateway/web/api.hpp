#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gateway/runtime/http.hpp"
#include "gateway/web/record.hpp"
#include "gateway/web/sessions.hpp"

namespace jieding::web {

/// The routes of the page: reading the record, signing in, confirming, disputing and
/// recording. Thread-bound
/// to io; record and sessions outlive it, and it outlives the server.
class Api {
 public:
  struct Options {
    bool open_to_viewers = false;  ///< reading needs no link
  };

  Api(Record& record, Sessions& sessions, Options options)
      : record_(record), sessions_(sessions), options_(options) {}

  std::vector<http::Route> routes();
  /// Whether a request may read: nothing, or the refusal. The gate of GET /api/v1/stream.
  boost::asio::awaitable<std::optional<http::Response>> refuse_reading(http::Request request);

 private:
  boost::asio::awaitable<std::optional<http::Response>> refuse_picture(http::Request request);
  using Answer = boost::asio::awaitable<http::Response> (Api::*)(http::Request);
  http::Handler open(Answer answer);
  http::Handler reading(Answer answer);
  boost::asio::awaitable<http::Response> guarded(Answer answer, http::Request request);

  boost::asio::awaitable<http::Response> health(http::Request request);
  boost::asio::awaitable<http::Response> checkpoint(http::Request request);
  boost::asio::awaitable<http::Response> tile(http::Request request);
  boost::asio::awaitable<http::Response> site(http::Request request);
  boost::asio::awaitable<http::Response> kinds(http::Request request);
  boost::asio::awaitable<http::Response> history(http::Request request);
  boost::asio::awaitable<http::Response> bulletin(http::Request request);
  boost::asio::awaitable<http::Response> bulletin_page(http::Request request);
  boost::asio::awaitable<http::Response> evidence(http::Request request);
  boost::asio::awaitable<http::Response> document(http::Request request);
  boost::asio::awaitable<http::Response> events(http::Request request);
  boost::asio::awaitable<http::Response> quarantine(http::Request request);
  boost::asio::awaitable<http::Response> sign_in(http::Request request);
  boost::asio::awaitable<http::Response> who(http::Request request);
  boost::asio::awaitable<http::Response> sign_out(http::Request request);
  boost::asio::awaitable<http::Response> act(http::Request request);
  boost::asio::awaitable<std::optional<http::Response>> refuse_document(http::Request& request);
  boost::asio::awaitable<http::Response> keep_document(http::Request request);

  Record& record_;
  Sessions& sessions_;
  Options options_;
  int documents_in_hand_ = 0;
};

}  // namespace jieding::web
