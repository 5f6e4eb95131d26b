#include "vision/quality_gate.hpp"

#include <gmock/gmock.h>

#include <opencv2/imgproc.hpp>

#include "tests/vision/site.hpp"
#include "vision/decode.hpp"

namespace jieding::vision {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

cv::Mat clear_day() {
  cv::Mat small;
  cv::resize(decode_jpeg(read_file(pictures_of(JIEDING_SITE_A, 17, 1).at(0))).value(), small,
             {640, 360}, 0, 0, cv::INTER_AREA);
  return small;
}

/// Drops: here and there what is behind the glass runs together, but for what shines through.
cv::Mat with_drops(const cv::Mat& clean, int count, double through = 0) {
  cv::Mat wet, out = clean.clone(), drops(clean.size(), CV_8U, cv::Scalar(0));
  cv::GaussianBlur(clean, wet, {}, 0.02 * clean.rows);
  cv::RNG dice(7);
  for (int i = 0; i < count; ++i)
    cv::circle(drops, {dice.uniform(0, clean.cols), dice.uniform(0, clean.rows)},
               dice.uniform(clean.rows / 25, clean.rows / 11), 255, cv::FILLED);
  cv::GaussianBlur(drops, drops, {}, 0.006 * clean.rows);
  for (int y = 0; y < out.rows; ++y)
    for (int x = 0; x < out.cols; ++x) {
      const double share = (1 - through) * drops.at<uchar>(y, x) / 255.0;
      for (int c = 0; c < 3; ++c)
        out.at<cv::Vec3b>(y, x)[c] = cv::saturate_cast<uchar>(
            share * wet.at<cv::Vec3b>(y, x)[c] + (1 - share) * clean.at<cv::Vec3b>(y, x)[c]);
    }
  return out;
}

/// A soft disc of light over the picture.
cv::Mat with_glow(const cv::Mat& clean, cv::Point at, int radius, double strength) {
  cv::Mat glow(clean.size(), CV_8UC3, cv::Scalar::all(0)), out;
  cv::circle(glow, at, radius, cv::Scalar::all(255), cv::FILLED);
  cv::GaussianBlur(glow, glow, {}, 8);
  cv::addWeighted(clean, 1, glow, strength, 0, out);
  return out;
}

/// Walls and yards with small things all over them, as on a site seen from close by.
cv::Mat full_picture() {
  cv::Mat out(360, 640, CV_8UC3, cv::Scalar(150, 160, 170));
  cv::RNG dice(3);
  const auto thing = [&](int smallest, int largest) {
    const cv::Rect place(dice.uniform(-20, 630), dice.uniform(-20, 350),
                         dice.uniform(smallest, largest), dice.uniform(smallest, largest));
    cv::rectangle(out, place, cv::Scalar::all(dice.uniform(20, 235)), cv::FILLED);
  };
  for (int i = 0; i < 60; ++i)
    thing(60, 160);
  for (int i = 0; i < 4000; ++i)
    thing(2, 9);
  cv::GaussianBlur(out, out, {}, 0.6);
  return out;
}

/// Every other yard is tidy: nothing but a soft edge.
cv::Mat tidy_and_full_yards() {
  const cv::Mat full = full_picture();
  cv::Mat out = full.clone(), soft;
  cv::GaussianBlur(full, soft, {}, 5);
  for (int y = 0; y < 360; y += 72)
    for (int x = (y / 72 % 2) * 80; x < 640; x += 160) {
      const cv::Rect yard(x, y, 80, 72);
      soft(yard).copyTo(out(yard));
    }
  return out;
}

QualityGate gate_used_to(const cv::Mat& picture) {
  QualityGate gate;
  for (int i = 0; i < 6; ++i)
    gate.accept(measure(picture));
  return gate;
}

QualityGate settled_gate() {
  QualityGate gate;
  for (int i = 0; i < 6; ++i)
    gate.accept(measure(clear_day()));
  return gate;
}

TEST(QualityGate, ClearDayIsUsable) {
  EXPECT_THAT(settled_gate().refuse(measure(clear_day()), false), IsEmpty());
  EXPECT_THAT(QualityGate().refuse(measure(clear_day()), false), IsEmpty());
}

TEST(QualityGate, BlackFrameIsDark) {
  const cv::Mat black(360, 640, CV_8UC3, cv::Scalar(3, 3, 3));
  EXPECT_THAT(QualityGate().refuse(measure(black), false), Contains("dark"));
}

TEST(QualityGate, WhiteFrameIsBlownOut) {
  const cv::Mat white(360, 640, CV_8UC3, cv::Scalar(255, 255, 255));
  EXPECT_THAT(QualityGate().refuse(measure(white), false), Contains("blown_out"));
}

TEST(QualityGate, BlurredPictureIsDefocused) {
  cv::Mat soft;
  cv::GaussianBlur(clear_day(), soft, {}, 4);
  EXPECT_THAT(settled_gate().refuse(measure(soft), false), Contains("defocus"));
}

/// Sky over a field, with a few machines in it: nearly all strong edges are the hazy horizon's.
cv::Mat field_with_machines() {
  cv::Mat out(360, 640, CV_8UC3, cv::Scalar(215, 205, 200));
  out(cv::Rect(0, 240, 640, 120)).setTo(cv::Scalar(70, 130, 100));
  cv::GaussianBlur(out, out, {}, 3);
  for (int i = 0; i < 6; ++i)
    cv::rectangle(out, {150 + 55 * i, 258, 16, 8}, cv::Scalar(60, 190, 240), cv::FILLED);
  return out;
}

TEST(QualityGate, HazyHorizonIsNotOutOfFocusWhereMachinesAreSharp) {
  const cv::Mat field = field_with_machines();
  ASSERT_LT(measure(field).sharpness, 2.4) << "the horizon is what most strong edges are";
  EXPECT_THAT(QualityGate().refuse(measure(field), false), IsEmpty());
  cv::Mat soft;
  cv::GaussianBlur(field, soft, {}, 4);
  EXPECT_THAT(QualityGate().refuse(measure(soft), false), Contains("defocus"));
}

TEST(QualityGate, WhatIsWrittenIntoAPictureDoesNotMakeItSharp) {
  cv::Mat soft;
  cv::GaussianBlur(field_with_machines(), soft, {}, 4);
  cv::putText(soft, "2026-03-10 Tue 15:13:00", {12, 20}, cv::FONT_HERSHEY_SIMPLEX, 0.5,
              cv::Scalar::all(0), 1);
  EXPECT_THAT(QualityGate().refuse(measure(soft), false), Contains("defocus"));
}

TEST(QualityGate, CoveredLensIsBlocked) {
  cv::Mat covered = clear_day();
  covered(cv::Rect(100, 0, 540, 360)).setTo(cv::Scalar(40, 40, 40));
  cv::GaussianBlur(covered, covered, {}, 4);
  EXPECT_THAT(settled_gate().refuse(measure(covered), false), Contains("blocked"));
}

TEST(QualityGate, WhiteoutIsFog) {
  cv::Mat fog = clear_day();
  fog = fog * 0.03 + cv::Scalar(180, 180, 180);
  EXPECT_THAT(settled_gate().refuse(measure(fog), false), Contains("fog"));
}

TEST(QualityGate, FogBehindAWireIsFog) {
  cv::Mat fog = clear_day();
  fog = fog * 0.02 + cv::Scalar(200, 200, 200);
  for (int y = 30; y < 100; y += 3)
    cv::line(fog, {0, y}, {639, y + 40}, cv::Scalar(180, 180, 180), 1, cv::LINE_AA);
  EXPECT_GT(measure(fog).structure, 1.7);
  EXPECT_THAT(settled_gate().refuse(measure(fog), false), Contains("fog"));
}

TEST(QualityGate, DropsOnTheGlassAreDirtyLens) {
  const cv::Mat clean = full_picture();
  EXPECT_THAT(gate_used_to(clean).refuse(measure(with_drops(clean, 40)), false),
              ElementsAre("dirty_lens"));
}

TEST(QualityGate, DropsThatLightShinesThroughAreDirtyLens) {
  const cv::Mat clean = clear_day();
  EXPECT_THAT(gate_used_to(clean).refuse(measure(with_drops(clean, 40, 0.1)), false),
              ElementsAre("dirty_lens"));
}

TEST(QualityGate, LampsAtNightWithTheirHalosAreNoDirt) {
  const cv::Mat clean = full_picture();
  cv::Mat lit = clean * 0.4;
  for (const int x : {60, 180, 300, 420, 540})
    for (const int y : {70, 180, 290})
      lit = with_glow(lit, {x, y}, 14, 2);
  EXPECT_THAT(gate_used_to(clean).refuse(measure(lit), false), IsEmpty());
}

TEST(QualityGate, CloudsWhereNothingSharpWasAreNoDirt) {
  cv::Mat clean = full_picture();
  clean(cv::Rect(0, 0, 640, 200)).setTo(cv::Scalar(150, 140, 130));
  cv::Mat cloudy = clean;
  for (const int x : {60, 200, 350, 480, 600})
    cloudy = with_glow(cloudy, {x, 70}, 30, 0.3);
  EXPECT_THAT(gate_used_to(clean).refuse(measure(cloudy), false), IsEmpty());
}

TEST(QualityGate, ShadeAndHazeAreNoDirt) {
  const cv::Mat clean = full_picture();
  cv::Mat shaded = clean.clone();
  cv::Mat shade = shaded(cv::Rect(0, 120, 640, 240));
  shade *= 0.35;
  EXPECT_THAT(gate_used_to(clean).refuse(measure(shaded), false), IsEmpty());
  const cv::Mat hazy = clean * 0.4 + cv::Scalar(110, 110, 110);
  EXPECT_THAT(gate_used_to(clean).refuse(measure(hazy), false), IsEmpty());
}

TEST(QualityGate, AKnockIsNoDirt) {
  const cv::Mat clean = tidy_and_full_yards();
  for (const auto& [dx, dy] : {std::pair{40.0, 0.0}, {-55.0, 21.0}, {9.0, -30.0}}) {
    cv::Mat knocked;
    cv::warpAffine(clean, knocked, cv::Matx23d(1, 0, dx, 0, 1, dy), clean.size(), cv::INTER_LINEAR,
                   cv::BORDER_REFLECT_101);
    EXPECT_THAT(gate_used_to(clean).refuse(measure(knocked), false, true), IsEmpty())
        << dx << ' ' << dy;
  }
}

TEST(QualityGate, DirtThatStaysBecomesUsual) {
  const cv::Mat clean = full_picture(), dirty = with_drops(clean, 80);
  QualityGate gate = gate_used_to(clean);
  int refused = 0;
  while (refused < 100 && !gate.refuse(measure(dirty), false).empty())
    ++refused;
  EXPECT_GE(refused, 4);
  EXPECT_LE(refused, 12);
}

TEST(QualityGate, WhatIsTakenForDirtAgainAndAgainIsLearned) {
  const cv::Mat clean = full_picture(), soft = with_drops(clean, 80);
  QualityGate gate = gate_used_to(clean);
  bool accepted = false;
  for (int i = 0; i < 40 && !accepted; ++i) {
    if (i % 4 == 0) {  // never so many in a row that all is forgotten
      EXPECT_THAT(gate.refuse(measure(clean), false), IsEmpty());
      gate.accept(measure(clean));
    }
    accepted = gate.refuse(measure(soft), false).empty();
    EXPECT_FALSE(accepted && i == 0);
  }
  EXPECT_TRUE(accepted);
}

TEST(QualityGate, RestoredGateJudgesAlike) {
  const cv::Mat clean = full_picture(), dirty = with_drops(clean, 40);
  QualityGate gate = gate_used_to(clean), again;
  gate.refuse(measure(dirty), false);
  BlobWriter out;
  gate.save(out);
  const std::string blob = out.seal();
  BlobReader in(blob);
  ASSERT_TRUE(again.restore(in) && in.at_end());
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(gate.refuse(measure(dirty), false), again.refuse(measure(dirty), false)) << i;
}

TEST(QualityGate, RepeatedPictureIsFrozen) {
  EXPECT_THAT(settled_gate().refuse(measure(clear_day()), true), Contains("frozen"));
}

}  // namespace
}  // namespace jieding::vision
