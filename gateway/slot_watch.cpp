#include "gateway/slot_watch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/program.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds look_at_slot_every{1};
constexpr std::chrono::seconds longest_marking{30};

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

Result<void> mark_good(const std::string& program) {
  const auto ended = run_program({program, "status", "mark-good", "booted"}, longest_marking);
  if (!ended) return ended.error().in("the booted slot could not be marked good");
  if (ended->status == 0) return {};
  return Error{Fault::Unavailable, "the booted slot could not be marked good: " +
                                       first_line(ended->complaints) + "; see `rauc status`"};
}

// GCC 12: parameters, not captures.
asio::awaitable<Result<void>> mark_aside(std::string program) {
  co_return mark_good(program);
}

}  // namespace

SlotWatch::SlotWatch(Parts parts)
    : parts_(std::move(parts)), began_(parts_.clock.now()), rest_(parts_.io) {}

bool SlotWatch::shown() const {
  if (!parts_.committed()) return false;
  return parts_.connected() || parts_.clock.now() - began_ >= parts_.update.wait;
}

asio::awaitable<void> SlotWatch::rest(std::chrono::milliseconds time) {
  rest_.expires_after(time);
  co_await rest_.async_wait(as_result);
}

asio::awaitable<Result<void>> SlotWatch::mark() {
  std::string program = parts_.update.program.string();
  auto marking = mark_aside(std::move(program));
  const auto marked = co_await asio::co_spawn(aside_, std::move(marking), asio::use_awaitable);
  co_return marked;
}

asio::awaitable<Result<void>> SlotWatch::run() {
  while (!stopped_ && !marked_) {
    if (shown()) {
      const auto marked = co_await mark();
      if (!marked) co_return marked;
      marked_ = true;
      log::info("update", "the booted slot is marked good");
    } else {
      co_await rest(look_at_slot_every);
    }
  }
  while (!stopped_)
    co_await rest(std::chrono::hours{24});
  co_return Result<void>();
}

void SlotWatch::stop() {
  stopped_ = true;
  rest_.cancel();
}

}  // namespace jieding
