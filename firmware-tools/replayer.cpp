#include "firmware-tools/replayer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "gateway/runtime/as_result.hpp"

namespace jieding::tools {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A peer that has begun to answer otherwise than recorded is done when it is quiet for so long.
constexpr milliseconds quiet{200};
/// At the end its last word is waited for so long, and what lies in a pty for as long as this.
constexpr milliseconds last_word{500};
constexpr milliseconds longest_unread{10'000};

}  // namespace

Replayer::Replayer(const asio::any_io_executor& io, const Recording& recording, Port& port,
                   Play play)
    : io_(io), recording_(recording), port_(port), play_(play), timer_(io) {}

void Replayer::stop() {
  stopping_ = true;
  port_.shut();
  timer_.cancel();
}

bool Replayer::is_ours(Happening what) const {
  return what == (play_.as_gateway ? Happening::ToDevice : Happening::FromDevice);
}

asio::awaitable<Result<Played>> Replayer::run() {
  origin_ = steady_clock::now();
  Result<void> outcome;
  for (const Event& event : recording_.events) {
    if (!first_) first_ = event.at;
    outcome = co_await step(event);
    if (!outcome || stopping_) break;
  }
  if (outcome && !stopping_) outcome = co_await await_turn();
  if (outcome && !stopping_) co_await await_rest();
  co_await hang_up();
  if (!outcome) co_return outcome.error();
  co_return played_;
}

asio::awaitable<Result<void>> Replayer::step(const Event& event) {
  if (event.what == Happening::Opened) co_return Result<void>{};  // with its first word
  if (event.what != Happening::Closed && !is_ours(event.what)) {
    turn_ += event.bytes;
    auto opened = co_await ready();
    co_return opened;
  }
  auto answered = co_await await_turn();
  if (!answered) co_return answered;
  if (event.at && play_.speed > 0) {
    const auto offset = std::chrono::duration<double>(*event.at - *first_) / play_.speed;
    const auto due = origin_ + std::chrono::duration_cast<steady_clock::duration>(offset);
    while (!stopping_ && steady_clock::now() < due)
      co_await pause_until(due);
  }
  if (event.what == Happening::Closed) {
    co_await hang_up();
    co_return Result<void>{};
  }
  auto opened = co_await ready();
  if (!opened || stopping_) co_return opened;
  auto written = co_await port_.write(event.bytes);
  if (!written) co_return written;
  ++played_.chunks;
  played_.bytes += event.bytes.size();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Replayer::ready() {
  if (open_) co_return Result<void>{};
  const auto before = steady_clock::now();
  auto opened = co_await port_.open();
  if (!opened) co_return opened;
  origin_ += steady_clock::now() - before;
  open_ = true;
  left_ = false;
  listening_ = true;
  asio::co_spawn(io_, listen(), [this](const std::exception_ptr&) {
    listening_ = false;
    timer_.cancel();
  });
  co_return Result<void>{};
}

asio::awaitable<void> Replayer::hang_up() {
  port_.close();
  open_ = false;
  while (listening_) {
    timer_.expires_at(steady_clock::time_point::max());
    co_await timer_.async_wait(as_result);
  }
}

asio::awaitable<void> Replayer::listen() {
  while (!stopping_ && open_) {
    auto came = co_await port_.read();
    if (!came || came->empty()) break;
    played_.heard += came->size();
    said_ += *came;
    if (!play_.patience) said_.clear();
    timer_.cancel();
  }
  left_ = true;
}

/// Until the peer has said as much as it did then, or has begun and fallen silent.
asio::awaitable<Result<void>> Replayer::await_turn() {
  const std::string wanted = std::exchange(turn_, {});
  if (!play_.patience || wanted.empty()) co_return Result<void>{};
  const auto begun = steady_clock::now();
  const auto deadline = begun + *play_.patience;
  auto grown = begun;
  std::size_t size = said_.size();
  while (!stopping_ && !left_ && said_.size() < wanted.size() && steady_clock::now() < deadline) {
    if (said_.size() != size) grown = steady_clock::now();
    size = said_.size();
    const auto until = size == 0 ? deadline : std::min(deadline, grown + quiet);
    if (steady_clock::now() >= until) break;
    co_await pause_until(until);
  }
  origin_ += steady_clock::now() - begun;
  const std::string said = std::exchange(said_, {});
  if (said.empty() && !stopping_) {
    co_return Error{Fault::Unavailable, "after " + std::to_string(played_.chunks) + " chunks " +
                                            port_.where() + (left_ ? " left" : " gave no answer")};
  }
  ++played_.turns;
  if (said == wanted) ++played_.as_recorded;
  co_return Result<void>{};
}

asio::awaitable<void> Replayer::await_rest() {
  const auto begun = steady_clock::now();
  while (open_ && !left_ && !stopping_ && steady_clock::now() < begun + last_word)
    co_await pause_until(begun + last_word);
  while (port_.unread() > 0 && !stopping_ && steady_clock::now() < begun + longest_unread)
    co_await pause_until(steady_clock::now() + milliseconds{10});
}

/// Ends early when something came or changed.
asio::awaitable<void> Replayer::pause_until(Time when) {
  if (stopping_ || when <= steady_clock::now()) co_return;
  timer_.expires_at(when);
  co_await timer_.async_wait(as_result);
}

}  // namespace jieding::tools
