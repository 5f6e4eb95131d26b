#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "gateway/runtime/http.hpp"
#include "gateway/web/device_record.hpp"
#include "gateway/web/pace.hpp"
#include "gateway/web/sessions.hpp"

namespace jieding::web {

/// The routes by which the operator gives devices and cameras their tokens. Thread-bound to io;
/// record, sessions and clock outlive it, and it outlives the server.
class DevicesApi {
 public:
  DevicesApi(DeviceRecord& record, Sessions& sessions, const RuntimeClock& clock);

  std::vector<http::Route> routes();

 private:
  boost::asio::awaitable<http::Response> tokens(Person person, http::Request request);
  boost::asio::awaitable<http::Response> issue(Person person, http::Request request);
  boost::asio::awaitable<http::Response> revoke(Person person, http::Request request);

  DeviceRecord& record_;
  Sessions& sessions_;
  Pace pace_;
};

}  // namespace jieding::web
