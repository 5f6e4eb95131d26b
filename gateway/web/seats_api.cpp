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
  const ForPersons<SeatsApi> only(*this, sessions_);
  return {
      {"GET", "/api/v1/sessions", http::no_body, only.reading(any_person, &SeatsApi::own_seats)},
      {"DELETE", "/api/v1/sessions/{id}", small_body,
       only.writing(any_person, &SeatsApi::end_seat)},
      {"PUT", "/api/v1/password", small_body, only.writing(any_person, &SeatsApi::set_password)},
      {"GET", "/api/v1/users", http::no_body, only.reading(Owner::Operator, &SeatsApi::users)},
      {"POST", "/api/v1/users", small_body, only.writing(Owner::Operator, &SeatsApi::add_user)},
      {"PUT", "/api/v1/users/{id}", small_body,
       only.writing(Owner::Operator, &SeatsApi::change_user)},
      {"POST", "/api/v1/users/{id}/links", small_body,
       only.writing(Owner::Operator, &SeatsApi::make_link)},
  };
}

awaitable<http::Response> SeatsApi::own_seats(Person person, http::Request request) {
  const auto seats = co_await sessions_.seats(person, std::move(request));
  if (!seats) co_return http::problem(seats.error());
  co_return answer_with(seats_json(*seats));
}

awaitable<http::Response> SeatsApi::end_seat(Person person, http::Request request) {
  std::string seat = request.path_values["id"];
  const auto ended = co_await sessions_.end(person, std::move(seat), std::move(request));
  if (!ended) co_return http::problem(ended.error());
  co_return done();
}

awaitable<http::Response> SeatsApi::set_password(Person person, http::Request request) {
  auto password = read_password(request.body);
  if (!password) co_return http::problem(password.error());
  if (!pace_.allows(person.id)) co_return too_fast(10);
  const auto set =
      co_await sessions_.set_password(person, std::move(*password), std::move(request));
  if (!set) co_return http::problem(set.error());
  co_return done();
}

awaitable<http::Response> SeatsApi::users(Person, http::Request) {
  const auto users = co_await record_.users();
  co_return answer_with(users);
}

awaitable<http::Response> SeatsApi::add_user(Person person, http::Request request) {
  auto user = read_user(request.body);
  if (!user) co_return http::problem(user.error());
  if (!pace_.allows(person.id)) co_return too_fast(10);
  const auto added = co_await record_.add_user(person, std::move(*user));
  if (!added) co_return http::problem(added.error());
  co_return done();
}

awaitable<http::Response> SeatsApi::change_user(Person person, http::Request request) {
  auto user = read_user_change(request.body);
  if (!user) co_return http::problem(user.error());
  user->id = request.path_values["id"];
  const std::string out = user->disabled ? user->id : std::string();
  if (!pace_.allows(person.id)) co_return too_fast(10);
  const auto changed = co_await record_.change_user(person, std::move(*user));
  if (!changed) co_return http::problem(changed.error());
  if (!out.empty()) sessions_.forget_person(out);
  co_return done();
}

awaitable<http::Response> SeatsApi::make_link(Person person, http::Request request) {
  if (!pace_.allows(person.id)) co_return too_fast(10);
  std::string user = request.path_values["id"];
  const auto token = co_await record_.make_link(person, std::move(user));
  if (!token) co_return http::problem(token.error());
  co_return answer_with_token(*token);
}

}  // namespace jieding::web
