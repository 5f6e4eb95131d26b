#include "gateway/web/households_api.hpp"

#include <utility>

#include "gateway/web/answers.hpp"
#include "gateway/web/api_input.hpp"
#include "gateway/web/role_gate.hpp"

namespace jieding::web {
namespace {

using boost::asio::awaitable;

constexpr std::size_t longest_count = 1024;
/// Each count is an event for ever.
constexpr double counts_per_second = 1.0 / 6, count_burst = 20;

}  // namespace

HouseholdsApi::HouseholdsApi(HouseholdRecord& record, Sessions& sessions, const RuntimeClock& clock,
                             Options options)
    : record_(record),
      sessions_(sessions),
      options_(options),
      pace_(clock, counts_per_second, count_burst) {}

std::vector<http::Route> HouseholdsApi::routes() {
  using http::Request;
  const ForPersons<HouseholdsApi> only(*this, sessions_);
  return {
      {"GET", "/api/v1/households", http::no_body,
       [this](Request request) { return list(std::move(request)); }},
      {"POST", "/api/v1/households", longest_count,
       only.writing(Owner::Operator, &HouseholdsApi::count)},
  };
}

awaitable<http::Response> HouseholdsApi::list(http::Request request) {
  const auto visitor = co_await sessions_.visitor(std::move(request));
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor && !options_.open_to_viewers) co_return nobody();
  const auto counts = co_await record_.households();
  co_return answer_with(counts);
}

awaitable<http::Response> HouseholdsApi::count(Person person, http::Request request) {
  auto input = read_households(request.body);
  if (!input) co_return http::problem(input.error());
  if (!pace_.allows(person.id)) co_return too_fast(6);
  const auto done = co_await record_.count(person, std::move(*input));
  if (!done) co_return http::problem(done.error());
  auto response = answer_with(*done);
  response.status = 201;
  co_return response;
}

}  // namespace jieding::web
