#include "vision/pace.hpp"

#include <gtest/gtest.h>

#include <string>

namespace jieding::vision {
namespace {

constexpr int planned = 12, in_view = 7;

/// Rises as far as the picture reaches, `each` pictures a storey.
Pace risen(int each, int from = 1) {
  Pace pace(planned);
  for (int n = from; n <= in_view; ++n)
    for (int i = 0; i < each; ++i)
      pace.see(n, false);
  return pace;
}

/// Pictures with the works above them until all storeys are held to be cast; 100 if never.
int pictures_until_cast(Pace& pace) {
  int pictures = 0;
  while (pictures < 100 && !pace.all_cast()) {
    pace.see(in_view, true);
    ++pictures;
  }
  return pictures;
}

TEST(Pace, StoreysAboveThePictureTakeAsManyPicturesAsThoseInIt) {
  Pace pace = risen(3);
  EXPECT_NEAR(pictures_until_cast(pace), 3 * (planned - in_view), 4);
}

TEST(Pace, StoreysAreReckonedOnAboveThePictureUpToThePlan) {
  Pace pace = risen(4);
  EXPECT_FALSE(pace.cast_by_now()) << "they are seen";
  pace.see(in_view, true);
  EXPECT_EQ(pace.cast_by_now(), in_view);
  for (int i = 0; i < 8; ++i)
    pace.see(in_view, true);
  EXPECT_EQ(pace.cast_by_now(), in_view + 2);
  for (int i = 0; i < 80; ++i)
    pace.see(in_view, true);
  EXPECT_EQ(pace.cast_by_now(), planned);
}

TEST(Pace, WhatPeopleCountIsWhereItIsReckonedFrom) {
  Pace pace = risen(4);
  for (int i = 0; i < 9; ++i)
    pace.see(in_view, true);
  pace.confirm(in_view + 1);
  EXPECT_EQ(pace.cast_by_now(), in_view + 1);
  for (int i = 0; i < 4; ++i)
    pace.see(in_view, true);
  EXPECT_EQ(pace.cast_by_now(), in_view + 2);
}

TEST(Pace, CameraThatTakesTwiceAsManyPicturesSaysTheSame) {
  Pace slow = risen(3), quick = risen(6);
  EXPECT_NEAR(pictures_until_cast(quick), 2 * pictures_until_cast(slow), 3);
}

TEST(Pace, LongStopCountsForLittle) {
  Pace pace(planned), steady = risen(3);
  for (int n = 1; n <= in_view; ++n)
    for (int i = 0; i < (n == 4 ? 40 : 3); ++i)
      pace.see(n, false);
  EXPECT_LE(pictures_until_cast(pace), pictures_until_cast(steady) + 7);
}

TEST(Pace, CameraThatSawHardlyAStoreyRiseKnowsNone) {
  Pace pace = risen(3, in_view - 1);
  EXPECT_EQ(pictures_until_cast(pace), 100);
  EXPECT_FALSE(pace.cast_by_now());
}

TEST(Pace, RoofInThePictureIsSeenAndNotReckoned) {
  Pace pace(planned);
  for (int n = 1; n <= planned; ++n)
    for (int i = 0; i < 20; ++i)
      pace.see(n, false);
  EXPECT_FALSE(pace.all_cast());
}

TEST(Pace, GoesOnAfterARestart) {
  Pace pace = risen(3), again(planned), other(planned + 1);
  pace.see(in_view, true);
  BlobWriter out;
  pace.save(out);
  const std::string bytes = out.seal();
  BlobReader in(bytes), unfit(bytes);
  ASSERT_TRUE(again.restore(in));
  EXPECT_EQ(pictures_until_cast(again), pictures_until_cast(pace));
  EXPECT_FALSE(other.restore(unfit));
}

}  // namespace
}  // namespace jieding::vision
