#include "vision/storey_filter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "vision/strip.hpp"

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
  out.top = height;
  return out;
}

RowEvidence nothing() {
  RowEvidence out = top_at(0);
  for (double& score : out.top_score)
    score = 0;
  return out;
}

/// A picture where nothing stands for sure. `day`: where the date matters.
void see(StoreyFilter& filter, const RowEvidence& rows, double day = 0) {
  filter.see(rows, day, {});
}

std::string saved(const StoreyFilter& filter) {
  BlobWriter out;
  filter.save(out);
  return out.seal();
}

bool restored(StoreyFilter& filter, const std::vector<float>& weights,
              const std::vector<double>& topped_at, const std::vector<double>& rim) {
  BlobWriter out;
  out.put(weights);
  out.put(topped_at);
  out.put(std::vector<double>(topped_at.size(), 0));
  out.put(rim);
  const std::string blob = out.seal();
  BlobReader in(blob);
  return filter.restore(in);
}

TEST(StoreyFilter, FollowsAClimbingPlatform) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (int i = 0; i < 3; ++i)
    see(filter, top_at(0));
  for (int n = 1; n <= planned; ++n) {
    for (int i = 0; i < 2; ++i)
      see(filter, top_at(n + 1.45));
    EXPECT_EQ(filter.belief().storeys, n);
  }
  EXPECT_LT(filter.belief().topped_out, 0.05);
  for (int i = 0; i < 4; ++i)
    see(filter, top_at(planned + 0.55));
  EXPECT_GT(filter.belief().topped_out, 0.95);
}

TEST(StoreyFilter, WhatRisesOnABaseIsSoonerBelievedThanWhatRisesOnBareGround) {
  const auto odds = [](bool base) {
    StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
    for (int i = 0; i < 6; ++i)
      filter.see(top_at(0), 0, {.base = base});
    EXPECT_LT(filter.belief().at_least[1], 0.1) << "a base is no storey";
    filter.see(top_at(2.4), 0, {.base = base});
    const double built = filter.belief().at_least[1];
    return built / (1 - built);
  };
  EXPECT_GT(odds(true), 2 * odds(false));
}

TEST(StoreyFilter, RoofOutOfThePictureIsNeverToppedOut) {
  StoreyFilter filter(tower(Scaffold::Climbing, planned), {{5, 1}}, false);
  for (int i = 0; i < 100; ++i)
    see(filter, nothing());
  EXPECT_LT(filter.belief().topped_out, 1e-3);
}

TEST(StoreyFilter, PitAndItsRimAreNoStorey) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (const double rim : {1.7, 0.5, 1.5, 2.0, 0.0, 1.2})
    see(filter, top_at(rim));
  EXPECT_EQ(filter.belief().storeys, 0);
}

TEST(StoreyFilter, RimThatStaysForMonthsIsNoScaffold) {
  for (const Scaffold scaffold : {Scaffold::Climbing, Scaffold::Wrapped, Scaffold::None}) {
    StoreyFilter filter(tower(scaffold), {{5, 1}}, true);
    for (int i = 0; i < 3; ++i)
      see(filter, top_at(0));
    for (int i = 0; i < 25; ++i)
      see(filter, top_at(2.0));
    EXPECT_EQ(filter.belief().storeys, 0);
    for (const double top : {3.0, 3.95})
      see(filter, top_at(top));
    EXPECT_GT(filter.belief().storeys, 1);
  }
}

/// Half a storey of deck under a far rim that shows to 3.7 storeys would explain it as well.
TEST(StoreyFilter, LongStopOfAFewStoreysIsNoEmptySite) {
  StoreyFilter filter(tower(Scaffold::None, 2), {{9.8, 1}, {12.2, 1}}, true);
  RowEvidence deck = top_at(3.65);
  for (double& timber : deck.timber)
    timber = 1;
  for (int i = 0; i < 20; ++i)
    see(filter, deck);
  EXPECT_EQ(filter.belief().storeys, 2);
}

TEST(StoreyFilter, BodyThatStandsOutIsBelievedFromOnePicture) {
  const auto after_one = [](double unlike) {
    StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
    for (int i = 0; i < 3; ++i)
      see(filter, top_at(0));
    RowEvidence body = top_at(3 + 1.45);
    body.filled = body.outlined = 1;
    body.unlike = unlike;
    see(filter, body);
    return filter.belief().storeys;
  };
  EXPECT_EQ(after_one(0.9), 3);
  EXPECT_LT(after_one(0.3), 3);
}

TEST(StoreyFilter, TowerBeforeTheCameraIsBelievedSoonerIfItIsClear) {
  const auto after_one = [](double unlike) {
    StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
    RowEvidence body = top_at(6 + 1.45);
    body.filled = body.unlike = unlike;
    body.outlined = 1;
    body.trust = 0.5;  // nothing is known of the empty site
    filter.see(body, 0, {.late = true});
    return filter.belief().at_least[6];
  };
  EXPECT_GT(after_one(0.9), 0.75);
  EXPECT_LT(after_one(0.5), 0.65) << "that may be a house behind";
}

TEST(StoreyFilter, ScaffoldBeforeTheFirstSlabMayHideNoStorey) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{8, 1}}, true);
  for (int i = 0; i < 3; ++i)
    see(filter, top_at(0));
  for (int i = 0; i < 5; ++i)
    see(filter, top_at(2.7));  // its own 1.4, and a far rim seen from above
  EXPECT_EQ(filter.belief().low, 0);
  EXPECT_GE(filter.belief().high, 1);
}

TEST(StoreyFilter, SlabThatNoScaffoldHasFollowedLiesInTheInterval) {
  for (const Scaffold scaffold : {Scaffold::Climbing, Scaffold::Wrapped}) {
    StoreyFilter filter(tower(scaffold), {{5, 1}}, true);
    see(filter, top_at(0));
    for (int n = 1; n <= 6; ++n)
      for (int i = 0; i < 3; ++i)
        see(filter, top_at(n + (scaffold == Scaffold::Climbing ? 1.5 : 0.95)));
    EXPECT_EQ(filter.belief().storeys, 6);
    EXPECT_EQ(filter.belief().high, 7);
  }
}

TEST(StoreyFilter, ScaffoldThatOftenFollowsLateTeachesNoStoreyMore) {
  constexpr double ahead = 1.5;  // a net of 1.1 storeys and its poles
  StoreyFilter filter(tower(Scaffold::Wrapped), {{0, 1}}, true);
  see(filter, top_at(0));
  for (int n = 1; n < planned; ++n) {
    if (n % 3 == 0) see(filter, top_at(n - 1 + ahead));  // cast, not followed yet
    for (int i = 0; i < 2; ++i)
      see(filter, top_at(n + ahead));
    EXPECT_EQ(filter.belief().storeys, n);
  }
}

TEST(StoreyFilter, SingleWildPictureIsForgiven) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (int n = 0; n <= 4; ++n)
    for (int i = 0; i < 3; ++i)
      see(filter, top_at(n == 0 ? 0 : n + 1.45));
  see(filter, top_at(11.3));
  EXPECT_EQ(filter.belief().storeys, 4);
  see(filter, top_at(1.0));
  EXPECT_EQ(filter.belief().storeys, 4);
}

TEST(StoreyFilter, EmptyEvidenceIsNoStepForward) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (int i = 0; i < 3; ++i)
    see(filter, top_at(0));
  for (int i = 0; i < 4; ++i)
    see(filter, nothing());
  EXPECT_LE(filter.belief().storeys, 1);
}

/// A climbing platform that has followed the building up to `storeys`.
StoreyFilter risen_to(int storeys) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (int i = 0; i < 3; ++i)
    see(filter, top_at(0));
  for (int n = 1; n <= storeys; ++n)
    for (int i = 0; i < 2; ++i)
      see(filter, top_at(n + 1.45));
  return filter;
}

TEST(StoreyFilter, PicturesThatSayNothingChangeNothing) {
  StoreyFilter filter = risen_to(8);
  const StoreyBelief before = filter.belief();
  for (int i = 0; i < 60; ++i)
    see(filter, nothing());
  EXPECT_EQ(filter.belief().storeys, 8);
  EXPECT_EQ(filter.belief().high, before.high);
  EXPECT_LT(filter.belief().topped_out, 1e-3);
  for (int i = 0; i < 2; ++i)
    see(filter, top_at(9 + 1.45));
  EXPECT_EQ(filter.belief().storeys, 9) << "work goes on";
}

TEST(StoreyFilter, BuildingThatStoodCompleteIsSeenSo) {
  StoreyFilter filter(tower(Scaffold::Unknown, planned), {{5, 1}}, true);
  for (int i = 0; i < 3; ++i)
    see(filter, top_at(planned + 0.5));
  EXPECT_EQ(filter.belief().storeys, planned);
  EXPECT_GT(filter.belief().topped_out, 0.5);
}

/// The roof's parapet and the platform of the storey below it are equally high.
TEST(StoreyFilter, OpenStoreysUnderTheRoofTellItFromAPlatformOfTheSameHeight) {
  const auto seen_with = [](double open_roof) {
    StoreyFilter filter = risen_to(planned - 1);
    RowEvidence rows = top_at(planned + 0.47);
    rows.open_roof = open_roof;
    for (int i = 0; i < 5; ++i)
      see(filter, rows);
    return filter.belief().topped_out;
  };
  EXPECT_LT(seen_with(-0.9), 0.05) << "the net still hangs";
  EXPECT_LT(seen_with(0.5), 0.5) << "a net looks so in some light";
  EXPECT_GT(seen_with(3), 0.95);
}

TEST(StoreyFilter, SpringFestivalIsNoToppingOut) {
  for (int storeys = 1; storeys <= planned - 2; ++storeys) {
    StoreyFilter filter = risen_to(storeys);
    for (int i = 0; i < 40; ++i) {
      see(filter, top_at(storeys + 1.45));
      EXPECT_LT(filter.belief().topped_out, 0.05) << storeys << " storeys, picture " << i;
    }
    EXPECT_EQ(filter.belief().storeys, storeys);
    see(filter, top_at(storeys + 1 + 1.45));
    see(filter, top_at(storeys + 1 + 1.45));
    EXPECT_EQ(filter.belief().storeys, storeys + 1) << "work goes on";
  }
}

TEST(StoreyFilter, StopWorkWithThePlatformTakenDownIsNoToppingOut) {
  for (int storeys = 2; storeys <= planned - 2; ++storeys) {
    StoreyFilter filter = risen_to(storeys);
    for (int i = 0; i < 120; ++i) {
      see(filter, top_at(storeys));
      EXPECT_LT(filter.belief().topped_out, 0.05) << storeys << " storeys, picture " << i;
    }
  }
}

TEST(StoreyFilter, LateCameraStartsFromWhatStands) {
  StoreyFilter filter(tower(Scaffold::Wrapped, 6), {{5, 1}}, true);
  see(filter, top_at(6.95));
  EXPECT_EQ(filter.belief().storeys, 6);
}

TEST(StoreyFilter, CountOfAllStoreysIsNoRoofThatNobodySees) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, false);
  for (int i = 0; i < 40; ++i)
    see(filter, top_at(2 + 1.45));
  filter.confirm(planned);
  EXPECT_EQ(filter.belief().storeys, planned);
  EXPECT_LT(filter.belief().topped_out, 1e-3);
}

TEST(StoreyFilter, ConfirmedCountTeachesHowFarTheScaffoldRunsAhead) {
  // Half a storey between two readings: six with a low platform, or five with a high one.
  const double between = 6 + 1.5 - 0.4;
  StoreyFilter told(tower(Scaffold::Climbing, 6), {{0, 1}}, true), left_alone(told);
  for (int i = 0; i < 3; ++i) {
    see(told, top_at(between));
    see(left_alone, top_at(between));
  }
  ASSERT_EQ(left_alone.belief().storeys, 6);
  told.confirm(5);
  EXPECT_EQ(told.belief().storeys, 5);
  for (int i = 0; i < 3; ++i) {
    see(told, top_at(between + 2));
    see(left_alone, top_at(between + 2));
  }
  EXPECT_EQ(told.belief().storeys, 7) << "what was learned holds for later storeys";
  EXPECT_EQ(left_alone.belief().storeys, 8);
}

TEST(StoreyFilter, ClimbingPlatformThatIsLoweredIsTheRoofOnlyAfterTheLastStorey) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (int n = 0; n < planned; ++n)
    for (int i = 0; i < 2; ++i)
      see(filter, top_at(n == 0 ? 0 : n + 1.45));
  for (int i = 0; i < 12; ++i)
    see(filter, top_at(planned - 1 + 1.45));
  EXPECT_LT(filter.belief().topped_out, 0.5) << "a winter's stop below the roof is no topping-out";
}

/// A platform that follows a tower to its roof and is then lowered; picture by picture.
std::vector<RowEvidence> whole_rise() {
  std::vector<RowEvidence> out(3, top_at(0));
  for (int n = 1; n <= planned; ++n)
    out.insert(out.end(), 2, top_at(n + 1.45));
  return out;
}

TEST(StoreyFilter, RoofIsDatedWhenTheLookChangedNotWhenItWasBelieved) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  double day = 100;
  for (const RowEvidence& rows : whole_rise())
    see(filter, rows, day += 5);
  const double done = day + 5;
  see(filter, top_at(planned + 0.55), done);
  for (int i = 1; i < 3; ++i)
    see(filter, nothing(), done + 5 * i);
  for (int i = 3; i < 6; ++i)
    see(filter, top_at(planned + 0.55), done + 5 * i);
  ASSERT_GT(filter.belief().topped_out, 0.95);
  EXPECT_NEAR(filter.belief().topped_at, done, 2);
}

TEST(StoreyFilter, ScaffoldOnItsWayDownDatesTheRoof) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  see(filter, top_at(0), 1);
  for (int n = 1; n <= planned; ++n)
    for (int i = 0; i < 2; ++i)
      see(filter, top_at(n + 1.66), 4 * n + 2 * i);
  see(filter, top_at(planned + 1.3), 100);
  for (const double day : {104, 108, 112})
    see(filter, top_at(planned + 0.55), day);
  ASSERT_GT(filter.belief().topped_out, 0.95);
  EXPECT_NEAR(filter.belief().topped_at, 100, 2);
}

TEST(StoreyFilter, DatesMoveNoBelief) {
  StoreyFilter daily(tower(Scaffold::Climbing), {{5, 1}}, true), yearly(daily);
  double day = 0;
  for (const RowEvidence& rows : whole_rise()) {
    see(daily, rows, day += 1);
    see(yearly, rows, 365 * day);
    EXPECT_EQ(daily.belief().at_least, yearly.belief().at_least);
    EXPECT_EQ(daily.belief().topped_out, yearly.belief().topped_out);
  }
}

TEST(StoreyFilter, GoesOnFromWhatWasSavedAsIfNothingHadBeen) {
  StoreyFilter whole(tower(Scaffold::Climbing), {{5, 1}}, true), resumed(whole);
  double day = 0;
  for (const RowEvidence& rows : whole_rise()) {
    see(whole, rows, ++day);
    StoreyFilter next(tower(Scaffold::Climbing), {{5, 1}}, true);
    const std::string blob = saved(resumed);
    BlobReader in(blob);
    ASSERT_TRUE(next.restore(in));
    see(next, rows, day);
    resumed = std::move(next);
  }
  EXPECT_EQ(saved(whole), saved(resumed));
}

TEST(StoreyFilter, PlatformLetDownByAStoreyIsTheRoof) {
  StoreyFilter filter(tower(Scaffold::Climbing), {{5, 1}}, true);
  for (int n = 0; n <= planned; ++n)
    for (int i = 0; i < 3; ++i)
      see(filter, top_at(n == 0 ? 0 : n + 1.95));
  for (int i = 0; i < 3; ++i)
    see(filter, top_at(planned + 0.95));
  EXPECT_EQ(filter.belief().storeys, planned);
  EXPECT_GT(filter.belief().topped_out, 0.95);
}

/// A picture of a bare frame whose top is so warm and so closed, in log-odds.
RowEvidence top_looks(double height, double timber, double solid) {
  RowEvidence out = top_at(height);
  std::fill(out.timber.begin(), out.timber.end(), timber);
  std::fill(out.solid.begin(), out.solid.end(), solid);
  return out;
}

constexpr double like_concrete = -2, open = -2;  ///< timber and solid of an open frame

/// To its last slab: rebar, then formwork as warm as that, on each storey.
void open_frame_rises(StoreyFilter& filter, double warm, double closed) {
  for (int n = 0; n < planned; ++n)
    for (const double above : {0.03, 0.48, 0.95})
      see(filter, n == 0 ? top_at(0)
                         : top_looks(n + above, above > 0.9 ? warm : like_concrete,
                                     above == 0.48 ? open : closed));
  see(filter, top_looks(planned + 0.03, like_concrete, closed));
}

TEST(StoreyFilter, ParapetInItsFormworkIsNotDone) {
  constexpr double warm = 3, closed = 1.5;
  StoreyFilter filter(tower(Scaffold::None), {{5, 1}}, true);
  open_frame_rises(filter, warm, closed);
  for (int i = 0; i < 3; ++i)
    see(filter, top_looks(planned + 0.5, like_concrete, open));
  for (int i = 0; i < 3; ++i)
    see(filter, top_looks(planned + 0.5, warm, closed));
  EXPECT_EQ(filter.belief().storeys, planned);
  EXPECT_LT(filter.belief().topped_out, 0.5);
  for (int i = 0; i < 3; ++i)
    see(filter, top_looks(planned + 0.5, like_concrete, closed));
  EXPECT_GT(filter.belief().topped_out, 0.95);
}

/// Works stop while the parapet's rebar stands, as high and nearly as closed as the parapet.
TEST(StoreyFilter, ParapetThatStaysInItsRebarForWeeksIsNoRoof) {
  constexpr double closed = 1;
  StoreyFilter filter(tower(Scaffold::None), {{5, 1}}, true);
  open_frame_rises(filter, 3, closed);
  RowEvidence rows = top_looks(planned + 0.5, like_concrete, closed);
  rows.closed_roof = -1.5;
  for (int i = 0; i < 40; ++i) {
    see(filter, rows);
    ASSERT_LT(filter.belief().topped_out, 0.5) << "picture " << i;
  }
  EXPECT_EQ(filter.belief().storeys, planned);
  rows.closed_roof = 1.5;
  for (int i = 0; i < 4; ++i)
    see(filter, rows);
  EXPECT_GT(filter.belief().topped_out, 0.95);
}

/// Works stop on the last slab, which is closed and of concrete as a parapet is.
TEST(StoreyFilter, LastSlabThatStaysForWeeksIsNoRoof) {
  constexpr double closed = 1;
  StoreyFilter filter(tower(Scaffold::None), {{5, 1}}, true);
  open_frame_rises(filter, 3, closed);
  for (int i = 0; i < 20; ++i) {
    see(filter, top_looks(planned + 0.1, like_concrete, closed));
    ASSERT_LT(filter.belief().topped_out, 0.5) << "picture " << i;
  }
}

/// Works stop one storey short of the roof, with a scaffold that stands as usual.
TEST(StoreyFilter, ScaffoldThatStopsBeforeTheLastStoreyIsNoRoof) {
  for (const auto& [scaffold, ahead] :
       {std::pair(Scaffold::Climbing, 1.5), std::pair(Scaffold::Wrapped, 0.95)}) {
    StoreyFilter filter(tower(scaffold), {{5, 1}}, true);
    for (int n = 1; n < planned; ++n)
      for (int i = 0; i < 2; ++i)
        see(filter, top_at(n + ahead));
    for (int i = 0; i < 30; ++i)
      see(filter, top_at(planned - 1 + ahead));
    EXPECT_LT(filter.belief().topped_out, 0.5);
  }
}

/// Formwork that looks like concrete in some light, and warm in the next.
TEST(StoreyFilter, WarmFormworkTakesBackARoofThatWasNearlyBelieved) {
  constexpr double warm = 3.5, closed = 1.5;
  StoreyFilter filter(tower(Scaffold::None), {{5, 1}}, true);
  open_frame_rises(filter, warm, closed);
  for (int i = 0; i < 2; ++i)
    see(filter, top_looks(planned + 0.56, like_concrete, closed));
  ASSERT_GT(filter.belief().topped_out, 0.5);
  for (int i = 0; i < 2; ++i)
    see(filter, top_looks(planned + 0.56, warm, closed));
  EXPECT_LT(filter.belief().topped_out, 0.5);
  for (int i = 0; i < 4; ++i)
    see(filter, top_looks(planned + 0.56, like_concrete, closed));
  EXPECT_GT(filter.belief().topped_out, 0.95);
}

TEST(StoreyFilter, WhatRepeatsEarlierPicturesMovesNoBelief) {
  StoreyFilter filter = risen_to(6);
  RowEvidence again = top_at(7 + 1.0);  // between two counts
  see(filter, again);
  const std::vector<double> before = filter.belief().at_least;
  again.witness = 0;
  for (int i = 0; i < 1000; ++i)
    see(filter, again);
  const std::vector<double> after = filter.belief().at_least;
  for (std::size_t n = 0; n < before.size(); ++n)
    EXPECT_NEAR(after[n], before[n], 1e-9) << n;
}

TEST(StoreyFilter, RestoreRefusesWhatIsNoBelief) {
  StoreyFilter filter(tower(Scaffold::None), {{5, 1}}, true);
  const std::string blob = saved(filter);
  BlobReader in(blob);
  auto weights = in.get_numbers<float>(1U << 18U);
  auto topped_at = in.get_numbers(1U << 18U);
  in.get_numbers(1U << 18U);  // when scaffolds were last lowered
  const auto rim = in.get_numbers(1U << 18U);
  ASSERT_TRUE(in.ok());
  EXPECT_TRUE(restored(filter, weights, topped_at, rim));
  EXPECT_FALSE(restored(filter, {1.0F}, topped_at, rim));
  EXPECT_FALSE(restored(filter, weights, {}, rim));
  EXPECT_FALSE(restored(filter, weights, topped_at, {1}));
  EXPECT_FALSE(restored(filter, weights, topped_at, std::vector<double>(rim.size(), 1)));
  auto broken = weights;
  broken[0] = std::nanf("");
  EXPECT_FALSE(restored(filter, broken, topped_at, rim));
  topped_at[0] = std::nan("");
  EXPECT_FALSE(restored(filter, weights, topped_at, rim));
}

}  // namespace
}  // namespace jieding::vision
