#include "gateway/web/series_api.hpp"

#include <utility>

#include "gateway/web/answers.hpp"
#include "gateway/web/api_input.hpp"

namespace jieding::web {

std::vector<http::Route> SeriesApi::routes() {
  return {{"GET", "/api/v1/devices/{id}/readings", 0,
           [this](http::Request request) { return day(std::move(request)); }}};
}

boost::asio::awaitable<http::Response> SeriesApi::day(http::Request request) {
  std::string device = request.path_values["id"];
  auto refusal = co_await api_.refuse_reading(std::move(request));
  if (refusal) co_return std::move(*refusal);
  if (!is_id(device)) co_return http::problem(404, "Not found", "there is no such device");
  const auto told = co_await record_.day_of(std::move(device));
  co_return answer_with(told);
}

}  // namespace jieding::web
