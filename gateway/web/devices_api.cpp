#include "gateway/web/devices_api.hpp"

#include <utility>

#include "gateway/web/answers.hpp"
#include "gateway/web/role_gate.hpp"

namespace jieding::web {
namespace {

using boost::asio::awaitable;

constexpr std::size_t small_body = 4 * 1024;
constexpr double changes_per_second = 1.0 / 10, change_burst = 20;

}  // namespace

DevicesApi::DevicesApi(DeviceRecord& record, Sessions& sessions, const RuntimeClock& clock)
    : record_(record), sessions_(sessions), pace_(clock, changes_per_second, change_burst) {}

std::vector<http::Route> DevicesApi::routes() {
  const ForPersons<DevicesApi> only(*this, sessions_);
  return {
      {"GET", "/api/v1/tokens", http::no_body, only.reading(Owner::Operator, &DevicesApi::tokens)},
      {"POST", "/api/v1/tokens/{id}", small_body,
       only.writing(Owner::Operator, &DevicesApi::issue)},
      {"DELETE", "/api/v1/tokens/{id}", small_body,
       only.writing(Owner::Operator, &DevicesApi::revoke)},
  };
}

awaitable<http::Response> DevicesApi::tokens(Person, http::Request) {
  const auto tokens = co_await record_.tokens();
  co_return answer_with(tokens);
}

awaitable<http::Response> DevicesApi::issue(Person person, http::Request request) {
  if (!pace_.allows(person.id)) co_return too_fast(10);
  std::string id = request.path_values["id"];
  const auto token = co_await record_.issue_token(person, std::move(id));
  if (!token) co_return http::problem(token.error());
  co_return answer_with_token(*token);
}

awaitable<http::Response> DevicesApi::revoke(Person person, http::Request request) {
  if (!pace_.allows(person.id)) co_return too_fast(10);
  std::string id = request.path_values["id"];
  const auto revoked = co_await record_.revoke_token(person, std::move(id));
  if (!revoked) co_return http::problem(revoked.error());
  co_return done();
}

}  // namespace jieding::web
