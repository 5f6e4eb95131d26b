#include "gateway/domain/fusion.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace jieding {
namespace {

constexpr int planned = 18;

Instant day(int n) {
  return Instant(std::chrono::days(20000 + n));
}

CameraWord word(std::string camera, int at, int storeys, int low, int high, double confidence) {
  BuildingEstimate estimate;
  estimate.building = "b1";
  estimate.storeys = storeys;
  estimate.storeys_low = low;
  estimate.storeys_high = high;
  estimate.confidence = confidence;
  estimate.stage = Stage::Superstructure;
  estimate.bands.assign(planned, StoreyState::Background);
  std::fill_n(estimate.bands.begin(), std::min(storeys + 1, planned), StoreyState::Working);
  std::fill_n(estimate.bands.begin(), storeys, StoreyState::Frame);
  return {std::move(camera), day(at), std::move(estimate)};
}

/// How many storeys stand by the bands, from the ground up without a gap; -1: some hang in the air.
int standing(const BuildingEstimate& estimate) {
  const auto cast = [](StoreyState band) { return band >= StoreyState::Frame; };
  const auto top = std::find_if_not(estimate.bands.begin(), estimate.bands.end(), cast);
  if (std::any_of(top, estimate.bands.end(), cast)) return -1;
  return static_cast<int>(top - estimate.bands.begin());
}

TEST(Fusion, OneCameraIsTakenAtItsWord) {
  const std::vector words{word("mast", 0, 7, 6, 8, 0.6)};
  const FusedEstimate fused = fuse(words, {});
  EXPECT_EQ(fused.estimate.storeys, 7);
  EXPECT_EQ(fused.estimate.storeys_low, 6);
  EXPECT_EQ(fused.estimate.confidence, 0.6);
  EXPECT_FALSE(fused.disagree);
}

TEST(Fusion, TwoUnsureCamerasThatAgreeAreSurerTogether) {
  const std::vector words{word("mast", 0, 7, 6, 8, 0.6), word("gate", 0, 7, 6, 8, 0.6)};
  const FusedEstimate fused = fuse(words, {});
  EXPECT_EQ(fused.estimate.storeys, 7);
  EXPECT_GT(fused.estimate.confidence, 0.8);
  EXPECT_FALSE(fused.disagree);
}

TEST(Fusion, TheSurerCameraCountsForMore) {
  const std::vector words{word("mast", 0, 7, 7, 9, 0.45), word("gate", 0, 8, 8, 8, 0.97)};
  EXPECT_EQ(fuse(words, {}).estimate.storeys, 8);
}

TEST(Fusion, CamerasThatExcludeEachOtherAreReportedAndTheIntervalHoldsBoth) {
  const std::vector words{word("mast", 0, 12, 12, 13, 0.95), word("gate", 1, 9, 8, 9, 0.6)};
  const FusedEstimate fused = fuse(words, {});
  EXPECT_TRUE(fused.disagree);
  EXPECT_EQ(fused.estimate.storeys, 12);
  EXPECT_EQ(fused.estimate.storeys_low, 8);
  EXPECT_EQ(fused.estimate.storeys_high, 13);
  EXPECT_LT(fused.estimate.confidence, 0.5);
}

TEST(Fusion, AnOldLowerWordIsNoDisagreement) {
  const std::vector words{word("mast", 60, 12, 12, 12, 0.95), word("gate", 0, 5, 5, 5, 0.95)};
  const FusedEstimate fused = fuse(words, {});
  EXPECT_FALSE(fused.disagree);
  EXPECT_EQ(fused.estimate.storeys, 12);
  EXPECT_EQ(fused.estimate.storeys_low, 12);
}

TEST(Fusion, AnOldHigherWordContradictsForABuildingDoesNotShrink) {
  const std::vector words{word("mast", 60, 9, 9, 9, 0.95), word("gate", 0, 12, 12, 12, 0.95)};
  EXPECT_TRUE(fuse(words, {}).disagree);
}

TEST(Fusion, FigureGoesBackOnlyWhenTheSpeakingCameraCorrectsItself) {
  std::vector words{word("mast", 0, 7, 7, 7, 0.9), word("gate", 0, 7, 6, 8, 0.5)};
  const auto before = word("", 0, 8, 8, 8, 0.9).estimate;
  EXPECT_EQ(fuse(words, before).estimate.storeys, 8);
  EXPECT_FALSE(fuse(words, before).estimate.corrected);
  words[0].estimate.corrected = true;
  words[0].estimate.correction = "later pictures show fewer storeys";
  EXPECT_EQ(fuse(words, before).estimate.storeys, 7);
  EXPECT_TRUE(fuse(words, before).estimate.corrected);
}

TEST(Fusion, BandsStandAsHighAsTheFigureThatIsHeld) {
  const std::vector words{word("mast", 0, 8, 8, 8, 0.9), word("gate", 0, 8, 7, 8, 0.5)};
  const FusedEstimate fused = fuse(words, word("", 0, 9, 9, 9, 0.9).estimate);
  EXPECT_EQ(fused.estimate.storeys, 9);
  EXPECT_EQ(standing(fused.estimate), 9);
}

TEST(Fusion, BandsStandAsHighAsAFigureThatNoCameraSays) {
  const std::vector words{word("mast", 0, 9, 6, 10, 0.35), word("gate", 0, 6, 5, 9, 0.3)};
  for (const auto& spoken : {words, std::vector(words.rbegin(), words.rend())}) {
    const FusedEstimate fused = fuse(spoken, {});
    EXPECT_GT(fused.estimate.storeys, 6);
    EXPECT_LT(fused.estimate.storeys, 9);
    EXPECT_EQ(standing(fused.estimate), fused.estimate.storeys);
  }
}

TEST(Fusion, BandsAndStageAreThoseOfACameraThatSaysTheFigure) {
  std::vector words{word("mast", 0, 17, 17, 18, 0.8), word("gate", 0, 18, 17, 18, 0.7),
                    word("roof", 0, 18, 17, 18, 0.75)};
  words[2].estimate.stage = Stage::ToppedOut;
  words[2].estimate.bands[0] = StoreyState::Infilled;
  const FusedEstimate fused = fuse(words, {});
  EXPECT_EQ(fused.estimate.storeys, 18);
  EXPECT_EQ(fused.estimate.stage, Stage::ToppedOut);
  EXPECT_EQ(fused.estimate.bands, words[2].estimate.bands);
}

TEST(Fusion, BandsAreThoseOfTheSurerCameraWhereTheyExcludeEachOther) {
  const std::vector words{word("mast", 0, 12, 12, 13, 0.95), word("gate", 1, 9, 8, 9, 0.6)};
  EXPECT_EQ(fuse(words, {}).estimate.bands, words[0].estimate.bands);
}

TEST(Fusion, OneCameraIsEnoughToSayThatMoreIsBuiltThanPlanned) {
  const std::vector words{word("mast", 0, planned, planned, planned + 2, 0.1),
                          word("gate", 0, planned, planned - 1, planned, 0.97)};
  const FusedEstimate fused = fuse(words, {});
  EXPECT_EQ(fused.estimate.storeys, planned);
  EXPECT_EQ(fused.estimate.storeys_high, planned + 2);
  EXPECT_LE(fused.estimate.confidence, 0.1);
}

TEST(Fusion, ACameraThatIsCertainOfTheWrongStoreyDoesNotRuleOutTheTruth) {
  const std::vector words{word("mast", 0, 7, 7, 8, 0.999), word("gate", 0, 8, 8, 8, 1.0),
                          word("roof", 0, 8, 8, 8, 1.0)};
  EXPECT_EQ(fuse(words, {}).estimate.storeys, 8);
}

}  // namespace
}  // namespace jieding
