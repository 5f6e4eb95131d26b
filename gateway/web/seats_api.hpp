#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "gateway/runtime/http.hpp"
#include "gateway/web/pace.hpp"
#include "gateway/web/seat_record.hpp"
#include "gateway/web/sessions.hpp"

namespace jieding::web {

/// The routes by which people look after their own seat, and the operator after all of them.
/// Thread-bound to io; record, sessions and clock outlive it, and it outlives the server.
class SeatsApi {
 public:
  SeatsApi(SeatRecord& record, Sessions& sessions, const RuntimeClock& clock);

  std::vector<http::Route> routes();

 private:
  boost::asio::awaitable<http::Response> own_seats(http::Request request);
  boost::asio::awaitable<http::Response> end_seat(http::Request request);
  boost::asio::awaitable<http::Response> set_password(http::Request request);
  boost::asio::awaitable<http::Response> users(http::Request request);
  boost::asio::awaitable<http::Response> add_user(http::Request request);
  boost::asio::awaitable<http::Response> change_user(http::Request request);
  boost::asio::awaitable<http::Response> make_link(http::Request request);

  SeatRecord& record_;
  Sessions& sessions_;
  Pace pace_;
};

}  // namespace jieding::web
