#include "drivers/pushed_driver.hpp"

#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers {

namespace asio = boost::asio;

PushedDriver::PushedDriver(const asio::any_io_executor& io)
    : stopped_(io, asio::steady_timer::time_point::max()) {}

asio::awaitable<Result<void>> PushedDriver::run() {
  while (!stopping_)
    co_await stopped_.async_wait(as_result);
  co_return Result<void>{};
}

void PushedDriver::stop() {
  stopping_ = true;
  stopped_.cancel();
}

}  // namespace jieding::drivers
