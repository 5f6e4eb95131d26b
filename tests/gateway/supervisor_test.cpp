#include "gateway/supervisor.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <new>
#include <stdexcept>

#include "gateway/runtime/spoken_end.hpp"
#include "tests/support/manual_clock.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

Instant at(int seconds) {
  return Instant(1000h) + std::chrono::seconds(seconds);
}

const Backoff::Limits limits;

/// A part that ends as each run is told to, and works on when nothing is left to be told.
class SupervisorTest : public ::testing::Test {
 protected:
  asio::awaitable<Result<void>> work() {
    ++runs_;
    const auto end = std::exchange(next_, nullptr);
    if (end) co_return end();
    stopped_.expires_at(asio::steady_timer::time_point::max());
    try {
      co_await stopped_.async_wait(asio::use_awaitable);
    } catch (const boost::system::system_error&) {
    }
    if (!supervisor_.ended() && broken_) throw std::runtime_error("no such line");
    co_return Result<void>{};
  }
  void start() { asio::co_spawn(io_, supervisor_.run(), spoken_end("test")); }
  /// Until that many runs were begun; the waits in between are real, half a second at most.
  void until_runs(int runs) {
    while (runs_ < runs)
      io_.run_one_for(5s);
  }

  asio::io_context io_{1};
  test::ManualClock clock_;
  PlaybackClock business_{at(0)};
  asio::steady_timer stopped_{io_};
  int runs_ = 0;
  bool broken_ = false;
  std::function<Result<void>()> next_;
  Supervisor supervisor_{
      io_.get_executor(), clock_, business_,
      Work{"part", "driver", [this] { return work(); }, [this] { stopped_.cancel(); }}, 7};
};

TEST_F(SupervisorTest, AnExceptionIsAnErrorLikeOthers) {
  next_ = []() -> Result<void> { throw std::runtime_error("no such line"); };
  start();
  until_runs(1);
  EXPECT_EQ(supervisor_.health().health, Health::Failed);
  EXPECT_EQ(supervisor_.health().reason, "exception: no such line");
  EXPECT_EQ(supervisor_.health().since, at(0));
  until_runs(2);
  EXPECT_FALSE(supervisor_.ended());
}

TEST_F(SupervisorTest, WhatEndsUnaskedBeginsAgain) {
  next_ = [] { return Result<void>{}; };
  start();
  until_runs(1);
  EXPECT_EQ(supervisor_.health().health, Health::Failed);
  EXPECT_EQ(supervisor_.health().reason, "ended without being asked to");
  until_runs(2);
}

TEST_F(SupervisorTest, ARunMustHoldBeforeThePartIsOkAgain) {
  next_ = []() -> Result<void> { return Error{Fault::Unavailable, "port is taken"}; };
  start();
  until_runs(2);
  EXPECT_EQ(supervisor_.health().health, Health::Warning);
  EXPECT_EQ(supervisor_.health().reason, "port is taken");
  clock_.advance(limits.stable_after - 1s);
  EXPECT_EQ(supervisor_.health().health, Health::Warning);
  clock_.advance(1s);
  EXPECT_EQ(supervisor_.health().health, Health::Ok);
  EXPECT_EQ(supervisor_.health().reason, "");
  EXPECT_FALSE(supervisor_.health().since);
}

TEST_F(SupervisorTest, SinceIsWhenTheTroubleBeganNotTheLastOfIt) {
  broken_ = true;
  start();
  until_runs(1);
  EXPECT_EQ(supervisor_.health().health, Health::Ok);
  for (int run = 1; run <= 3; ++run) {
    business_.move_to(at(run));
    stopped_.cancel();
    until_runs(run + 1);
    EXPECT_EQ(supervisor_.health().since, at(1));
  }
  clock_.advance(1h);  // it held; what comes now is new trouble
  business_.move_to(at(50));
  stopped_.cancel();
  until_runs(5);
  EXPECT_EQ(supervisor_.health().since, at(50));
}

TEST_F(SupervisorTest, AStoppedPartIsNotRunAgain) {
  start();
  until_runs(1);
  supervisor_.stop();
  io_.run_for(5s);
  EXPECT_TRUE(supervisor_.ended());
  EXPECT_EQ(runs_, 1);
}

TEST_F(SupervisorTest, StopEndsTheWaitForTheNextRunToo) {
  next_ = []() -> Result<void> { throw std::bad_alloc(); };
  start();
  until_runs(1);
  supervisor_.stop();
  io_.run_for(5s);
  EXPECT_TRUE(supervisor_.ended());
  EXPECT_EQ(runs_, 1);
}

}  // namespace
}  // namespace jieding
