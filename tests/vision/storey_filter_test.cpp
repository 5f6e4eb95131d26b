#include "vision/storey_filter.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace jieding::vision {
namespace {

constexpr int planned = 12;

FacadeSetup tower(Scaffold scaffold, int at_start = 0) {
  FacadeSetup out;
  out.building = "b1";
  out.storeys = planned;
  out.scaffold = scaffold;
  out.storeys_at_start = at_start;
  return out;
}

/// Rows as a picture with one clear top edge at this height would give them.
RowEvidence top_at(double height) {
  RowEvidence out;
  const int rows = (planned + storeys_above_roof) * rows_per_storey;
  for (int y = 0; y < rows; ++y) {
    out.top_score.push_back(-std::abs(y - height * rows_per_storey));
    out.timber.push_back(0);
    out.solid.push_back(0);
  }
  return out;
}

RowEvidence nothing() {
  RowEvidence out = top_at(0);
  for (double& score : out.top_score)
    score = 0;
  return out;
}

TEST(StoreyFilter, FollowsAClimbingPlatform) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (int i = 0; i < 3; ++i)
    filter.see(top_at(0));
  for (int n = 1; n <= planned; ++n) {
    for (int i = 0; i < 2; ++i)
      filter.see(top_at(n + 1.45));
    EXPECT_EQ(filter.belief().storeys, n);
  }
  EXPECT_LT(filter.belief().topped_out, 0.05);
  for (int i = 0; i < 4; ++i)
    filter.see(top_at(planned + 0.55));
  EXPECT_GT(filter.belief().topped_out, 0.95);
}

TEST(StoreyFilter, RoofOutOfThePictureIsNeverToppedOut) {
  StoreyFilter filter(tower(Scaffold::Climbing, planned), {{5, 1}}, false);
  for (int i = 0; i < 100; ++i)
    filter.see(nothing());
  EXPECT_LT(filter.belief().topped_out, 1e-3);
}

TEST(StoreyFilter, PitAndItsRimAreNoStorey) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (const double rim : {1.7, 0.5, 1.5, 2.0, 0.0, 1.2})
    filter.see(top_at(rim));
  EXPECT_EQ(filter.belief().storeys, 0);
}

TEST(StoreyFilter, SingleWildPictureIsForgiven) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (int n = 0; n <= 4; ++n)
    for (int i = 0; i < 3; ++i)
      filter.see(top_at(n == 0 ? 0 : n + 1.45));
  filter.see(top_at(11.3));
  EXPECT_EQ(filter.belief().storeys, 4);
  filter.see(top_at(1.0));
  EXPECT_EQ(filter.belief().storeys, 4);
}

TEST(StoreyFilter, EmptyEvidenceIsNoStepForward) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (int i = 0; i < 3; ++i)
    filter.see(top_at(0));
  for (int i = 0; i < 4; ++i)
    filter.see(nothing());
  EXPECT_LE(filter.belief().storeys, 1);
}

/// A climbing platform that has followed the building up to `storeys`.
StoreyFilter risen_to(int storeys) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (int i = 0; i < 3; ++i)
    filter.see(top_at(0));
  for (int n = 1; n <= storeys; ++n)
    for (int i = 0; i < 2; ++i)
      filter.see(top_at(n + 1.45));
  return filter;
}

TEST(StoreyFilter, SpringFestivalIsNoToppingOut) {
  for (int storeys = 1; storeys <= planned - 2; ++storeys) {
    StoreyFilter filter = risen_to(storeys);
    for (int i = 0; i < 40; ++i) {
      filter.see(top_at(storeys + 1.45));
      EXPECT_LT(filter.belief().topped_out, 0.05) << storeys << " storeys, picture " << i;
    }
    EXPECT_EQ(filter.belief().storeys, storeys);
    filter.see(top_at(storeys + 1 + 1.45));
    filter.see(top_at(storeys + 1 + 1.45));
    EXPECT_EQ(filter.belief().storeys, storeys + 1) << "work goes on";
  }
}

TEST(StoreyFilter, StopWorkWithThePlatformTakenDownIsNoToppingOut) {
  for (int storeys = 2; storeys <= planned - 2; ++storeys) {
    StoreyFilter filter = risen_to(storeys);
    for (int i = 0; i < 120; ++i) {
      filter.see(top_at(storeys));
      EXPECT_LT(filter.belief().topped_out, 0.05) << storeys << " storeys, picture " << i;
    }
  }
}

TEST(StoreyFilter, LateCameraStartsFromWhatStands) {
  StoreyFilter filter(tower(Scaffold::Wrapped, 6), {{5, 1}}, true);
  filter.see(top_at(6.95));
  EXPECT_EQ(filter.belief().storeys, 6);
}

TEST(StoreyFilter, ConfirmedCountTeachesHowFarTheScaffoldRunsAhead) {
  // Half a storey between two readings: six with a low platform, or five with a high one.
  const double between = 6 + 1.45 - 0.5;
  StoreyFilter told(tower(Scaffold::Climbing, 6), {{0, 1}}, true), left_alone(told);
  for (int i = 0; i < 3; ++i) {
    told.see(top_at(between));
    left_alone.see(top_at(between));
  }
  ASSERT_EQ(left_alone.belief().storeys, 6);
  told.confirm(5);
  EXPECT_EQ(told.belief().storeys, 5);
  for (int i = 0; i < 3; ++i) {
    told.see(top_at(between + 2));
    left_alone.see(top_at(between + 2));
  }
  EXPECT_EQ(told.belief().storeys, 7) << "what was learned holds for later storeys";
  EXPECT_EQ(left_alone.belief().storeys, 8);
}

TEST(StoreyFilter, ClimbingPlatformThatIsLoweredIsTheRoofOnlyAfterTheLastStorey) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (int n = 0; n < planned; ++n)
    for (int i = 0; i < 2; ++i)
      filter.see(top_at(n == 0 ? 0 : n + 1.45));
  for (int i = 0; i < 12; ++i)
    filter.see(top_at(planned - 1 + 1.45));
  EXPECT_LT(filter.belief().topped_out, 0.5) << "a winter's stop below the roof is no topping-out";
}

TEST(StoreyFilter, RestoreRefusesWhatIsNoBelief) {
  StoreyFilter filter(tower(Scaffold::None), {{5, 1}}, true);
  auto weights = filter.weights();
  EXPECT_TRUE(filter.restore(weights));
  weights[0] = std::nan("");
  EXPECT_FALSE(filter.restore(weights));
  EXPECT_FALSE(filter.restore({1.0}));
}

}  // namespace
}  // namespace jieding::vision
