// What the rows of a strip are judged by: calm sides, the pattern behind, what stands beside, and
// where the corners put the horizon.
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "tests/vision/drawn_strip.hpp"
#include "vision/beside.hpp"
#include "vision/calm.hpp"
#include "vision/evidence.hpp"
#include "vision/horizon.hpp"
#include "vision/parapet.hpp"
#include "vision/pattern.hpp"

namespace jieding::vision {
namespace {

const cv::Size picture(640, 360);
const cv::Scalar sky(200, 190, 180), net(60, 140, 60), brick(90, 100, 150);

/// A strip of sky with something before it between two heights.
cv::Mat strip_with(double from, double to) {
  cv::Mat strip(rows, strip_columns, CV_8UC3, sky);
  strip(front(from, to)).setTo(net);
  return strip;
}

/// The pool has nothing to say of this strip, which lies wholly in the picture.
Change unknown(const cv::Mat& strip = strip_with(0, 0)) {
  Change out;
  out.seen = strip;
  out.shown = cv::Mat(strip.size(), CV_8U, cv::Scalar(255));
  out.distance = cv::Mat(rows, strip_columns, CV_32F, cv::Scalar(1e6));
  out.known = cv::Mat::zeros(rows, strip_columns, CV_8U);
  out.misfit.assign(rows, 0);
  out.as_it_stood.assign(rows, -1);
  return out;
}

/// Everything is explained but for so much.
Change explained(double distance, const cv::Mat& strip = strip_with(0, 0)) {
  Change out = unknown(strip);
  out.known.setTo(255);
  out.distance.setTo(distance);
  return out;
}

cv::Mat noise(std::uint64_t seed) {
  cv::Mat out(rows, strip_columns, CV_32F);
  cv::RNG(seed).fill(out, cv::RNG::UNIFORM, 60, 180);
  return out;
}

double likeness(const cv::Mat& seen, const cv::Mat& expected) {
  return cv::mean(
      same_pattern(Pattern::of(seen), cv::Range(0, seen.rows), Pattern::of(expected)))[0];
}

/// Ground left, ground right, roof right, roof left of a front `yaw` turned, seen by a camera that
/// looks up by `pitch` from `height` metres; picture pixels.
std::array<Point, 4> corners_seen(double focal_px, double yaw, double pitch, double height) {
  std::array<Point, 4> out;
  const double across[] = {-12, 12, 12, -12}, up[] = {0, 0, 45, 45};
  for (std::size_t i = 0; i < 4; ++i) {
    const double x = across[i] * std::cos(yaw), deep = 90 + across[i] * std::sin(yaw);
    const double y = up[i] - height;
    const double forward = deep * std::cos(pitch) + y * std::sin(pitch);
    const double above = y * std::cos(pitch) - deep * std::sin(pitch);
    out[i] = {picture.width / 2.0 + focal_px * x / forward,
              picture.height / 2.0 - focal_px * above / forward};
  }
  return out;
}

double likely_row(const std::vector<Horizon>& horizons) {
  double sum = 0;
  for (const Horizon& horizon : horizons)
    sum += horizon.weight * horizon.row_px;
  return sum;
}

TEST(Calm, ASkyInFogAsksForLessThanARestlessStreet) {
  const auto fog = changed_from(explained(0.2)), street = changed_from(explained(3));
  EXPECT_LT(fog[rows / 2], 0.7 * street[rows / 2]);
}

TEST(Calm, UnknownSidesAskForAsMuchAsAny) {
  EXPECT_DOUBLE_EQ(changed_from(unknown())[rows / 2], changed_from(explained(9))[rows / 2]);
}

TEST(Pattern, WindowsStayTheSameInOtherLight) {
  const cv::Mat day = noise(1);
  EXPECT_GT(likeness(day * 0.4 + 20, day), 0.95);
}

TEST(Pattern, AnotherPatternIsAnother) {
  EXPECT_LT(likeness(noise(2), noise(1)), 0.05);
}

TEST(Pattern, LevelEdgesAreAllAlikeAndSayNothing) {
  cv::Mat slabs;
  cv::reduce(noise(1), slabs, 1, cv::REDUCE_AVG);
  slabs = cv::repeat(slabs * 4, 1, strip_columns);
  EXPECT_EQ(likeness(slabs, slabs), 0);
}

TEST(Beside, ATowerBeforeTheSkyStandsOut) {
  const Standing standing = read_standing(strip_with(0, 6), whole);
  EXPECT_GT(standing.contrast[row_at(3)], 0.9);
  EXPECT_LT(standing.contrast[row_at(9)], 0.1);
  EXPECT_GT(standing.outline[row_at(3)], 1);
  EXPECT_GT(standing.outline[row_at(3)], standing.outline[row_at(9)]);
}

TEST(Beside, WingIsNoHigherThanTheSkyOverItThoughAHigherOneStandsBeside) {
  cv::Mat strip = strip_with(0, 7);
  strip(part(0, side_columns, 0, planned)).setTo(brick);
  const Standing standing = read_standing(strip, whole);
  EXPECT_GT(standing.contrast[row_at(4)], 0.9);
  EXPECT_LT(standing.contrast[row_at(10)], 0.1);
}

/// A house behind that reaches half across, and one beside that ends where the facade does.
TEST(Beside, WhatLeavesOutTheFacadesOtherSideDoesNotEndThere) {
  cv::Mat strip(rows, strip_columns, CV_8UC3, sky);
  strip(part(side_columns + facade_columns, strip_columns, 0, 10)).setTo(brick);
  const int half = side_columns + facade_columns / 2;
  strip(part(side_columns, half, 0, 10)).setTo(net);
  EXPECT_LT(read_standing(strip, whole).outline[row_at(5)], 0);
  strip(part(half, side_columns + facade_columns, 0, 10)).setTo(net);
  EXPECT_GT(read_standing(strip, whole).outline[row_at(5)], 1);
}

TEST(Beside, AMotleyYardSaysNothing) {
  cv::Mat yard(rows, strip_columns, CV_8UC3);
  cv::RNG(7).fill(yard, cv::RNG::UNIFORM, 0, 255);
  const Standing standing = read_standing(yard, whole);
  for (const double contrast : standing.contrast)
    EXPECT_EQ(contrast, -1);
}

TEST(Rows, WhatStandsStandsOnTheGround) {
  const RowEvidence tower = read_rows(unknown(strip_with(0, 10)), 0);
  EXPECT_NEAR(tower.top, 10, 0.5);
  EXPECT_GT(tower.unlike, 0.9);
  const RowEvidence behind = read_rows(unknown(strip_with(4, 10)), 0);
  EXPECT_LT(behind.unlike, 0.3);
}

TEST(Rows, ATowerIsOutlinedAndAMotleySlopeIsNot) {
  EXPECT_GT(read_rows(unknown(strip_with(0, 10)), 0).outlined, 0.9);
  cv::Mat slope = strip_with(0, 10);
  cv::Mat ground = slope.rowRange(0, 10 * rows_per_storey);
  cv::RNG(7).fill(ground, cv::RNG::UNIFORM, 0, 255);
  EXPECT_EQ(read_rows(unknown(slope), 0).outlined, 0);
}

TEST(Rows, ATowerNearlyAsGreyAsTheSkyIsOutlined) {
  cv::Mat strip = strip_with(0, 10);
  strip.setTo(sky - cv::Scalar::all(7), strip_with(0, 10) != cv::Mat(strip.size(), CV_8UC3, sky));
  const RowEvidence seen = read_rows(unknown(strip), 0);
  EXPECT_LT(seen.unlike, 0.2);
  EXPECT_GT(seen.outlined, 0.9);
  EXPECT_GT(seen.outline, 1.3);
}

TEST(Rows, AnOpenFrameCountsByItsSlabs) {
  Change change = explained(0.2);
  for (int n = 0; n <= 6; ++n)  // slabs, with a column for every fourth of the width between them
    for (int y = 0; y < rows_per_storey; ++y) {
      const int row = n * rows_per_storey + y;
      if (n == 6 && y > 1) break;
      for (int x = side_columns; x < side_columns + facade_columns; ++x)
        if (y < 2 || x % 4 == 0) change.distance.at<float>(row, x) = 20;
    }
  const RowEvidence evidence = read_rows(change, 0);
  EXPECT_NEAR(evidence.top, 6.1, 0.3);
}

/// Explained but for so much of the facade, from one height to another.
void set_changed(Change& change, double from, double to) {
  change.distance(front(from, to)).setTo(20);
}

/// A camera that came at five storeys knows nothing of what lies behind them.
TEST(Rows, NextToATwinInTheSameNetTheSidesDoNotDenyWhatThePoolDoesNotKnow) {
  const cv::Mat twins(rows, strip_columns, CV_8UC3, net);
  Change change = explained(0.2, twins);
  change.known.rowRange(0, 5 * rows_per_storey).setTo(0);
  EXPECT_EQ(read_rows(change, 0).top, 0) << "no storey proves the sides wrong";
  set_changed(change, 5, 7);
  EXPECT_NEAR(read_rows(change, 0).top, 7, 0.2);
}

TEST(Rows, BeamAboveANetIsNoSlabOfAnOpenStorey) {
  Change change = explained(0.2, strip_with(0, 6));
  set_changed(change, 0, 6);
  set_changed(change, 7.2, 7.7);
  EXPECT_NEAR(read_rows(change, 0).top, 6, 0.2);
  change.known.rowRange(0, 5 * rows_per_storey).setTo(0);
  EXPECT_NEAR(read_rows(change, 0).top, 6, 0.2) << "a camera that came late";
}

TEST(Rows, PictureFarOffDoesNotDenyWhatStood) {
  Change change = explained(0.2, strip_with(0, 6));
  change.witnesses = Change::enough_witnesses;
  EXPECT_GT(read_rows(change, 6).trust, 0.9);
  EXPECT_EQ(read_rows(change, 6).top, 0) << "it explains the tower as the light of the day";
  change.misfit.assign(rows, 20);
  EXPECT_NEAR(read_rows(change, 6).top, 6, 0.2);
  EXPECT_LT(read_rows(change, 6).trust, 0.1) << "nor is it known what the light makes of the rest";
  EXPECT_EQ(read_rows(change, 0).top, 0) << "nothing is known to stand";
}

/// A net before a field of its colour: pictures of the empty site explain the tower.
TEST(Rows, WhatLooksAsWhenItStoodIsBuiltAndWhatDeniedItIsNotBelievedAboveIt) {
  cv::Mat strip = strip_with(0, 8);
  Change change = explained(0.2, strip);
  ASSERT_EQ(read_rows(change, 6).top, 0);
  std::fill_n(change.as_it_stood.begin(), 6 * rows_per_storey, 0.9);
  EXPECT_NEAR(read_rows(change, 6).top, 8, 0.4) << "two storeys more, which only the sides show";
  set_changed(change, 0, 6);
  change.as_it_stood.assign(rows, -1);
  EXPECT_NEAR(read_rows(change, 6).top, 6, 0.2) << "where they know the tower, they are believed";
}

TEST(Rows, SidesAloneProveABodyWhateverPicturesOfTheSiteSay) {
  EXPECT_NEAR(read_rows(explained(0.2, strip_with(0, 8)), 0).built_by_sides, 8, 0.4);
  EXPECT_EQ(read_rows(explained(0.2, strip_with(0, 1)), 0).built_by_sides, 0) << "a hut";
}

/// What was put back after a knock repeats its border where the picture ends.
TEST(Rows, WhatLiesOutsideThePictureSaysNothing) {
  Change change = unknown(strip_with(0, planned));
  change.shown.rowRange(6 * rows_per_storey, rows).setTo(0);
  EXPECT_NEAR(read_rows(change, 0).top, 6, 0.2);
}

/// A whole building's rows; what stands on its roof, up to half a storey, fills so much of the
/// width, its slab so much.
RowEvidence with_parapet(double filled, double slab) {
  constexpr int roof = planned * rows_per_storey, edge = roof + rows_per_storey / 2;
  RowEvidence out;
  for (int y = 0; y < rows; ++y)
    out.beyond.push_back(y <= roof ? slab : y < edge ? filled : 0);
  out.top = static_cast<double>(edge) / rows_per_storey;
  return out;
}

TEST(Parapet, RebarFillsLessOfTheWidthThanTheSlabItStandsOn) {
  EXPECT_LT(closed_parapet(with_parapet(0.86, 1), planned), -1);
  EXPECT_GT(closed_parapet(with_parapet(0.99, 1), planned), 1);
}

TEST(Parapet, LightThatHidesTheSlabHidesAClosedParapetToo) {
  EXPECT_EQ(closed_parapet(with_parapet(0.66, 0.78), planned), 0);
  RowEvidence strange = with_parapet(0.86, 1);
  strange.trust = 0.5;
  EXPECT_EQ(closed_parapet(strange, planned), 0);
}

TEST(Parapet, NothingIsToldOfARoofThatIsNotReachedOrHiddenByWorksAboveIt) {
  RowEvidence seen = with_parapet(0.86, 1);
  for (const double top : {0.0, planned - 0.5, planned + 0.1, planned + 1.0}) {
    seen.top = top;
    EXPECT_EQ(closed_parapet(seen, planned), 0) << top;
  }
}

TEST(Horizon, IsWhereAskewLevelEdgesMeet) {
  for (const double pitch : {-0.15, 0.0, 0.15}) {
    const auto corners = corners_seen(500, 0.5, pitch, 20);
    const double truth = picture.height / 2.0 + 500 * std::tan(pitch);
    EXPECT_NEAR(likely_row(horizons_of(corners, picture)), truth, 15) << pitch;
  }
}

TEST(Horizon, FrontalUprightEdgesTellWhichSideItLies) {
  const double up = likely_row(horizons_of(corners_seen(640, 0, 0.15, 5), picture));
  const double level = likely_row(horizons_of(corners_seen(640, 0, 0, 5), picture));
  const double down = likely_row(horizons_of(corners_seen(640, 0, -0.15, 60), picture));
  EXPECT_NEAR(level, picture.height / 2.0, 5);
  EXPECT_GT(up, level + 30);
  EXPECT_LT(down, level - 30);
}

}  // namespace
}  // namespace jieding::vision
