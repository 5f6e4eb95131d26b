#include "gateway/web/nodes_api.hpp"

#include <utility>

#include "gateway/domain/sha256_name.hpp"
#include "gateway/web/answers.hpp"
#include "gateway/web/api_input.hpp"
#include "gateway/web/role_gate.hpp"
#include "gateway/web/rollout_input.hpp"

namespace jieding::web {
namespace {

using boost::asio::awaitable;

constexpr std::size_t small_body = 8 * 1024;
constexpr std::size_t longest_image = std::size_t{16} * 1024 * 1024;
/// Each rollout is events for ever, and each image is verified by a program.
constexpr double changes_per_second = 1.0 / 10, change_burst = 20;

http::Response not_an_image() {
  return http::problem(415, "Unsupported media type",
                       "an image is sent as it is, as application/octet-stream");
}

}  // namespace

NodesApi::NodesApi(NodeRecord& record, Sessions& sessions, const RuntimeClock& clock)
    : record_(record), sessions_(sessions), pace_(clock, changes_per_second, change_burst) {}

std::vector<http::Route> NodesApi::routes() {
  using http::Request;
  const ForPersons<NodesApi> only(*this, sessions_);
  return {
      {"GET", "/api/v1/nodes", http::no_body, only.reading(Owner::Operator, &NodesApi::list)},
      {"PUT",
       "/api/v1/firmware/{sha256}",
       longest_image,
       [this](Request request) { return keep(std::move(request)); },
       {},
       [this](Request& request) { return admit(request); }},
      {"POST", "/api/v1/rollout", small_body, only.writing(Owner::Operator, &NodesApi::start)},
      {"DELETE", "/api/v1/rollout", small_body, only.writing(Owner::Operator, &NodesApi::stop)},
  };
}

awaitable<http::Response> NodesApi::list(Person, http::Request) {
  const auto nodes = co_await record_.nodes();
  co_return answer_with(nodes);
}

/// Before the bytes come: who, what, and one at a time.
awaitable<std::optional<http::Response>> NodesApi::admit(http::Request& request) {
  Entry entry = co_await enter(sessions_, request, Owner::Operator, Asks::ToWrite);
  if (entry.refusal) co_return std::move(*entry.refusal);
  if (!is_sha256(request.path_values["sha256"]))
    co_return http::problem(404, "Not found", "images are named by 64 lower-case hex digits");
  if (http::media_type(request) != "application/octet-stream") co_return not_an_image();
  if (!pace_.allows(entry.person.id) || !handing_in_.expired()) co_return too_fast(10);
  request.place = std::make_shared<int>(0);
  handing_in_ = request.place;
  co_return std::nullopt;
}

awaitable<http::Response> NodesApi::keep(http::Request request) {
  std::string sha256 = request.path_values["sha256"];
  const auto kept = co_await record_.keep_firmware(std::move(sha256), std::move(request.body));
  co_return answer_with(kept);
}

awaitable<http::Response> NodesApi::start(Person person, http::Request request) {
  auto wish = read_rollout(request.body);
  if (!wish) co_return http::problem(wish.error());
  if (!pace_.allows(person.id)) co_return too_fast(10);
  const auto started = co_await record_.start_rollout(person, std::move(*wish));
  co_return answer_with(started);
}

awaitable<http::Response> NodesApi::stop(Person person, http::Request) {
  const auto stopped = co_await record_.stop_rollout(person);
  co_return answer_with(stopped);
}

}  // namespace jieding::web
