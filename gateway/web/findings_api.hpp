#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/runtime/http.hpp"
#include "gateway/web/finding_record.hpp"
#include "gateway/web/pace.hpp"
#include "gateway/web/sessions.hpp"

namespace jieding::web {

/// The routes of findings: reading them, bringing a photo, doing something about them. Thread-bound
/// to io; record, sessions and clock outlive it, and it outlives the server.
class FindingsApi {
 public:
  struct Options {
    bool open_to_viewers = false;  ///< reading needs no link
  };

  FindingsApi(FindingRecord& record, Sessions& sessions, const RuntimeClock& clock,
              Options options);

  std::vector<http::Route> routes();

 private:
  boost::asio::awaitable<http::Response> list(http::Request request);
  boost::asio::awaitable<http::Response> one(http::Request request);
  boost::asio::awaitable<std::optional<http::Response>> admit_photo(http::Request& request);
  boost::asio::awaitable<http::Response> photo(http::Request request);
  boost::asio::awaitable<http::Response> raise(http::Request request);
  boost::asio::awaitable<http::Response> step(http::Request request);
  boost::asio::awaitable<http::Response> say(http::Request request, Result<FindingInput> input);

  FindingRecord& record_;
  Sessions& sessions_;
  Options options_;
  Pace photo_pace_;
  Pace step_pace_;
  /// Persons that have a photo in hand: bounds the pictures in memory. Shared with the requests.
  std::shared_ptr<std::set<std::string>> photos_in_hand_;
};

}  // namespace jieding::web
