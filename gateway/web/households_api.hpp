#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "gateway/runtime/http.hpp"
#include "gateway/web/household_record.hpp"
#include "gateway/web/pace.hpp"
#include "gateway/web/sessions.hpp"

namespace jieding::web {

/// The routes by which the operator enters how many households wait. Thread-bound to io; record,
/// sessions and clock outlive it, and it outlives the server.
class HouseholdsApi {
 public:
  struct Options {
    bool open_to_viewers = false;  ///< reading needs no link
  };
  HouseholdsApi(HouseholdRecord& record, Sessions& sessions, const RuntimeClock& clock,
                Options options);

  std::vector<http::Route> routes();

 private:
  boost::asio::awaitable<http::Response> list(http::Request request);
  boost::asio::awaitable<http::Response> count(Person person, http::Request request);

  HouseholdRecord& record_;
  Sessions& sessions_;
  Options options_;
  Pace pace_;
};

}  // namespace jieding::web
