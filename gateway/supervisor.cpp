#include "gateway/supervisor.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/runtime/log.hpp"

namespace jieding {

namespace asio = boost::asio;

Supervisor::Supervisor(asio::any_io_executor io, const RuntimeClock& clock,
                       const drivers::DriverType& type, std::unique_ptr<drivers::Driver> driver,
                       std::uint64_t seed)
    : name_(type.name),
      listens_(std::any_of(type.settings.begin(), type.settings.end(),
                           [](const config::Key& key) { return key.name == "listen"; })),
      driver_(std::move(driver)),
      backoff_({}, clock, seed),
      wait_(io) {}

asio::awaitable<void> Supervisor::run() {
  while (!stopping_) {
    backoff_.connected();
    const auto ended = co_await driver_->run();
    if (stopping_ || ended) break;
    const auto pause = backoff_.next();
    log::error(name_,
               ended.error().text() + "; trying again in " + std::to_string(pause.count()) + " ms");
    wait_.expires_after(pause);
    co_await wait_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  ended_ = true;
}

void Supervisor::stop() {
  stopping_ = true;
  wait_.cancel();
  driver_->stop();
}

}  // namespace jieding
