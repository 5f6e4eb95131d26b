#include "gateway/silence_watch.hpp"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.hpp"

namespace jieding {
namespace {

using namespace std::chrono_literals;

class SilenceWatchTest : public ::testing::Test {
 protected:
  static config::Config site() {
    config::Config config;
    auto& dust = config.devices.emplace_back();
    dust.id = "dust-1";
    dust.silent_after = 10min;
    auto& unwatched = config.devices.emplace_back();
    unwatched.id = "gate";
    unwatched.silent_after = 0ms;
    auto& mast = config.cameras.emplace_back();
    mast.id = "mast";
    mast.driver = "folder";
    mast.silent_after = 1h;
    auto& replayed = config.cameras.emplace_back();  // nobody brings its pictures here
    replayed.id = "replayed";
    replayed.silent_after = 1min;
    return config;
  }
  /// Looks every second for so long; what is found is told at once. "+dust-1 -dust-1"
  std::string watch(std::chrono::seconds time) {
    std::string found;
    for (const auto end = clock_.now() + time; clock_.now() < end;) {
      clock_.advance(1s);
      for (const auto& change : watch_.changes()) {
        found += (found.empty() ? "" : " ") + std::string(change.silent ? "+" : "-") + change.unit;
        watch_.told(change);
      }
    }
    return found;
  }

  test::ManualClock clock_;
  config::Config config_ = site();
  SilenceWatch watch_{config_, clock_};
};

TEST_F(SilenceWatchTest, SilenceIsToldOnceAndItsEndOnce) {
  EXPECT_EQ(watch(10min), "");
  EXPECT_EQ(watch(1s), "+dust-1");
  EXPECT_EQ(watch(40min), "");
  watch_.heard("dust-1");
  EXPECT_EQ(watch(10min), "-dust-1 +mast");
  EXPECT_EQ(watch(1s), "+dust-1");
}

TEST_F(SilenceWatchTest, WhoSpeaksInTimeIsNotSilent) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(watch(9min), i == 6 ? "+mast" : "");
    watch_.heard("dust-1");
  }
}

TEST_F(SilenceWatchTest, ANewStartNeitherRepeatsNorForgetsASilence) {
  watch_.recall_silent("dust-1");
  EXPECT_EQ(watch(50min), "");
  watch_.heard("dust-1");
  EXPECT_EQ(watch(1s), "-dust-1");
}

TEST_F(SilenceWatchTest, TimeInWhichTheBoxWasStoppedDoesNotCount) {
  EXPECT_EQ(watch(9min), "");
  clock_.advance(5h);  // asleep: nobody could be heard
  EXPECT_EQ(watch(60s), "");
  EXPECT_EQ(watch(2s), "+dust-1");
}

TEST_F(SilenceWatchTest, AChangeThatCouldNotBeWrittenIsSaidAgain) {
  watch(600s);
  clock_.advance(1s);
  ASSERT_EQ(watch_.changes().size(), 1u);
  clock_.advance(1s);
  const auto again = watch_.changes();
  ASSERT_EQ(again.size(), 1u);
  watch_.heard("dust-1");  // while it is written
  watch_.told(again[0]);
  EXPECT_EQ(watch(1s), "-dust-1");
}

TEST_F(SilenceWatchTest, WhatIsNoLongerWatchedIsCleared) {
  watch_.recall_silent("gate");
  EXPECT_EQ(watch(1s), "-gate");
}

TEST_F(SilenceWatchTest, WhoIsNotConfiguredIsNoUnit) {
  watch_.heard("nobody");
  watch_.recall_silent("nobody");
  EXPECT_EQ(watch(1s), "");
}

}  // namespace
}  // namespace jieding
