#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "gateway/runtime/http.hpp"
#include "gateway/web/camera_record.hpp"
#include "gateway/web/pace.hpp"
#include "gateway/web/sessions.hpp"

namespace jieding::web {

/// The routes by which the operator sets up cameras. Thread-bound to io; record, sessions and clock
/// outlive it, and it outlives the server.
class CamerasApi {
 public:
  CamerasApi(CameraRecord& record, Sessions& sessions, const RuntimeClock& clock);

  std::vector<http::Route> routes();

 private:
  boost::asio::awaitable<http::Response> list(Person person, http::Request request);
  boost::asio::awaitable<http::Response> set_up(Person person, http::Request request);
  boost::asio::awaitable<http::Response> take_back(Person person, http::Request request);
  boost::asio::awaitable<http::Response> publish(Person person, http::Request request);
  boost::asio::awaitable<http::Response> ruler(Person person, http::Request request);

  CameraRecord& record_;
  Sessions& sessions_;
  Pace change_pace_;
  Pace ruler_pace_;
};

}  // namespace jieding::web
