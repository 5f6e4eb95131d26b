#include "gateway/web/devices_api.hpp"

#include <utility>

#include "gateway/web/answers.hpp"
#include "gateway/web/role_gate.hpp"

namespace jieding::web {
namespace {

using boost::asio::awaitable;

constexpr std::size_t no_body = 0;
constexpr std::size_t small_body = 4 * 1024;
constexpr double changes_per_second = 1.0 / 10, change_burst = 20;

}  // namespace

DevicesApi::DevicesApi(DeviceRecord& record, Sessions& sessions, const RuntimeClock& clock)
    : record_(record), sessions_(sessions), pace_(clock, changes_per_second, change_burst) {}

std::vector<http::Route> DevicesApi::routes() {
  using http::Request;
  return {
      {"GET", "/api/v1/tokens", no_body,
       [this](Request request) { return tokens(std::move(request)); }},
      {"POST", "/api/v1/tokens/{id}", small_body,
       [this](Request request) { return issue(std::move(request)); }},
      {"DELETE", "/api/v1/tokens/{id}", small_body,
       [this](Request request) { return revoke(std::move(request)); }},
  };
}

awaitable<http::Response> DevicesApi::tokens(http::Request request) {
  Entry entry = co_await enter(sessions_, std::move(request), Owner::Operator, Asks::ToRead);
  if (entry.refusal) co_return std::move(*entry.refusal);
  const auto tokens = co_await record_.tokens();
  co_return answer_with(tokens);
}

awaitable<http::Response> DevicesApi::issue(http::Request request) {
  Entry entry = co_await enter(sessions_, request, Owner::Operator, Asks::ToWrite);
  if (entry.refusal) co_return std::move(*entry.refusal);
  if (!pace_.allows(entry.person.id)) co_return too_fast(10);
  std::string id = request.path_values["id"];
  const auto token = co_await record_.issue_token(entry.person, std::move(id));
  if (!token) co_return http::problem(token.error());
  co_return answer_with_token(*token);
}

awaitable<http::Response> DevicesApi::revoke(http::Request request) {
  Entry entry = co_await enter(sessions_, request, Owner::Operator, Asks::ToWrite);
  if (entry.refusal) co_return std::move(*entry.refusal);
  if (!pace_.allows(entry.person.id)) co_return too_fast(10);
  std::string id = request.path_values["id"];
  const auto revoked = co_await record_.revoke_token(entry.person, std::move(id));
  if (!revoked) co_return http::problem(revoked.error());
  co_return done();
}

}  // namespace jieding::web
