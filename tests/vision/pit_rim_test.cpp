#include "vision/pit_rim.hpp"

#include <gtest/gtest.h>

#include <string>

#include "vision/gauss.hpp"
#include "vision/strip.hpp"

namespace jieding::vision {
namespace {

constexpr double hardly_wild = 0.04;
constexpr double edge_sigma = 0.11;  // storeys

/// Of a clear top edge at this height.
std::vector<double> edge_at(double storeys) {
  std::vector<double> out;
  for (int y = 0; y < 8 * rows_per_storey; ++y) {
    const double off = static_cast<double>(y) / rows_per_storey - storeys;
    out.push_back(gauss(off, edge_sigma));
  }
  return out;
}

double see(PitRim& rim, double height) {
  return rim.see(edge_at(height), hardly_wild, 1, 1);
}

TEST(PitRim, WhatWasSeenThereBeforeIsExpectedThere) {
  PitRim rim;
  const double first = see(rim, 2);
  EXPECT_NEAR(first, 1 / pit_reach, 0.1) << "before anything is known every height is as likely";
  for (int i = 0; i < 5; ++i)
    see(rim, 2);
  EXPECT_GT(see(rim, 2), 4 * first);
}

TEST(PitRim, PitMayGrowWiderAndBeDugElsewhere) {
  PitRim rim;
  for (int i = 0; i < 20; ++i)
    see(rim, 0.5);
  const double wider = PitRim(rim).see(edge_at(0.75), hardly_wild, 1, 1);
  const double elsewhere = PitRim(rim).see(edge_at(2), hardly_wild, 1, 1);
  EXPECT_GT(wider, 2 * elsewhere);
  EXPECT_GT(elsewhere, 0.02);
}

TEST(PitRim, NothingIsExpectedAboveItsReach) {
  PitRim rim;
  EXPECT_LT(see(rim, 3), 1e-6);
}

TEST(PitRim, PicturesThatSayNothingNewTeachNothing) {
  PitRim rim;
  for (int i = 0; i < 3; ++i)
    see(rim, 1);
  const double before = PitRim(rim).see(edge_at(1), hardly_wild, 0, 0);
  for (int i = 0; i < 50; ++i)
    rim.see(edge_at(2), hardly_wild, 0, 0);
  EXPECT_DOUBLE_EQ(rim.see(edge_at(1), hardly_wild, 0, 0), before);
}

TEST(PitRim, GoesOnFromWhatWasSavedAndRefusesWhatIsNoBelief) {
  PitRim rim, again;
  for (int i = 0; i < 3; ++i)
    see(rim, 1);
  BlobWriter out, broken;
  rim.save(out);
  broken.put(std::vector<double>(27, 1.0));
  const std::string blob = out.seal(), bad = broken.seal();
  BlobReader bad_in(bad), in(blob);
  EXPECT_FALSE(again.restore(bad_in));
  ASSERT_TRUE(again.restore(in));
  EXPECT_EQ(see(again, 1.3), see(rim, 1.3));
}

}  // namespace
}  // namespace jieding::vision
