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
  boost::asio::awaitable<http::Response> list(http::Request request);
  boost::asio::awaitable<http::Response> set_up(http::Request request);
  boost::asio::awaitable<http::Response> take_back(http::Request request);
  boost::asio::awaitable<http::Response> publish(http::Request request);
  boost::asio::awaitable<http::Response> ruler(http::Request request);

  CameraRecord& record_;
  Sessions& sessions_;
  Pace change_pace_;
  Pace ruler_pace_;
};

}  // namespace jieding::web
