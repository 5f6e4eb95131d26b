#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

#include "sync/journal.hpp"

namespace jieding::sync::test {

/// The io thread of a test: runs one awaitable to its end, on the caller's thread.
class Loop {
 public:
  boost::asio::any_io_executor executor() { return io_.get_executor(); }

  template <class T>
  Result<T> run(boost::asio::awaitable<Result<T>> work) {
    std::optional<Result<T>> got;
    start<T>(std::move(work), [&](Result<T> result) { got.emplace(std::move(result)); });
    run_all();
    return std::move(*got);
  }

  /// Starts without waiting; `done` is called on io.
  template <class T>
  void start(boost::asio::awaitable<Result<T>> work, std::function<void(Result<T>)> done) {
    boost::asio::co_spawn(io_, std::move(work),
                          [done = std::move(done)](std::exception_ptr thrown, Result<T> result) {
                            if (thrown) std::rethrow_exception(thrown);
                            done(std::move(result));
                          });
  }
  void run_all() {
    io_.restart();
    io_.run();
  }
  /// Runs what is ready.
  void poll() {
    io_.restart();
    io_.poll();
  }

 private:
  boost::asio::io_context io_{1};
};

}  // namespace jieding::sync::test
