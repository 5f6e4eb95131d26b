#include "vision/building_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include "vision/facade.hpp"

namespace jieding::vision {
namespace {

constexpr int planned = 12;
constexpr double parapet = 0.56, platform = 1.45;

FacadeSetup tower(Scaffold scaffold, int at_start, double roof_row = 100) {
  FacadeSetup out;
  out.building = "b1";
  out.storeys = planned;
  out.scaffold = scaffold;
  out.storeys_at_start = at_start;
  out.corners = {Point{400, 650}, Point{700, 650}, Point{700, roof_row}, Point{400, roof_row}};
  return out;
}

/// A camera that has followed one building, a picture a day, and one beside it that is stopped
/// after each picture and goes on from what it had saved: whatever the tests below make it go
/// through, nobody can tell the two apart.
class Watched {
 public:
  explicit Watched(const FacadeSetup& setup)
      : setup_(setup),
        facade_(setup, {1280, 720}, 1),
        watch_(setup, facade_),
        resumed_(setup, facade_) {}

  /// `unlike`: share of the body that is like neither side, `outlined`: that upright edges end, and
  /// how clearly (log-odds). `known`: what the empty site looks like.
  void see(double top, int pictures = 2, double unlike = 1, bool known = true, double outlined = 1,
           double outline = 0, double built_by_sides = 0) {
    for (int i = 0; i < pictures; ++i) {
      RowEvidence rows;
      for (int y = 0; y < facade_.rows(); ++y) {
        const double height = static_cast<double>(y) / rows_per_storey;
        rows.top_score.push_back(-rows_per_storey * std::abs(height - top));
        rows.changed.push_back(!known ? -1 : height < top ? 1 : 0);
      }
      rows.beyond = rows.changed;
      rows.timber = rows.solid = std::vector<double>(rows.top_score.size(), 0);
      rows.top = top;
      rows.filled = rows.unlike = top > 0 ? unlike : 0;
      rows.outlined = top > 0 ? outlined : 0;
      rows.outline = top > 0 ? outline : 0;
      rows.built_by_sides = built_by_sides;
      if (!known) rows.trust = 0.5;
      FinishEvidence finish;
      finish.openings = std::vector<double>(planned, 0.2);
      finish.steps.down = finish.steps.up = std::vector<double>(planned - 1, 0.5);
      day_ += std::chrono::days{1};
      watch_.see(rows, finish, day_, proposals_);
      resumed_.see(rows, finish, day_, resumed_proposals_);
      resume();
    }
  }
  /// From the ground to `storeys`, under a climbing platform.
  void rise_to(int storeys) {
    see(0);
    for (int n = 1; n <= storeys; ++n)
      see(n + platform);
  }

  /// A body that ends at its sides, which pictures of the empty site explain.
  void see_outlined(double top) { see(0, 1, 0, true, 0, 0, top); }

  double empty_above() const { return watch_.empty_above(); }
  bool takes_the_ground_for_empty() const { return empty_above() == 0; }
  BuildingEstimate estimate() const { return watch_.estimate(); }
  bool proposed(const std::string& milestone) const {
    return std::any_of(proposals_.begin(), proposals_.end(),
                       [&](const Proposal& one) { return one.milestone == milestone; });
  }
  bool proposed_storey(int storey) const {
    return std::any_of(proposals_.begin(), proposals_.end(), [&](const Proposal& one) {
      return one.milestone == "storey_cast" && one.storey == storey;
    });
  }
  void confirm(int storeys, std::uint64_t ledger_index = 0) {
    watch_.confirm({setup_.building, storeys, ledger_index});
    resumed_.confirm({setup_.building, storeys, ledger_index});
    resume();
  }
  bool tells(const std::string& ground) const { return told(ground).has_value(); }
  std::optional<double> counted() const { return told("counted"); }

 private:
  std::optional<double> told(const std::string& ground) const {
    for (const Measure& one : estimate().grounds)
      if (one.name == ground) return one.value;
    return {};
  }
  static std::string saved(const BuildingWatch& watch) {
    BlobWriter out;
    watch.save(out);
    return out.seal();
  }
  void resume() {
    const std::string state = saved(resumed_);
    BlobReader in(state);
    BuildingWatch next(setup_, facade_);
    ASSERT_TRUE(next.restore(in) && in.at_end());
    resumed_ = std::move(next);
    EXPECT_EQ(saved(resumed_), saved(watch_));
    EXPECT_EQ(resumed_.estimate(), watch_.estimate()) << "what a refused picture would carry on";
    EXPECT_EQ(resumed_.empty_above(), watch_.empty_above());
    EXPECT_EQ(resumed_proposals_, proposals_);
  }

  FacadeSetup setup_;
  Facade facade_;
  BuildingWatch watch_, resumed_;
  Instant day_{std::chrono::days{20'000}};
  std::vector<Proposal> proposals_, resumed_proposals_;
};

TEST(BuildingWatch, BuildingThatStoodWholeIsToppedOutAndNothingIsProposed) {
  Watched watched(tower(Scaffold::None, planned));
  watched.see(planned + 0.25, 8);
  EXPECT_EQ(watched.estimate().storeys, planned);
  EXPECT_EQ(watched.estimate().stage, Stage::ToppedOut);
  EXPECT_FALSE(watched.proposed("topping_out")) << "nobody saw it happen";
  EXPECT_FALSE(watched.proposed("storey_cast"));
}

TEST(BuildingWatch, RoofThatWasSeenComingIsProposed) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.rise_to(planned);
  EXPECT_FALSE(watched.proposed("topping_out"));
  watched.see(planned + parapet, 6);
  EXPECT_TRUE(watched.proposed("topping_out"));
}

/// A count that leaps, or a tower planned too low, passes the roof's height on its way.
TEST(BuildingWatch, RoofOnAStoreyThatNobodySawOpenHasToStay) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.rise_to(planned - 1);
  watched.see(planned - 1 + platform, 2);
  watched.see(planned + 0.7, 7);
  ASSERT_EQ(watched.estimate().stage, Stage::ToppedOut);
  EXPECT_FALSE(watched.proposed("topping_out"));
  watched.see(planned + 0.7, 8);
  EXPECT_TRUE(watched.proposed("topping_out"));
}

TEST(BuildingWatch, WhatLooksLikeAStoreyInTheFirstPictureIsItsGroundUnlessItIsSure) {
  Watched watched(tower(Scaffold::Wrapped, 0));
  watched.see(2 + 1.2, 1, 0.24, false);
  EXPECT_GT(watched.estimate().storeys_high, 0);
  EXPECT_TRUE(watched.takes_the_ground_for_empty());
}

TEST(BuildingWatch, MoreStoreysThanPlannedAreSaidAndTheirRoofIsNotProposed) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.rise_to(planned);
  EXPECT_FALSE(watched.tells("beyond_plan"));
  watched.see(planned + 1 + platform, 4);
  watched.see(planned + 2 + parapet, 20);
  EXPECT_TRUE(watched.tells("beyond_plan"));
  EXPECT_FALSE(watched.tells("roof_stands"));
  const BuildingEstimate estimate = watched.estimate();
  EXPECT_EQ(estimate.storeys, planned);
  EXPECT_GE(estimate.storeys_high, planned + 2);
  EXPECT_LT(estimate.confidence, 0.5);
  EXPECT_EQ(estimate.stage, Stage::Superstructure);
  EXPECT_FALSE(watched.proposed("topping_out"));
}

TEST(BuildingWatch, TwoPicturesOfWhatStandsBehindTheRoofAreNoStoreysBeyondThePlan) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.rise_to(planned);
  watched.see(planned + 2.6);
  EXPECT_FALSE(watched.tells("beyond_plan"));
  EXPECT_EQ(watched.estimate().storeys_high, planned);
}

TEST(BuildingWatch, RoofOfThePlannedStoreysPutsThePlanRightAgain) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.rise_to(planned);
  watched.see(planned + 2.6, 3);
  ASSERT_TRUE(watched.tells("beyond_plan"));
  watched.see(planned + parapet, 5);
  EXPECT_FALSE(watched.proposed("topping_out"));
  watched.see(planned + parapet, 5);
  EXPECT_FALSE(watched.tells("beyond_plan"));
  EXPECT_EQ(watched.estimate().storeys_high, planned);
  EXPECT_TRUE(watched.proposed("topping_out"));
}

TEST(BuildingWatch, WhatStoodWhenTheCameraCameIsFoundAndNotProposed) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.see(7 + platform, 1, 1, false);
  EXPECT_GE(watched.estimate().storeys_high, 8) << "it may be as high as the picture shows";
  watched.see(7 + platform, 5, 1, false);
  EXPECT_EQ(watched.estimate().storeys, 7);
  EXPECT_TRUE(watched.tells("stood_before"));
  EXPECT_FALSE(watched.proposed("storey_cast"));
  watched.see(9 + platform, 4);
  EXPECT_TRUE(watched.proposed("storey_cast"));
}

/// A finished tower behind that is twice as high as what people say stands.
TEST(BuildingWatch, WhatReachesFarAboveTheToldCountInTheFirstPictureStandsBehind) {
  Watched watched(tower(Scaffold::Climbing, 3));
  watched.see(11, 1, 1, false);
  EXPECT_EQ(watched.estimate().storeys, 3);
  EXPECT_LT(watched.empty_above(), 8) << "so that it is known in the next picture";
  watched.see(11, 1, 1, false);
  EXPECT_GT(watched.empty_above(), 11) << "later the building may have risen so high";
}

/// A house behind, of two storeys more than people told.
TEST(BuildingWatch, WhatPeopleToldIsShownUntilThePicturesHaveCounted) {
  Watched watched(tower(Scaffold::Wrapped, 5));
  watched.see(8.4, 1, 1, false);
  EXPECT_EQ(watched.estimate().storeys, 5);
  EXPECT_TRUE(watched.tells("told"));
  EXPECT_FALSE(watched.tells("outweighed")) << "no earlier picture does";
  EXPECT_GE(watched.estimate().storeys_high, 7) << "what the picture shows is not kept back";
  EXPECT_GT(watched.empty_above(), 8) << "nor learned as what lies behind";
  watched.see(7.95, 6);
  EXPECT_EQ(watched.estimate().storeys, 7);
}

/// A house behind, which outweighs the told count after some pictures.
TEST(BuildingWatch, CountThatLeapsToWhatStoodThereBeforeIsInDoubtUntilItRisesFurther) {
  Watched watched(tower(Scaffold::Climbing, 2));
  watched.see(2 + platform, 3);
  EXPECT_GE(watched.estimate().storeys_low, 1);
  watched.see(8 + platform, 20);
  ASSERT_EQ(watched.estimate().storeys, 8);
  EXPECT_LE(watched.estimate().storeys_low, 2);
  watched.see(9 + platform, 4);
  EXPECT_EQ(watched.estimate().storeys, 9);
  EXPECT_EQ(watched.estimate().storeys_low, 9) << "what goes on to rise is the building";
}

TEST(BuildingWatch, LeapThatThePictureBeforeDidNotShowIsABuildingThatRoseMeanwhile) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.rise_to(3);
  watched.see(6 + platform, 4);
  EXPECT_EQ(watched.estimate().storeys_low, 6);
}

TEST(BuildingWatch, RoofOfABuildingFoundWholeIsNotProposed) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.see(planned + parapet, 12, 1, false);
  EXPECT_FALSE(watched.proposed("topping_out"));
  Watched clear(tower(Scaffold::Climbing, 0));
  clear.see(planned + parapet, 12, 1, false, 1, 1.8);
  EXPECT_EQ(clear.estimate().storeys, planned);
  EXPECT_FALSE(clear.proposed("topping_out"));
}

TEST(BuildingWatch, WhatClearlyEndsAtBothSidesIsCountedFromItsSecondPictureOn) {
  Watched clear(tower(Scaffold::Climbing, 0)), like_a_house(tower(Scaffold::Climbing, 0));
  clear.see(7 + platform, 2, 0.1, false, 1, 1.8);
  EXPECT_EQ(clear.estimate().storeys, 7) << "a net as grey as the sky";
  EXPECT_FALSE(clear.proposed("storey_cast"));
  like_a_house.see(7 + platform, 2, 1, false, 1, 0.9);
  EXPECT_EQ(like_a_house.estimate().storeys, 0);
  EXPECT_GE(like_a_house.estimate().storeys_high, 8);
}

TEST(BuildingWatch, HoardingInTheFirstPictureIsNoTowerThatCameBeforeTheCamera) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.see(3.1, 1, 0.5, false, 1, 1.8);
  EXPECT_LE(watched.estimate().storeys_high, 3);
}

TEST(BuildingWatch, BodyMuchLikeItsSidesIsNoGroundOfAnEmptySite) {
  const auto takes_for_empty = [](double unlike, bool known) {
    Watched watched(tower(Scaffold::Climbing, 0));
    watched.see(8 + platform, 1, unlike, known);
    return watched.takes_the_ground_for_empty();
  };
  EXPECT_FALSE(takes_for_empty(0.3, false));
  EXPECT_TRUE(takes_for_empty(0.3, true)) << "light: the empty site is known";
  EXPECT_TRUE(takes_for_empty(0.07, false)) << "a house behind stands on no ground";
}

TEST(BuildingWatch, WhatEndsNowhereAtItsSidesIsWhatLiesBehind) {
  Watched pit(tower(Scaffold::Unknown, 0));
  pit.see(8, 1, 0.68, false, 0.79);
  EXPECT_TRUE(pit.takes_the_ground_for_empty());
  EXPECT_EQ(pit.estimate().storeys, 0);
  EXPECT_EQ(pit.estimate().storeys_high, 8) << "one picture does not tell";
  pit.see(0, 3);
  EXPECT_EQ(pit.estimate().storeys_high, 0) << "and nothing has changed since";
}

TEST(BuildingWatch, WingMuchLikeTheOneBesideItMayStandAsHighAsItIsOutlined) {
  const auto at_most = [](double top, double outlined, bool known) {
    Watched watched(tower(Scaffold::Climbing, 0));
    watched.see(top, 1, 0.15, known, outlined);
    return watched.estimate().storeys_high;
  };
  EXPECT_EQ(at_most(8, 0.95, false), 8);
  EXPECT_LT(at_most(8, 0.5, false), 8) << "trees end anywhere";
  EXPECT_LT(at_most(8, 0.95, true), 8) << "light: the empty site is known";
  EXPECT_LT(at_most(4, 0.95, false), 4) << "so low, huts and hoardings are outlined as well";
}

TEST(BuildingWatch, WhatIsUnlikeBothSidesFromTheGroundUpStandsWhereverItEnds) {
  Watched beside_a_house(tower(Scaffold::Climbing, 0));
  beside_a_house.see(8 + platform, 1, 0.98, false, 0.1);
  EXPECT_FALSE(beside_a_house.takes_the_ground_for_empty());
  Watched among_houses(tower(Scaffold::Climbing, 0));
  among_houses.see(8 + platform, 1, 0.83, false, 0.57);
  EXPECT_FALSE(among_houses.takes_the_ground_for_empty());
  Watched hut(tower(Scaffold::Climbing, 0));
  hut.see(2.3, 1, 0.98, false, 0.1);
  EXPECT_TRUE(hut.takes_the_ground_for_empty()) << "so low, huts and hoardings do as well";
}

TEST(BuildingWatch, WhatWasSeenToRiseDoesNotVanishUnlessPeopleSaySo) {
  Watched site(tower(Scaffold::Climbing, 0));
  site.rise_to(7);
  for (const double hoarding : {0.0, 1.5, 2.0}) {
    site.see(hoarding, 60);
    EXPECT_EQ(site.estimate().storeys, 7) << hoarding;
  }
  site.confirm(0);
  site.see(0, 20);
  EXPECT_EQ(site.estimate().storeys, 0);
}

/// A net before a field of its colour, in haze.
TEST(BuildingWatch, GroundWhereAStoreyWasSaidIsNotLearnedAsEmptyAgain) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.rise_to(2);
  ASSERT_TRUE(watched.proposed_storey(1));
  watched.see(0, 12);
  EXPECT_EQ(watched.estimate().storeys, 0);
  EXPECT_FALSE(watched.takes_the_ground_for_empty());
}

/// An open frame in snow rises so slowly that each picture learned would explain the next.
TEST(BuildingWatch, WhatItsSidesProveIsNotLearnedAsEmptyGround) {
  Watched watched(tower(Scaffold::None, 0));
  watched.see_outlined(5);
  EXPECT_TRUE(watched.takes_the_ground_for_empty()) << "a house behind, before anything is known";
  watched.see_outlined(1.5);
  EXPECT_TRUE(watched.takes_the_ground_for_empty()) << "a hut, a rim";
  watched.see_outlined(5);
  EXPECT_NEAR(watched.empty_above(), 5.8, 0.1);
}

TEST(BuildingWatch, PictureThatNoneExplainsShowsNoFirstStoreyByItself) {
  const auto shown = [](bool known) {
    Watched watched(tower(Scaffold::Climbing, 0));
    watched.see(0);
    watched.see(1 + platform, 3, 0.3, known, 0);
    return watched.estimate().storeys;
  };
  EXPECT_EQ(shown(true), 1);
  EXPECT_EQ(shown(false), 0);
}

TEST(BuildingWatch, WhatStoodThereAtOnceMayVanish) {
  Watched site(tower(Scaffold::Climbing, 0));
  site.see(0);
  site.see(8 + platform, 20);
  ASSERT_GT(site.estimate().storeys, 4);
  site.see(0, 60);
  EXPECT_EQ(site.estimate().storeys, 0);
}

TEST(BuildingWatch, BuildingThatGrowsOutOfThePictureMayBeAnyHigher) {
  Watched watched(tower(Scaffold::Climbing, 0, -450));
  watched.rise_to(3);
  EXPECT_LT(watched.estimate().storeys_high, planned);
  EXPECT_FALSE(watched.tells("view_ends"));
  for (int n = 4; n <= 5; ++n)
    watched.see(n + platform);
  watched.see(7, 3);  // as far as the picture reaches
  EXPECT_EQ(watched.estimate().storeys_high, planned);
  EXPECT_TRUE(watched.tells("view_ends"));
  EXPECT_FALSE(watched.proposed("topping_out"));
}

TEST(BuildingWatch, RoofOutOfThePictureIsReckonedFromThePaceAndNotProposed) {
  Watched watched(tower(Scaffold::Climbing, 0, -450));
  watched.rise_to(5);
  watched.see(7, 6);  // as far as the picture reaches
  EXPECT_EQ(watched.estimate().stage, Stage::Superstructure);
  watched.see(7, 12);
  EXPECT_EQ(watched.estimate().stage, Stage::ToppedOut);
  EXPECT_FALSE(watched.proposed("topping_out"));
}

TEST(BuildingWatch, AboveThePictureTheFigureGoesOnByThePaceAndNothingIsProposed) {
  Watched watched(tower(Scaffold::Climbing, 0, -450));
  watched.rise_to(4);
  EXPECT_FALSE(watched.tells("by_pace")) << "all of it is seen";
  watched.see(5 + platform);
  const double left_with = watched.estimate().storeys;
  watched.see(7, 6);  // as far as the picture reaches; two pictures took each storey
  EXPECT_NEAR(watched.estimate().storeys, left_with + 3, 1);
  EXPECT_TRUE(watched.tells("by_pace"));
  EXPECT_LE(watched.estimate().storeys_low, left_with);
  EXPECT_LT(watched.estimate().confidence, 0.5);
  EXPECT_FALSE(watched.proposed_storey(planned - 3));
  watched.confirm(6);
  watched.see(7, 1);
  EXPECT_LE(watched.estimate().storeys, 7) << "people counted: from there it goes on";
}

/// The count of an earlier day may have been confirmed later than that of a later day.
TEST(BuildingWatch, CountsAreTakenToHeartInWhateverOrderTheyWereConfirmed) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.rise_to(6);
  watched.confirm(6, 9);
  watched.see(7 + platform);
  watched.confirm(7, 7);
  EXPECT_EQ(watched.counted(), 7);
}

TEST(BuildingWatch, CountIsTakenToHeartOnce) {
  Watched watched(tower(Scaffold::Climbing, 0));
  watched.rise_to(6);
  watched.confirm(6, 9);
  watched.confirm(5, 10);
  watched.confirm(6, 9);
  EXPECT_EQ(watched.counted(), 5);
  watched.confirm(6, 11);
  EXPECT_EQ(watched.counted(), 6) << "confirmed anew";
}

TEST(BuildingWatch, FootBelowThePictureDoesNotHideWhereItEnds) {
  FacadeSetup setup = tower(Scaffold::Climbing, 0, -450);
  setup.corners[0].y = setup.corners[1].y = 740;
  Watched watched(setup);
  watched.rise_to(5);
  watched.see(7, 3);
  EXPECT_TRUE(watched.tells("view_ends"));
}

}  // namespace
}  // namespace jieding::vision
