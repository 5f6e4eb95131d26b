#include "gateway/web/cameras_api.hpp"

#include <utility>

#include "gateway/web/answers.hpp"
#include "gateway/web/api_input.hpp"
#include "gateway/web/role_gate.hpp"

namespace jieding::web {
namespace {

using boost::asio::awaitable;

constexpr std::size_t longest_setup = 32 * 1024;
constexpr std::size_t small_body = 4 * 1024;
/// Each change ends an estimator's memory and is an event for ever; each ruler costs vision a
/// second.
constexpr double changes_per_second = 1.0 / 30, change_burst = 10;
constexpr double rulers_per_second = 0.5, ruler_burst = 10;

/// The camera that the path names; empty: none can have this name.
std::string camera_of(const http::Request& request) {
  const std::string& id = request.path_values.find("id")->second;
  return is_id(id) ? id : std::string();
}

}  // namespace

CamerasApi::CamerasApi(CameraRecord& record, Sessions& sessions, const RuntimeClock& clock)
    : record_(record),
      sessions_(sessions),
      change_pace_(clock, changes_per_second, change_burst),
      ruler_pace_(clock, rulers_per_second, ruler_burst) {}

std::vector<http::Route> CamerasApi::routes() {
  const ForPersons<CamerasApi> only(*this, sessions_);
  return {
      {"GET", "/api/v1/cameras", http::no_body, only.reading(Owner::Operator, &CamerasApi::list)},
      {"PUT", "/api/v1/cameras/{id}/setup", longest_setup,
       only.writing(Owner::Operator, &CamerasApi::set_up)},
      {"DELETE", "/api/v1/cameras/{id}/setup", small_body,
       only.writing(Owner::Operator, &CamerasApi::take_back)},
      {"PUT", "/api/v1/public-pictures", small_body,
       only.writing(Owner::Operator, &CamerasApi::publish)},
      {"POST", "/api/v1/cameras/{id}/ruler", small_body,
       only.writing(Owner::Operator, &CamerasApi::ruler)},
  };
}

awaitable<http::Response> CamerasApi::list(Person, http::Request) {
  const auto cameras = co_await record_.cameras();
  co_return answer_with(cameras);
}

awaitable<http::Response> CamerasApi::set_up(Person person, http::Request request) {
  auto setup = read_setup(request.body);
  if (!setup) co_return http::problem(setup.error());
  if (!change_pace_.allows(person.id)) co_return too_fast(6);
  const auto done = co_await record_.set_up(person, camera_of(request), std::move(*setup));
  co_return answer_with(done);
}

awaitable<http::Response> CamerasApi::take_back(Person person, http::Request request) {
  if (!change_pace_.allows(person.id)) co_return too_fast(6);
  const auto done = co_await record_.take_back(person, camera_of(request));
  co_return answer_with(done);
}

awaitable<http::Response> CamerasApi::publish(Person person, http::Request request) {
  const auto rule = read_public_pictures(request.body);
  if (!rule) co_return http::problem(rule.error());
  if (!change_pace_.allows(person.id)) co_return too_fast(6);
  const auto done = co_await record_.publish(person, *rule);
  co_return answer_with(done);
}

awaitable<http::Response> CamerasApi::ruler(Person person, http::Request request) {
  auto marked = read_marked(request.body);
  if (!marked) co_return http::problem(marked.error());
  if (!ruler_pace_.allows(person.id)) co_return too_fast(6);
  const auto found = co_await record_.ruler(camera_of(request), std::move(*marked));
  co_return answer_with(found);
}

}  // namespace jieding::web
