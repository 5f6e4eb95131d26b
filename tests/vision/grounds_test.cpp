#include "vision/grounds.hpp"

#include <gmock/gmock.h>

namespace jieding::vision {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RowEvidence edge_at(double top, double trust = 1) {
  RowEvidence rows;
  rows.top = top;
  rows.trust = trust;
  return rows;
}

/// Of a building of 18 whose works are held to reach so far above the slab.
StoreyBelief rising(double works) {
  StoreyBelief belief;
  belief.at_least.assign(19, 1);
  belief.working_height = works;
  return belief;
}

StoreyBelief roofed() {
  StoreyBelief belief = rising(0.05);
  belief.topped_out = 0.97;
  return belief;
}

TEST(Grounds, NothingIsSaidBeforeThePicture) {
  EXPECT_THAT(Grounds().tell(0, {}), IsEmpty());
}

TEST(Grounds, WorksBelowAnUnsureRoofAreThoseOfARisingBuilding) {
  StoreyBelief belief = rising(0.72);  // the sum over the half of the belief in which works go on
  belief.topped_out = 0.49;
  Grounds grounds;
  grounds.see(edge_at(18.4), belief);
  EXPECT_THAT(grounds.tell(17, {}),
              ElementsAre(Measure{"top_edge", 18.4}, Measure{"works_ahead", 1.41}));
}

TEST(Grounds, RoofIsToldInPlaceOfWorks) {
  Grounds grounds;
  grounds.see(edge_at(18.5), roofed());
  EXPECT_THAT(grounds.tell(18, {}),
              ElementsAre(Measure{"top_edge", 18.5}, Measure{"roof_stands", 0.97}));
}

TEST(Grounds, PictureThatEarlierOnesOutweighIsToldWithWhatItSays) {
  Grounds grounds;
  grounds.see(edge_at(4.8), rising(1.4));
  EXPECT_THAT(grounds.tell(8, {}),
              ElementsAre(Measure{"top_edge", 4.8}, Measure{"works_ahead", 1.4},
                          Measure{"outweighed", 3.4}));
}

TEST(Grounds, BuildingThatHasGrownOutOfThePictureIsNotOutweighedByIt) {
  Grounds grounds;
  grounds.see(edge_at(8.4), rising(1.5));
  EXPECT_THAT(grounds.tell(10, Measure{"view_ends", 8.4}),
              ElementsAre(Measure{"top_edge", 8.4}, Measure{"works_ahead", 1.5},
                          Measure{"view_ends", 8.4}));
}

TEST(Grounds, WhatThePlanWouldSayIsNotToldOfABuildingThatStandsHigher) {
  Grounds grounds;
  grounds.see(edge_at(20.5), roofed());
  EXPECT_THAT(grounds.tell_beyond(20.9),
              ElementsAre(Measure{"top_edge", 20.5}, Measure{"beyond_plan", 20.9}));
}

TEST(Grounds, RimOfAPitIsNoBuildingThatWasOutweighed) {
  StoreyBelief none = rising(0);
  none.at_least.assign(19, 0.02);
  Grounds grounds;
  grounds.see(edge_at(1.8), none);
  EXPECT_THAT(grounds.tell(0, {}),
              ElementsAre(Measure{"top_edge", 1.8}, Measure{"no_storey", 0.98}));
}

TEST(Grounds, UnknownLightAndCountsByPeopleAreTold) {
  Grounds grounds;
  grounds.see(edge_at(16.4, 0.3), rising(1.4));
  grounds.confirm(15, rising(1.35));
  EXPECT_THAT(grounds.tell(15, {}),
              ElementsAre(Measure{"top_edge", 16.4}, Measure{"works_ahead", 1.35},
                          Measure{"light_unknown", 0.7}, Measure{"counted", 15}));
}

TEST(Grounds, ComeBackFromAStateAsTheyWere) {
  Grounds grounds, again;
  grounds.see(edge_at(16.4, 0.3), rising(1.4));
  grounds.confirm(15, rising(1.35));
  BlobWriter out;
  grounds.save(out);
  const std::string state = out.seal();
  BlobReader in(state);
  ASSERT_TRUE(again.restore(in));
  EXPECT_EQ(again.tell(15, {}), grounds.tell(15, {}));
}

}  // namespace
}  // namespace jieding::vision
