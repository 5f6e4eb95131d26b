#pragma once
// One box as the tests see it: a real store in a temporary folder and an uplink, both on one io
// context that the test turns by waiting for conditions.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/runtime/clock.hpp"
#include "sync/store.hpp"
#include "sync/uplink.hpp"

namespace jieding::test {

/// Turns io until something is so. Generous: a test fails by it only when something is wrong.
template <class Condition>
bool until(boost::asio::io_context& io, Condition condition,
           std::chrono::seconds most = std::chrono::seconds{30}) {
  const auto deadline = std::chrono::steady_clock::now() + most;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    io.restart();
    io.run_for(std::chrono::milliseconds{2});
  }
  return true;
}

class Box {
 public:
  explicit Box(boost::asio::io_context& io) : io_(io) {
    options_.site = "hz-demo";
    options_.alert_limits = {moment_limit()};
  }
  ~Box();

  /// Everything fast and patient: waits are short, time-outs that a test does not ask for are long.
  static sync::Uplink::Options quick(int port);

  void open(std::filesystem::path folder);
  void close();
  void start(sync::Uplink::Options options);
  void stop();

  sync::Store& store() { return *store_; }
  sync::Uplink& uplink() { return *uplink_; }
  bool ended() const { return ended_; }

  /// The result of an awaitable of the store.
  template <class T>
  T wait(boost::asio::awaitable<T> work) {
    std::optional<T> result;
    boost::asio::co_spawn(io_, std::move(work), [&result](std::exception_ptr, T value) {
      result.emplace(std::move(value));
    });
    until(io_, [&result] { return result.has_value(); });
    return std::move(*result);
  }

  void append_events(int count);                         ///< milestone events
  void put_readings(int count);                          ///< each newer than all before
  void put_frame(int storeys, const std::string& jpeg);  ///< a state of b1 and, if any, a picture
  void silence(const std::string& device, bool raised);
  void find_and_close();                       ///< a finding in three events, with a photo
  void pass_limit(const std::string& device);  ///< with a reading
  std::uint64_t receipted();                   ///< as stored

 private:
  static Limit moment_limit();

  boost::asio::io_context& io_;
  sync::Store::Options options_;
  SystemClock business_clock_;
  RuntimeClock clock_;
  std::unique_ptr<sync::Store> store_;
  std::unique_ptr<sync::Uplink> uplink_;
  bool ended_ = true;
  int readings_ = 0;
  int frames_ = 0;
};

}  // namespace jieding::test
