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
  boost::asio::awaitable<http::Response> own_seats(Person person, http::Request request);
  boost::asio::awaitable<http::Response> end_seat(Person person, http::Request request);
  boost::asio::awaitable<http::Response> set_password(Person person, http::Request request);
  boost::asio::awaitable<http::Response> users(Person person, http::Request request);
  boost::asio::awaitable<http::Response> add_user(Person person, http::Request request);
  boost::asio::awaitable<http::Response> change_user(Person person, http::Request request);
  boost::asio::awaitable<http::Response> make_link(Person person, http::Request request);

  SeatRecord& record_;
  Sessions& sessions_;
  Pace pace_;
};

}  // namespace jieding::web
