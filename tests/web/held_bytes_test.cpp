#include "gateway/web/held_bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace jieding::web {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HeldBytesTest : public ::testing::Test {
 protected:
  std::function<void()> closing(std::string who) {
    return [this, who] { closed.push_back(who); };
  }
  HeldBytes held{100};
  std::vector<std::string> closed;
};

TEST_F(HeldBytesTest, EndedOnesLeaveTheirRoom) {
  for (int i = 0; i < 10; ++i)
    HeldBytes::Share share(held, 60, closing("one of many"));
  EXPECT_EQ(held.total(), 0U);
  EXPECT_THAT(closed, IsEmpty());
}

TEST_F(HeldBytesTest, WhoeverHasNotMovedForLongestIsLetGo) {
  HeldBytes::Share a(held, 40, closing("a")), b(held, 40, closing("b"));
  a.moved();
  HeldBytes::Share c(held, 40, closing("c"));
  EXPECT_THAT(closed, ElementsAre("b"));
  EXPECT_EQ(held.total(), 80U);
  b.moved(1000);  // what still arrives of it counts no more
  EXPECT_EQ(held.total(), 80U);
}

TEST_F(HeldBytesTest, GrowthCountsAndLargeOnesStayAlone) {
  HeldBytes::Share small(held, 10, closing("small"));
  HeldBytes::Share large(held, 0, closing("large"));
  large.moved(50);
  EXPECT_THAT(closed, IsEmpty());
  large.moved(200);
  EXPECT_THAT(closed, ElementsAre("small"));
  EXPECT_EQ(held.total(), 250U);
}

TEST_F(HeldBytesTest, EachIsLetGoOnceAndInTurn) {
  HeldBytes::Share a(held, 50, closing("a")), b(held, 50, closing("b"));
  HeldBytes::Share c(held, 90, closing("c"));
  HeldBytes::Share d(held, 90, closing("d"));
  EXPECT_THAT(closed, ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace jieding::web
