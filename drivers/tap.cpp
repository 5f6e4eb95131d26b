#include "drivers/tap.hpp"

#include <utility>

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds connect_limit{5000};
constexpr Backoff::Limits line_backoff{milliseconds{500}, milliseconds{30'000},
                                       milliseconds{30'000}};

}  // namespace

Tap::Tap(const asio::any_io_executor& io, const BusinessClock& clock, Intake& intake, Plan plan,
         Take take, std::uint64_t seed)
    : plan_(std::move(plan)),
      clock_(clock),
      intake_(intake),
      take_(std::move(take)),
      link_(io, plan_.address),
      pause_(io),
      backoff_(line_backoff, runtime_, seed) {}

asio::awaitable<void> Tap::run() {
  stopping_ = false;
  while (!stopping_) {
    const auto opened = co_await link_.open(runtime_.now() + connect_limit);
    if (stopping_) break;
    if (opened) {
      co_await listen();
    } else {
      broken(opened.error().text());
    }
    if (stopping_) break;
    pause_.expires_after(backoff_.next());
    co_await pause_.async_wait(as_result);
  }
  link_.close();
}

void Tap::stop() {
  stopping_ = true;
  pause_.cancel();
  link_.close();
}

/// Until the line breaks.
asio::awaitable<void> Tap::listen() {
  backoff_.connected();
  if (down_since_) {
    log::info(plan_.component, link_.where() + " is back");
    intake_.health({plan_.device, Health::Ok, ""});
    down_since_.reset();
  }
  while (!stopping_) {
    auto bytes = co_await link_.read(runtime_.now() + plan_.patience);
    if (stopping_) co_return;
    if (!bytes) {
      broken(bytes.error().text());
      co_await take_({});
      co_return;
    }
    co_await take_(std::move(*bytes));
  }
}

void Tap::broken(const std::string& why) {
  link_.close();
  if (!down_since_) {
    down_since_ = clock_.now().at;
    log::warning(plan_.component, plan_.device + ": " + why);
  }
  intake_.health({plan_.device, Health::Failed, why, down_since_});
}

}  // namespace jieding::drivers
