#include "gateway/rollout_work.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/spoken_end.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
constexpr std::chrono::hours long_time{24};
constexpr std::chrono::hours look_round_every{1};

// GCC 12 destroys some aggregates that are built inside a coroutine twice: plain functions build
// them, and what runs aside takes parameters, not captures.
sync::RolloutStep step_of(std::uint64_t rollout, std::string node, NodeStep step,
                          std::string reason, Stamp now) {
  return {rollout, std::move(node), step, std::move(reason), now};
}

UpdateTerms terms_of(std::optional<std::uint32_t> least_counter, bool allow_older) {
  return {least_counter, allow_older};
}

struct UpdateCall {
  const NodePrograms* programs;
  config::Node node;
  std::filesystem::path image;
  UpdateTerms terms;
  std::function<void(const UpdateNews&)> hear;
  std::stop_token stop;
};

asio::awaitable<Result<void>> update_aside(UpdateCall call) {
  co_return call.programs->update(call.image, call.node, call.terms, call.hear, call.stop);
}

struct LookCall {
  const NodePrograms* programs;
  config::Node node;
  std::stop_token stop;
};

asio::awaitable<Result<NodeRuns>> look_aside(LookCall call) {
  co_return call.programs->runs(call.node, call.stop);
}

NodeHeard heard_of(const Result<NodeRuns>& runs, Instant now) {
  return {now, runs ? std::optional(*runs) : std::nullopt};
}

/// Once the image lies in the node it is quicker to end well than to stop.
bool image_is_in(const NodeProgress* node) {
  return node != nullptr && node->step && *node->step >= NodeStep::Sent;
}

}  // namespace

RolloutWork::RolloutWork(Parts parts) : parts_(std::move(parts)), bell_(parts_.io) {
  parts_.rollouts.on_change([this] { changed(); });
}

bool RolloutWork::told_to_stop(const Rollout& rollout) const {
  return rollout.status == RolloutStatus::Stopping && !image_is_in(rollout.next());
}

void RolloutWork::changed() {
  const auto& newest = parts_.rollouts.now().newest;
  if (update_ && newest && told_to_stop(*newest)) update_->stop.request_stop();
  if (newest && newest->open()) look_.request_stop();
  bell_.cancel();
}

void RolloutWork::stop() {
  stopped_ = true;
  if (update_) update_->stop.request_stop();
  look_.request_stop();
  bell_.cancel();
}

/// Ends early when a rollout begins or the gateway stops.
asio::awaitable<void> RolloutWork::look_round() {
  look_ = std::stop_source();
  for (const config::Node& node : parts_.rollouts.all_nodes()) {
    LookCall call{&parts_.programs, node, look_.get_token()};
    auto looking = look_aside(std::move(call));
    const auto runs = co_await asio::co_spawn(aside_, std::move(looking), asio::use_awaitable);
    if (look_.stop_requested()) co_return;
    parts_.rollouts.show_heard(node.id, heard_of(runs, parts_.clock.now().at));
  }
  next_look_ = std::chrono::steady_clock::now() + look_round_every;
}

asio::awaitable<void> RolloutWork::rest() {
  bell_.expires_at(next_look_);
  co_await bell_.async_wait(as_result);
}

asio::awaitable<Result<void>> RolloutWork::run() {
  const auto& newest = parts_.rollouts.now().newest;
  if (newest && newest->open())
    log::info("rollout", "rollout " + std::to_string(newest->id) + " goes on");
  while (!stopped_) {
    if (newest && newest->open()) {
      Rollout rollout = *newest;
      const auto brought = co_await bring(std::move(rollout));
      if (!brought) co_return brought;
      next_look_ = {};
    } else if (std::chrono::steady_clock::now() >= next_look_) {
      co_await look_round();
    } else {
      co_await rest();
    }
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> RolloutWork::step(std::uint64_t rollout, std::string node,
                                                NodeStep step, std::string reason) {
  if (step == NodeStep::Failed) log::warning("rollout", "node " + node + ": " + reason);
  sync::RolloutStep word =
      step_of(rollout, std::move(node), step, std::move(reason), parts_.clock.now());
  co_return co_await parts_.rollouts.step(std::move(word));
}

/// The node whose turn it is, to its end.
asio::awaitable<Result<void>> RolloutWork::bring(Rollout rollout) {
  const NodeProgress* next = rollout.next();
  if (next == nullptr) co_return Error(Fault::Internal, "an open rollout has no node left");
  if (told_to_stop(rollout))
    co_return co_await step(rollout.id, next->node, NodeStep::Failed,
                            "stopped before the image was in the node");
  if (!next->step) {
    const auto begun = co_await step(rollout.id, next->node, NodeStep::Begun);
    if (!begun) co_return begun;
  }
  const config::Node* node = parts_.rollouts.node(next->node);
  if (node == nullptr)
    co_return co_await step(rollout.id, next->node, NodeStep::Failed,
                            "the node is no longer in the configuration");
  const auto least = co_await parts_.rollouts.least_counter(*node);
  if (!least) co_return least.error();
  begin(*node, rollout.image.sha256, terms_of(*least, rollout.allow_older));
  const auto watched = co_await watch(rollout.id);
  const Result<void> ended = *update_->ended;
  update_.reset();
  if (!watched || stopped_) co_return watched;
  co_return co_await conclude(rollout.id, next->node, ended);
}

void RolloutWork::begin(const config::Node& node, const std::string& image, UpdateTerms terms) {
  update_.emplace();
  update_->node = node.id;
  parts_.rollouts.show_percent(0);
  const auto hear = [this](const UpdateNews& news) {
    asio::post(parts_.io, [this, news] {
      if (update_) update_->news.push_back(news);
      bell_.cancel();
    });
  };
  const auto on_end = [this](const std::exception_ptr& thrown, Result<void> ended) {
    update_->ended =
        thrown ? Result<void>(Error{Fault::Internal, words_of(thrown)}) : std::move(ended);
    bell_.cancel();
  };
  UpdateCall call{&parts_.programs,         node, parts_.shelf.file_of(image), terms, hear,
                  update_->stop.get_token()};
  asio::co_spawn(aside_, update_aside(std::move(call)), asio::bind_executor(parts_.io, on_end));
}

/// Until the child has ended. What cannot be stored ends the child: nothing may run ahead of the
/// record.
asio::awaitable<Result<void>> RolloutWork::watch(std::uint64_t rollout) {
  Result<void> stored;
  while (!update_->ended || !update_->news.empty()) {
    if (update_->news.empty()) {
      bell_.expires_after(long_time);
      co_await bell_.async_wait(as_result);
      continue;
    }
    const UpdateNews news = update_->news.front();
    update_->news.pop_front();
    parts_.rollouts.show_percent(news.percent);
    const auto& newest = parts_.rollouts.now().newest;
    const bool further = news.step && *news.step < NodeStep::Confirmed &&
                         may_step(*newest, update_->node, *news.step);
    if (!further || !stored) continue;
    const auto stepped = co_await step(rollout, update_->node, *news.step);
    if (!stepped) {
      stored = stepped;
      update_->stop.request_stop();
    }
  }
  co_return stored;
}

asio::awaitable<Result<void>> RolloutWork::conclude(std::uint64_t rollout, std::string node,
                                                    Result<void> ended) {
  if (ended) co_return co_await step(rollout, std::move(node), NodeStep::Confirmed);
  const auto& newest = parts_.rollouts.now().newest;
  std::string reason = newest && told_to_stop(*newest) ? "stopped before the image was in the node"
                                                       : ended.error().text();
  co_return co_await step(rollout, std::move(node), NodeStep::Failed, std::move(reason));
}

}  // namespace jieding
