#include "vision/foot.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "vision/groundworks.hpp"
#include "vision/landscape.hpp"

namespace jieding::vision {
namespace {

const cv::Size size(640, 360);
constexpr int ground_line = 300, storey = 14;
const cv::Scalar sky(220, 210, 200), soil(95, 115, 140), concrete(135, 138, 140), dark(15, 16, 18),
    grass(60, 125, 95);

FacadeSetup setup() {
  FacadeSetup out;
  out.building = "b1";
  out.storeys = 18;
  out.corners = {Point{250, ground_line}, Point{390, ground_line},
                 Point{390, ground_line - 18 * storey}, Point{250, ground_line - 18 * storey}};
  return out;
}

Foot foot() {
  return Foot(Facade(setup(), size, 1));
}

/// A yard up to the horizon, and in it what lies where the building is to stand: `back` over the
/// upper part and `bottom` over the lower part of the pit.
cv::Mat site(const cv::Scalar& yard, const cv::Scalar& back, const cv::Scalar& bottom) {
  cv::Mat out(size, CV_8UC3, sky);
  out.rowRange(240, size.height) = yard;
  const int top = ground_line - storey, middle = ground_line - storey / 3;
  cv::rectangle(out, {240, top}, {400, middle}, back, cv::FILLED);
  cv::rectangle(out, {240, middle}, {400, ground_line + 2}, bottom, cv::FILLED);
  return out;
}

cv::Mat in_haze(const cv::Mat& picture) {
  return picture * 0.4 + cv::Scalar(200, 198, 196) * 0.6;
}

TEST(Foot, PitIsDarkAndItsBaseIsGrey) {
  const FootEvidence bare = foot().read(site(soil, soil, soil));
  EXPECT_TRUE(bare.known);
  EXPECT_LT(bare.dark + bare.grey, 0.01);
  const FootEvidence pit = foot().read(site(soil, dark, soil));
  EXPECT_GT(pit.dark, 0.3);
  EXPECT_LT(pit.grey, 0.02);
  const FootEvidence base = foot().read(site(soil, dark, concrete));
  EXPECT_GT(base.dark, 0.3);
  EXPECT_GT(base.grey, 0.2);
}

TEST(Foot, HazeMakesNoDarkPitGrey) {
  const FootEvidence pit = foot().read(in_haze(site(soil, dark, soil)));
  EXPECT_GT(pit.dark, 0.3);
  EXPECT_LT(pit.grey, 0.02);
  EXPECT_GT(foot().read(in_haze(site(soil, soil, concrete))).grey, 0.2);
}

TEST(Foot, GrassInPlaceOfSoilIsNoConcrete) {
  EXPECT_LT(foot().read(site(soil, grass, grass)).grey, 0.02);
}

TEST(Foot, MaskBurntInIsNoPit) {
  EXPECT_EQ(foot().read(site(soil, cv::Scalar::all(0), cv::Scalar::all(0))).dark, 0);
}

TEST(Foot, NeighbourOnOneSideIsNotTakenForTheGround) {
  cv::Mat picture = site(soil, soil, concrete);
  picture(cv::Rect(150, 100, 70, 190)) = cv::Scalar(60, 80, 170);
  EXPECT_GT(foot().read(picture).grey, 0.2);
  EXPECT_LT(foot().read(picture).grey, 0.5);
}

TEST(Foot, SnowHasNoColourToTellConcreteBy) {
  const FootEvidence snow = foot().read(site(cv::Scalar::all(230), concrete, concrete));
  EXPECT_FALSE(snow.coloured);
  EXPECT_EQ(snow.grey, 0);
}

TEST(Foot, GroundBelowThePictureIsNotKnown) {
  FacadeSetup low = setup();
  low.corners = {Point{250, 420}, Point{390, 420}, Point{390, 168}, Point{250, 168}};
  EXPECT_FALSE(Foot(Facade(low, size, 1)).read(site(soil, soil, soil)).known);
}

TEST(Groundworks, StagesFollowThePitAndItsBase) {
  GroundworksWatch watch;
  for (int i = 0; i < 3; ++i)
    watch.see(foot().read(site(soil, soil, soil)));
  EXPECT_EQ(watch.stage(), Stage::SiteClearing);
  for (int i = 0; i < 3; ++i)
    watch.see(foot().read(site(soil, dark, soil)));
  EXPECT_EQ(watch.stage(), Stage::Excavation);
  for (int i = 0; i < 3; ++i)
    watch.see(foot().read(site(soil, dark, concrete)));
  EXPECT_EQ(watch.stage(), Stage::Foundation);
  watch.see(foot().read(site(soil, soil, soil)));
  EXPECT_EQ(watch.stage(), Stage::Foundation) << "one picture undoes no base";
}

TEST(Groundworks, GroundThatChangesIsDugThoughNoGroundIsThereToCompareWith) {
  GroundworksWatch watch;
  FootEvidence unseen;
  for (int i = 0; i < 20; ++i)
    watch.see(unseen);
  EXPECT_EQ(watch.stage(), Stage::SiteClearing);
  unseen.changed = true;
  for (int i = 0; i < 3; ++i)
    watch.see(unseen);
  EXPECT_EQ(watch.stage(), Stage::Excavation);
  for (int i = 0; i < 50; ++i)
    watch.see(unseen);
  EXPECT_EQ(watch.stage(), Stage::Excavation) << "nobody saw concrete";
}

TEST(Groundworks, ALittleGreyInAPitIsForgottenABaseIsNot) {
  FootEvidence pit, base;
  pit.known = pit.coloured = base.known = base.coloured = true;
  pit.dark = 0.5;
  const auto stage_after_one = [&](double grey) {
    GroundworksWatch watch;
    for (int i = 0; i < 5; ++i)
      watch.see(pit);
    base.grey = grey;
    watch.see(base);
    watch.see(pit);
    return watch.stage();
  };
  EXPECT_EQ(stage_after_one(0.2), Stage::Excavation) << "a machine";
  EXPECT_EQ(stage_after_one(0.8), Stage::Foundation);
}

TEST(Groundworks, PicturesAloneMoveNothing) {
  GroundworksWatch watch;
  for (int i = 0; i < 50; ++i)
    watch.see(foot().read(site(soil, soil, soil)));
  EXPECT_EQ(watch.stage(), Stage::SiteClearing);
  for (int i = 0; i < 50; ++i)
    watch.see(foot().read(site(soil, dark, soil)));
  EXPECT_EQ(watch.stage(), Stage::Excavation);
}

TEST(Groundworks, BeliefIsTheSameAfterARestart) {
  GroundworksWatch watch, again;
  watch.see(foot().read(site(soil, dark, soil)));
  watch.see(foot().read(site(soil, dark, soil)));
  BlobWriter out;
  watch.save(out);
  const std::string bytes = out.seal();
  BlobReader in(bytes);
  ASSERT_TRUE(again.restore(in));
  EXPECT_EQ(again.stage(), Stage::Excavation);
  BlobWriter twice;
  again.save(twice);
  EXPECT_EQ(twice.seal(), bytes);
}

TEST(Landscape, WinterGrassIsNoSoilAndAHoardingNoGrass) {
  const cv::Scalar winter_grass(105, 145, 150), hoarding(70, 120, 50), snow(235, 230, 228);
  const auto apron = [](const cv::Scalar& yard) { return foot().read(site(yard, yard, yard)); };
  EXPECT_GT(apron(winter_grass).green, 0.95);
  EXPECT_EQ(apron(winter_grass).soil, 0);
  EXPECT_GT(foot().read(in_haze(site(winter_grass, winter_grass, winter_grass))).green, 0.95);
  EXPECT_EQ(apron(soil).green, 0);
  EXPECT_GT(foot().read(in_haze(site(soil, soil, soil))).soil, 0.95);
  for (const cv::Scalar& no_ground : {hoarding, concrete, snow}) {
    EXPECT_EQ(apron(no_ground).green, 0);
    EXPECT_EQ(apron(no_ground).soil, 0);
  }
}

TEST(Landscape, GrassOnFormerSoilSeenAgainIsTheEnd) {
  LandscapeWatch watch;
  for (int i = 0; i < 5; ++i)
    watch.learn(foot().read(site(soil, soil, soil)));
  watch.see(foot().read(site(grass, concrete, concrete)));
  EXPECT_FALSE(watch.done()) << "one picture";
  watch.see(foot().read(site(soil, concrete, concrete)));
  watch.see(foot().read(site(grass, concrete, concrete)));
  EXPECT_FALSE(watch.done()) << "one of them showed soil";
  watch.see(foot().read(site(grass, concrete, concrete)));
  EXPECT_TRUE(watch.done());
}

TEST(Landscape, GrassWithSoilBetweenIsNoEnd) {
  LandscapeWatch watch;
  for (int i = 0; i < 5; ++i)
    watch.learn(foot().read(site(soil, soil, soil)));
  FootEvidence works;
  works.green = 0.7;
  works.soil = 0.2;
  for (int i = 0; i < 9; ++i)
    watch.see(works);
  EXPECT_FALSE(watch.done());
}

TEST(Landscape, SoilThatGoesFromBetweenTheGrassIsTheEnd) {
  LandscapeWatch watch;
  FootEvidence works, lawn, night;
  works.green = works.soil = 0.45;
  lawn.green = 0.9;
  for (int i = 0; i < 9; ++i) {
    watch.learn(works);
    watch.learn(night);
  }
  watch.see(works);
  watch.see(lawn);
  EXPECT_FALSE(watch.done());
  watch.see(lawn);
  EXPECT_TRUE(watch.done());
}

TEST(Landscape, NightTeachesNothingOfTheGround) {
  LandscapeWatch watch;
  FootEvidence lawn, night;
  lawn.green = 0.9;
  for (int i = 0; i < 9; ++i)
    watch.learn(lawn);
  for (int i = 0; i < 9; ++i)
    watch.learn(night);
  for (int i = 0; i < 9; ++i)
    watch.see(lawn);
  EXPECT_FALSE(watch.done()) << "it was green all along";
}

TEST(Landscape, GroundThatWasGreenAllAlongSaysNothing) {
  LandscapeWatch watch;
  for (int i = 0; i < 5; ++i)
    watch.learn(foot().read(site(grass, soil, soil)));
  for (int i = 0; i < 9; ++i)
    watch.see(foot().read(site(grass, concrete, concrete)));
  EXPECT_FALSE(watch.done());
}

}  // namespace
}  // namespace jieding::vision
