#include "vision/leap_watch.hpp"

#include <gtest/gtest.h>

#include <string>

namespace jieding::vision {
namespace {

constexpr int planned = 20;

std::string saved(const LeapWatch& watch) {
  BlobWriter out;
  watch.save(out);
  return out.seal();
}

/// Stopped after each picture, it goes on from what it had saved.
class Watched {
 public:
  void see(int before, double edge_before, int now, bool roof_stands = false) {
    StoreyBelief belief;
    belief.storeys = belief.low = now;
    watch_.see(before, edge_before, belief, roof_stands);
    const std::string state = saved(watch_);
    BlobReader in(state);
    watch_ = LeapWatch(planned);
    ASSERT_TRUE(watch_.restore(in) && in.at_end());
  }
  /// From 2 to 8, where the picture before showed as much.
  void leap() { see(2, 9.4, 8); }
  std::optional<int> leapt_from() const { return watch_.leapt_from(); }

 private:
  LeapWatch watch_{planned};
};

TEST(LeapWatch, CountThatLeapsToWhatThePictureBeforeShowedIsInDoubt) {
  Watched watched;
  EXPECT_FALSE(watched.leapt_from());
  watched.leap();
  EXPECT_EQ(watched.leapt_from(), 2);
  for (int i = 0; i < 20; ++i)
    watched.see(8, 9.4, 8);
  EXPECT_EQ(watched.leapt_from(), 2) << "it stands still";
}

TEST(LeapWatch, CountThatRisesAsThePicturesDoIsBelieved) {
  Watched watched;
  watched.see(2, 3.4, 8);
  EXPECT_FALSE(watched.leapt_from()) << "it rose meanwhile";
  watched.see(8, 13, 10);
  EXPECT_FALSE(watched.leapt_from()) << "two storeys are no leap";
}

TEST(LeapWatch, WhatRisesFurtherInTwoPicturesIsTheBuilding) {
  Watched watched;
  watched.leap();
  watched.see(8, 9.4, 9);
  EXPECT_EQ(watched.leapt_from(), 2);
  watched.see(9, 10.4, 9);
  EXPECT_FALSE(watched.leapt_from());
}

TEST(LeapWatch, SecondLeapIsDoubtedBackToTheCountBeforeTheFirst) {
  Watched watched;
  watched.leap();
  watched.see(8, 9.4, 9);
  watched.see(9, 13.5, 12);
  EXPECT_EQ(watched.leapt_from(), 2);
  watched.see(12, 13.5, 13);
  EXPECT_EQ(watched.leapt_from(), 2) << "what rose before the second leap counts for nothing";
}

TEST(LeapWatch, CountThatFallsBackIsInDoubtNoLonger) {
  Watched watched;
  watched.leap();
  watched.see(8, 9.4, 2);
  EXPECT_FALSE(watched.leapt_from());
}

TEST(LeapWatch, RoofEndsTheDoubt) {
  Watched watched;
  watched.leap();
  watched.see(8, 9.4, 8, true);
  EXPECT_FALSE(watched.leapt_from());
}

TEST(LeapWatch, StateThatCannotBeIsRefused) {
  LeapWatch high(planned + 1), low(planned);
  StoreyBelief belief;
  belief.storeys = planned + 1;
  high.see(planned - 2, planned + 3, belief, false);
  const std::string state = saved(high);
  BlobReader fits(state), too_high(state), torn(std::string_view(state).substr(8));
  EXPECT_TRUE(high.restore(fits));
  EXPECT_FALSE(low.restore(too_high));
  EXPECT_FALSE(low.restore(torn));
}

}  // namespace
}  // namespace jieding::vision
