#include "vision/cladding.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "vision/facade.hpp"

namespace jieding::vision {
namespace {

constexpr int storeys = 18;

/// A facade of brick and dark bays, no storey quite like the next, with finished storeys from
/// `first_clad` to below `end`, seen through `fog` (0..1) that is thicker near the ground.
cv::Mat facade_strip(int first_clad, double fog = 0, int end = storeys) {
  cv::Mat strip((storeys + storeys_above_roof) * rows_per_storey, strip_columns, CV_8UC3,
                cv::Scalar(200, 190, 180));
  for (int n = 0; n < storeys; ++n) {
    const bool clad = n >= first_clad && n < end;
    const int y = n * rows_per_storey;
    const int shade = clad ? 0 : n % 2 * 2;
    strip(cv::Rect(side_columns, y, facade_columns, rows_per_storey)) =
        clad ? cv::Scalar(170, 175, 180) : cv::Scalar(90 + shade, 100 + shade, 125 + shade);
    for (int bay = 0; bay < 5; ++bay)
      strip(cv::Rect(side_columns + 5 + bay * 12, y + 4, 7, 5)) =
          clad ? cv::Scalar(90, 80, 70) : cv::Scalar(20 + shade, 22 + shade, 25 + shade);
  }
  for (int y = 0; y < strip.rows; ++y) {
    const double thick = fog * (1 - 0.5 * y / strip.rows);
    strip.row(y) = strip.row(y) * (1 - thick) + cv::Scalar(215, 215, 215) * thick;
  }
  return strip;
}

LookSteps steps_of(const cv::Mat& strip) {
  return look_steps(strip, cv::Mat(strip.size(), CV_8U, cv::Scalar(255)));
}

/// As letters from the ground up: c is clad.
std::string clad(const CladdingWatch& watch) {
  std::string out;
  for (int n = 0; n < storeys; ++n)
    out += watch.is_clad(n) ? 'c' : '.';
  return out;
}

std::string from(int first) {
  return std::string(static_cast<std::size_t>(first), '.') +
         std::string(static_cast<std::size_t>(storeys - first), 'c');
}

TEST(Cladding, EdgeIsFollowedDownToTheGround) {
  CladdingWatch watch(storeys);
  for (int i = 0; i < 6; ++i)
    watch.see(steps_of(facade_strip(storeys)));
  EXPECT_LT(watch.third(), 0.5);
  for (const int first : {11, 9, 6, 4, 2}) {
    watch.see(steps_of(facade_strip(first)));
    EXPECT_EQ(clad(watch), from(first));
  }
  EXPECT_GT(watch.third(), 0.95);
  EXPECT_LT(watch.all(), 0.5);
  for (int i = 0; i < 3; ++i)
    watch.see(steps_of(facade_strip(0)));
  EXPECT_GT(watch.all(), 0.5);
}

TEST(Cladding, EdgeThatStandsOutFarIsBelievedAlsoWhereMuchIsClad) {
  CladdingWatch watch(storeys);
  for (int i = 0; i < 6; ++i)
    watch.see(steps_of(facade_strip(storeys)));
  watch.see(steps_of(facade_strip(5)));
  EXPECT_GT(watch.third(), 0.6);
}

TEST(Cladding, EdgeThatGoesUpIsFollowedToTheRoof) {
  CladdingWatch watch(storeys);
  for (int i = 0; i < 6; ++i)
    watch.see(steps_of(facade_strip(storeys)));
  for (const int end : {6, 8, 11, 14}) {
    watch.see(steps_of(facade_strip(0, 0, end)));
    watch.see(steps_of(facade_strip(0, 0, end)));
    std::string expected = from(end);
    for (char& letter : expected)
      letter = letter == 'c' ? '.' : 'c';
    EXPECT_EQ(clad(watch), expected);
  }
  EXPECT_GT(watch.third(), 0.95);
}

TEST(Cladding, WhatHidesTheFirstStoreyIsNoEdge) {
  CladdingWatch watch(storeys);
  cv::Mat fenced = facade_strip(0);
  fenced.rowRange(0, rows_per_storey) = cv::Scalar(180, 120, 60);
  for (const int first : {18, 11, 8, 5, 3})
    watch.see(steps_of(facade_strip(first)));
  for (int i = 0; i < 4; ++i)
    watch.see(steps_of(fenced));
  EXPECT_GT(watch.all(), 0.5);
}

TEST(Cladding, FogMakesNoEdgeAndHidesNone) {
  CladdingWatch watch(storeys);
  for (int i = 0; i < 6; ++i)
    watch.see(steps_of(facade_strip(storeys, 0.7)));
  EXPECT_LT(watch.third(), 0.5);
  for (const int first : {10, 8, 8})
    watch.see(steps_of(facade_strip(first, 0.7)));
  EXPECT_EQ(clad(watch), from(8));
}

TEST(Cladding, WhatStoodOutBeforeToppingOutDoesNotCount) {
  CladdingWatch watch(storeys);
  cv::Mat podium = facade_strip(storeys);
  podium.rowRange(0, 3 * rows_per_storey) *= 0.4;
  for (int cast = 8; cast < storeys; ++cast)
    watch.learn(steps_of(podium), cast);
  for (int i = 0; i < 12; ++i) {
    watch.see(steps_of(podium));
    EXPECT_LT(watch.third(), 0.6) << "from which on it is the facade's stage; picture " << i;
  }
}

TEST(Cladding, StainThatTheEdgeHasPassedIsNoEdge) {
  CladdingWatch watch(storeys);
  const auto stained = [](int first) {
    cv::Mat strip = facade_strip(first);
    strip.rowRange(0, 8 * rows_per_storey) *= 0.9;  // the shadow of a neighbour
    return steps_of(strip);
  };
  for (const int first : {18, 18, 11, 6, 5, 4, 4, 3, 2, 2, 0})
    watch.see(stained(first));
  for (int i = 0; i < 20; ++i) {
    watch.see(stained(0));
    EXPECT_GT(watch.all(), 0.5) << "picture " << i;
  }
}

TEST(Cladding, StoreysOutOfThePictureSayNothing) {
  const cv::Mat strip = facade_strip(9);
  cv::Mat inside(strip.size(), CV_8U, cv::Scalar(255));
  inside.rowRange(0, 10 * rows_per_storey) = 0;
  const LookSteps steps = look_steps(strip, inside);
  for (std::size_t n = 0; n < 10; ++n) {
    EXPECT_EQ(steps.down[n], -1);
    EXPECT_EQ(steps.up[n], -1);
  }
}

TEST(Cladding, FrontOutOfSightDoesNotGetReady) {
  CladdingWatch watch(storeys);
  const cv::Mat strip = facade_strip(9);
  for (int i = 0; i < 30; ++i)
    watch.see(look_steps(strip, cv::Mat::zeros(strip.size(), CV_8U)));
  EXPECT_EQ(watch.third(), 0);
}

TEST(Cladding, EdgeThatNobodySawBeginHasNotBegun) {
  const cv::Mat strip = facade_strip(storeys);
  cv::Mat inside(strip.size(), CV_8U, cv::Scalar(255));
  inside.rowRange(12 * rows_per_storey, inside.rows) = 0;
  CladdingWatch roof_unseen(storeys), roof_stands(storeys);
  for (int i = 0; i < 30; ++i) {
    roof_unseen.see(look_steps(strip, inside), true);
    roof_stands.see(look_steps(strip, inside));
  }
  EXPECT_LT(roof_unseen.third(), 0.1);
  EXPECT_GT(roof_stands.third(), 0.5) << "there it may have come down above the picture";
}

TEST(Cladding, BeliefIsTheSameAfterARestart) {
  CladdingWatch watch(storeys), again(storeys), other(storeys + 1);
  for (const int first : {18, 11, 9})
    watch.see(steps_of(facade_strip(first)));
  BlobWriter out;
  watch.save(out);
  const std::string bytes = out.seal();
  BlobReader in(bytes), wrong(bytes);
  ASSERT_TRUE(again.restore(in));
  EXPECT_EQ(again.third(), watch.third());
  EXPECT_EQ(clad(again), from(9));
  EXPECT_FALSE(other.restore(wrong));
}

}  // namespace
}  // namespace jieding::vision
