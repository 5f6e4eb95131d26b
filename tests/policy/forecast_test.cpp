#include "gateway/policy/forecast.hpp"

#include <gtest/gtest.h>

#include "tests/policy/policy_site.hpp"

namespace jieding::policy {
namespace {

/// A storey every so many days from 2024-05-01 on.
StoreysCast steady(int storeys, int days) {
  StoreysCast cast;
  for (int storey = 1; storey <= storeys; ++storey)
    cast[storey] = on("2024-05-01") + std::chrono::days{(storey - 1) * days};
  return cast;
}

TEST(Forecast, ASteadyRhythmGoesOn) {
  const Forecast found = forecast(steady(6, 7), 18, on("2024-06-06"));
  ASSERT_TRUE(found.day);
  EXPECT_EQ(*found.day, on("2024-06-05") + std::chrono::days{12 * 7});
  EXPECT_EQ(found.early, *found.day);
  EXPECT_EQ(found.late, *found.day);
  EXPECT_DOUBLE_EQ(found.days_a_storey, 7);
  EXPECT_EQ(found.storeys_left, 12);
}

TEST(Forecast, AnUnevenRhythmIsLessSure) {
  StoreysCast cast = steady(10, 7);
  cast[10] += std::chrono::days{20};
  const Forecast found = forecast(cast, 18, cast[10]);
  ASSERT_TRUE(found.day);
  EXPECT_LT(found.early, *found.day);
  EXPECT_GT(found.late, *found.day);
}

TEST(Forecast, StoreysThatNobodySawAreSharedOut) {
  StoreysCast cast = steady(8, 7);
  cast.erase(3);
  cast.erase(6);
  EXPECT_DOUBLE_EQ(forecast(cast, 18, on("2024-06-20")).days_a_storey, 7);
}

TEST(Forecast, FourStoreysAreNoRhythm) {
  EXPECT_EQ(forecast(steady(4, 7), 18, on("2024-05-23")).why_none, NoForecast::TooFew);
  EXPECT_EQ(forecast({}, 18, on("2024-05-23")).why_none, NoForecast::TooFew);
}

TEST(Forecast, ALongPauseEndsTheRhythm) {
  const StoreysCast cast = steady(8, 7);
  EXPECT_TRUE(forecast(cast, 18, cast.at(8) + std::chrono::days{30}).day) << "Spring Festival";
  EXPECT_EQ(forecast(cast, 18, cast.at(8) + std::chrono::days{31}).why_none,
            NoForecast::StandingStill);
}

TEST(Forecast, WhatIsLateMovesTheForecast) {
  const StoreysCast cast = steady(8, 7);
  const SiteDay in_time = *forecast(cast, 18, cast.at(8) + std::chrono::days{7}).day;
  EXPECT_EQ(*forecast(cast, 18, cast.at(8) + std::chrono::days{10}).day,
            in_time + std::chrono::days{3});
}

TEST(Forecast, DaysThatRunBackwardsTellNothing) {
  StoreysCast cast = steady(8, 7);
  cast[5] += std::chrono::days{100};
  EXPECT_EQ(forecast(cast, 18, on("2024-07-01")).why_none, NoForecast::OutOfOrder);
}

TEST(Forecast, WhatIsDoneNeedsNone) {
  EXPECT_EQ(forecast(steady(18, 7), 18, on("2024-10-01")).why_none, NoForecast::Done);
}

}  // namespace
}  // namespace jieding::policy
