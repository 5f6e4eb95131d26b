#include "gateway/storey_days.hpp"

#include <gtest/gtest.h>

namespace jieding {
namespace {

sync::EstimatePoint point(const char* at, double storeys, bool usable = true) {
  sync::EstimatePoint out;
  out.at = from_rfc3339(at).value();
  out.estimate.storeys = storeys;
  out.estimate.bands = {StoreyState::Facade, StoreyState::Frame, StoreyState::Background};
  out.usable = usable;
  return out;
}

TEST(StoreyDays, LastGoodPictureOfADayDecides) {
  const auto days = storey_days({point("2024-08-22T01:00:00Z", 3), point("2024-08-22T05:00:00Z", 4),
                                 point("2024-08-22T09:00:00Z", 9, false)});
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].day, "2024-08-22");
  EXPECT_EQ(days[0].storeys, 4);
  EXPECT_EQ(days[0].bands, "420");
}

TEST(StoreyDays, DayEndsAtMidnightOfTheSite) {
  const auto days =
      storey_days({point("2024-08-22T15:59:59Z", 3), point("2024-08-22T16:00:00Z", 4)});
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].day, "2024-08-22");
  EXPECT_EQ(days[1].day, "2024-08-23");
}

TEST(StoreyDays, DayOfBadPicturesShowsWhatWasCarriedOn) {
  const auto days =
      storey_days({point("2024-08-22T01:00:00Z", 3), point("2024-08-23T01:00:00Z", 3, false),
                   point("2024-08-23T02:00:00Z", 3, false)});
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[1].storeys, 3);
}

}  // namespace
}  // namespace jieding
