#include "gateway/web/seats_api.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "gateway/web/answers.hpp"
#include "gateway/web/api_input.hpp"
#include "gateway/web/role_gate.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

constexpr std::size_t no_body = 0;
constexpr std::size_t small_body = 4 * 1024;
constexpr double changes_per_second = 1.0 / 10, change_burst = 10;

json::value seats_json(const std::vector<SeatView>& seats) {
  json::array array;
  for (const SeatView& seat : seats)
    array.push_back(
        json::object{{"id", seat.id}, {"age_seconds", seat.age.count()}, {"own", seat.own}});
  return {{"sessions", std::move(array)}};
}

}  // namespace

SeatsApi::SeatsApi(SeatRecord& record, Sessions& sessions, const RuntimeClock& clock)
    : record_(record), sessions_(sessions), pace_(clock, changes_per_second, change_burst) {}

std::vector<http::Route> SeatsApi::routes() {
  using http::Request;
  return {
      {"GET", "/api/v1/sessions", no_body,
       [this](Request request) { return own_seats(std::move(request)); }},
      {"DELETE", "/api/v1/sessions/{id}", small_body,
       [this](Request request) { return end_seat(std::move(request)); }},
      {"PUT", "/api/v1/password", small_body,
       [this](Request request) { return set_password(std::move(request)); }},
      {"GET", "/api/v1/users", no_body,
       [this](Request request) { return users(std::move(request)); }},
      {"POST", "/api/v1/users", small_body,
       [this](Request request) { return add_user(std::move(request)); }},
      {"PUT", "/api/v1/users/{id}", small_body,
       [this](Request request) { return change_user(std::move(request)); }},
      {"POST", "/api/v1/users/{id}/links", small_body,
       [this](Request request) { return make_link(std::move(request)); }},
  };
}

awaitable<http::Response> SeatsApi::own_seats(http::Request request) {
  Entry entry = co_await enter(sessions_, request, any_person, Asks::ToRead);
  if (entry.refusal) co_return std::move(*entry.refusal);
  const auto seats = co_await sessions_.seats(entry.person, std::move(request));
  if (!seats) co_return http::problem(seats.error());
  co_return answer_with(seats_json(*seats));
}

awaitable<http::Response> SeatsApi::end_seat(http::Request request) {
  Entry entry = co_await enter(sessions_, request, any_person, Asks::ToWrite);
  if (entry.refusal) co_return std::move(*entry.refusal);
  std::string seat = request.path_values["id"];
  const auto ended = co_await sessions_.end(entry.person, std::move(seat), std::move(request));
  if (!ended) co_return http::problem(ended.error());
  co_return done();
}

awaitable<http::Response> SeatsApi::set_password(http::Request request) {
  Entry entry = co_await enter(sessions_, request, any_person, Asks::ToWrite);
  if (entry.refusal) co_return std::move(*entry.refusal);
  auto password = read_password(request.body);
  if (!password) co_return http::problem(password.error());
  if (!pace_.allows(entry.person.id)) co_return too_fast(10);
  const auto set =
      co_await sessions_.set_password(entry.person, std::move(*password), std::move(request));
  if (!set) co_return http::problem(set.error());
  co_return done();
}

awaitable<http::Response> SeatsApi::users(http::Request request) {
  Entry entry = co_await enter(sessions_, std::move(request), Owner::Operator, Asks::ToRead);
  if (entry.refusal) co_return std::move(*entry.refusal);
  const auto users = co_await record_.users();
  co_return answer_with(users);
}

awaitable<http::Response> SeatsApi::add_user(http::Request request) {
  Entry entry = co_await enter(sessions_, request, Owner::Operator, Asks::ToWrite);
  if (entry.refusal) co_return std::move(*entry.refusal);
  auto user = read_user(request.body);
  if (!user) co_return http::problem(user.error());
  if (!pace_.allows(entry.person.id)) co_return too_fast(10);
  const auto added = co_await record_.add_user(entry.person, std::move(*user));
  if (!added) co_return http::problem(added.error());
  co_return done();
}

awaitable<http::Response> SeatsApi::change_user(http::Request request) {
  Entry entry = co_await enter(sessions_, request, Owner::Operator, Asks::ToWrite);
  if (entry.refusal) co_return std::move(*entry.refusal);
  auto user = read_user_change(request.body);
  if (!user) co_return http::problem(user.error());
  user->id = request.path_values["id"];
  const std::string out = user->disabled ? user->id : std::string();
  if (!pace_.allows(entry.person.id)) co_return too_fast(10);
  const auto changed = co_await record_.change_user(entry.person, std::move(*user));
  if (!changed) co_return http::problem(changed.error());
  if (!out.empty()) sessions_.forget_person(out);
  co_return done();
}

awaitable<http::Response> SeatsApi::make_link(http::Request request) {
  Entry entry = co_await enter(sessions_, request, Owner::Operator, Asks::ToWrite);
  if (entry.refusal) co_return std::move(*entry.refusal);
  if (!pace_.allows(entry.person.id)) co_return too_fast(10);
  std::string user = request.path_values["id"];
  const auto token = co_await record_.make_link(entry.person, std::move(user));
  if (!token) co_return http::problem(token.error());
  co_return answer_with_token(*token);
}

}  // namespace jieding::web
