#include "gateway/rollout_desk.hpp"

#include <boost/json/serialize.hpp>

#include "gateway/rollout_json.hpp"
#include "gateway/runtime/as_result.hpp"
#include "gateway/web/rollout_input.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::chrono::seconds look_every{1};

Asker command_line() {
  return {Owner::Operator, "command line"};
}

std::string answer_from(const Result<Rollout>& rollout) {
  if (rollout)
    return json::serialize(json::object{{"ok", true}, {"rollout", rollout_json(*rollout, 0)}});
  return json::serialize(json::object{{"ok", false}, {"error", rollout.error().text()}});
}

}  // namespace

asio::awaitable<std::string> RolloutDesk::answer_to(std::string asked) {
  if (asked == "stop") {
    const auto stopped = co_await rollouts_.stop(command_line());
    co_return answer_from(stopped);
  }
  auto wish = web::read_rollout(asked);
  if (!wish) co_return answer_from(wish.error());
  const auto started = co_await rollouts_.start(command_line(), std::move(*wish));
  co_return answer_from(started);
}

asio::awaitable<Result<void>> RolloutDesk::run() {
  const auto forgotten = co_await book_.forget_orders();
  if (!forgotten) co_return forgotten;
  while (!stopped_) {
    const auto order = co_await book_.next_order();
    if (!order) co_return order.error();
    if (*order) {
      std::string said = co_await answer_to((*order)->asked);
      const auto answered = co_await book_.answer_order((*order)->id, std::move(said));
      if (!answered) co_return answered;
      continue;
    }
    rest_.expires_after(look_every);
    co_await rest_.async_wait(as_result);
  }
  co_return Result<void>();
}

void RolloutDesk::stop() {
  stopped_ = true;
  rest_.cancel();
}

}  // namespace jieding
