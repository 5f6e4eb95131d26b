#include "gateway/supervisor.hpp"

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/spoken_end.hpp"

namespace jieding {

namespace asio = boost::asio;

namespace {

constexpr Backoff::Limits limits{};

}  // namespace

Supervisor::Supervisor(asio::any_io_executor io, const RuntimeClock& clock,
                       const BusinessClock& business_clock, Work work, std::uint64_t seed)
    : work_(std::move(work)),
      clock_(clock),
      business_clock_(business_clock),
      backoff_(limits, clock, seed),
      wait_(std::move(io)) {}

asio::awaitable<void> Supervisor::run() {
  while (!stopping_) {
    backoff_.connected();
    running_since_ = clock_.now();
    const auto ended = co_await attempt();
    if (stopping_) break;
    note_failure(ended ? "ended without being asked to" : ended.error().text());
    const auto pause = backoff_.next();
    log::error(work_.name, reason_ + "; trying again in " + std::to_string(pause.count()) + " ms");
    wait_.expires_after(pause);
    co_await wait_.async_wait(as_result);
  }
  ended_ = true;
}

/// One run, whose exceptions are errors like others.
asio::awaitable<Result<void>> Supervisor::attempt() {
  std::exception_ptr thrown;
  try {
    auto ended = co_await work_.run();
    co_return ended;
  } catch (...) {
    thrown = std::current_exception();
  }
  co_return Error{Fault::Internal, words_of(thrown)};
}

void Supervisor::stop() {
  stopping_ = true;
  wait_.cancel();
  work_.stop();
}

void Supervisor::note_failure(std::string reason) {
  if (!failing_since_ || holds()) failing_since_ = business_clock_.now().at;
  running_since_.reset();
  reason_ = std::move(reason);
}

bool Supervisor::holds() const {
  return running_since_ && clock_.now() - *running_since_ >= limits.stable_after;
}

PartHealth Supervisor::health() const {
  if (!failing_since_ || holds()) return {};
  return {running_since_ ? Health::Warning : Health::Failed, reason_, failing_since_};
}

}  // namespace jieding
