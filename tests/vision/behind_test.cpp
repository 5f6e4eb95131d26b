#include "vision/behind.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace jieding::vision {
namespace {

constexpr int planned = 12, rows = (planned + storeys_above_roof) * rows_per_storey;
constexpr std::size_t row_at_9 = 9 * rows_per_storey;

/// A picture of a building up to `top`, above it a share of the width changed up to `upper`.
RowEvidence picture(double top, double share = 0, double upper = 0) {
  RowEvidence out;
  out.top = std::max(top, upper);
  for (int y = 0; y < rows; ++y) {
    const double height = static_cast<double>(y) / rows_per_storey;
    out.changed.push_back(height < top ? 1 : height < upper ? share : 0);
  }
  out.beyond = out.changed;
  return out;
}

/// Six storeys stand, and the works reach 6.9.
void see(Behind& behind, const RowEvidence& seen) {
  behind.see(seen, 6.9, 6.9);
}

std::string saved(const Behind& behind) {
  BlobWriter out;
  behind.save(out);
  return out.seal();
}

TEST(Behind, WhatTwiceRoseFarAboveTheBuildingAndIsGoneAgainMayShowAgain) {
  Behind behind(rows);
  see(behind, picture(6.9, 0.5, 10));
  see(behind, picture(6.9));
  EXPECT_EQ(behind.shows()[row_at_9], 0) << "a jib, a bird: no house";
  see(behind, picture(6.9, 0.5, 10));
  EXPECT_EQ(behind.shows()[row_at_9], 0) << "it may have been built";
  see(behind, picture(6.9));
  EXPECT_NEAR(behind.shows()[row_at_9], 0.5, 0.05);
  EXPECT_EQ(behind.shows()[11 * rows_per_storey], 0) << "nothing showed there";
}

TEST(Behind, WhatStaysIsBuilt) {
  Behind behind(rows);
  see(behind, picture(6.9));
  for (int i = 0; i < 5; ++i)
    behind.see(picture(10), i < 2 ? 6.9 : 10, i < 2 ? 6.9 : 10);
  for (const double share : behind.shows())
    EXPECT_EQ(share, 0);
}

TEST(Behind, APictureThatDoesNotSeeTheBuildingProvesNothing) {
  Behind behind(rows);
  for (int i = 0; i < 2; ++i)
    see(behind, picture(6.9, 0.5, 10));
  see(behind, picture(0));
  RowEvidence fog = picture(6.9);
  for (double& share : fog.beyond)
    share *= 0.1;
  see(behind, fog);
  EXPECT_EQ(behind.shows()[row_at_9], 0);
}

TEST(Behind, GoesOnFromWhatWasSaved) {
  Behind whole(rows), resumed(rows), other(rows + 1);
  for (int i = 0; i < 2; ++i)
    see(whole, picture(6.9, 0.5, 10));
  const std::string blob = saved(whole);
  BlobReader in(blob), again(blob);
  ASSERT_TRUE(resumed.restore(in));
  EXPECT_FALSE(other.restore(again));
  for (Behind* behind : {&whole, &resumed})
    see(*behind, picture(6.9));
  EXPECT_GT(whole.shows()[row_at_9], 0);
  EXPECT_EQ(whole.shows(), resumed.shows());
}

}  // namespace
}  // namespace jieding::vision
