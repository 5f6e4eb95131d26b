#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <functional>
#include <optional>

#include "gateway/domain/result.hpp"

namespace jieding::tools {

/// Turns the wheel until `work` has ended; Ctrl-C, SIGTERM and the end of `longest` call `stop`.
template <class T>
Result<T> until_stopped(boost::asio::io_context& io, boost::asio::awaitable<Result<T>> work,
                        std::optional<std::chrono::milliseconds> longest,
                        const std::function<void()>& stop) {
  const auto on_end = [&](const boost::system::error_code& cancelled) {
    if (!cancelled) stop();
  };
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& cancelled, int) { on_end(cancelled); });
  boost::asio::steady_timer limit(io);
  if (longest) {
    limit.expires_after(*longest);
    limit.async_wait(on_end);
  }
  std::optional<Result<T>> outcome;
  boost::asio::co_spawn(io, std::move(work),
                        [&](const std::exception_ptr& failed, Result<T> ended) {
                          signals.cancel();
                          limit.cancel();
                          if (failed) std::rethrow_exception(failed);
                          outcome = std::move(ended);
                        });
  io.run();
  return std::move(*outcome);
}

}  // namespace jieding::tools
