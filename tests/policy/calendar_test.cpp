#include "gateway/domain/calendar.hpp"

#include <gtest/gtest.h>

namespace jieding {
namespace {

SiteDay day(std::string_view text) {
  return day_from_text(text).value();
}

std::string end_of(std::string_view event, std::string_view period) {
  return to_text(last_day_of(day(event), period_from_text(period).value()));
}

// Civil Code arts. 200-203.
TEST(Calendar, APeriodEndsOnTheCorrespondingDayOrTheMonthsLast) {
  EXPECT_EQ(end_of("2024-02-29", "1y"), "2025-02-28");
  EXPECT_EQ(end_of("2024-02-29", "3y"), "2027-02-28");
  EXPECT_EQ(end_of("2024-02-29", "4y"), "2028-02-29");
  EXPECT_EQ(end_of("2024-02-29", "5y"), "2029-02-28");
  EXPECT_EQ(end_of("2023-02-28", "1y"), "2024-02-28");
  EXPECT_EQ(end_of("2022-05-20", "3y"), "2025-05-20");
  EXPECT_EQ(end_of("2023-08-31", "6mo"), "2024-02-29");
  EXPECT_EQ(end_of("2023-08-30", "6mo"), "2024-02-29");
  EXPECT_EQ(end_of("2025-08-31", "6mo"), "2026-02-28");
  EXPECT_EQ(end_of("2025-12-31", "6mo"), "2026-06-30");
  EXPECT_EQ(end_of("2024-01-31", "1mo"), "2024-02-29");
}

TEST(Calendar, ThreeYearsAreNotThreeTimes365Days) {
  EXPECT_EQ((day("2025-05-20") - day("2022-05-20")).count(), 1096);
  EXPECT_EQ(end_of("2022-05-20", "1095d"), "2025-05-19");
}

TEST(Calendar, TheDayOfTheEventIsNotCounted) {
  EXPECT_EQ(end_of("2024-03-01", "15d"), "2024-03-16");
}

TEST(Calendar, MonthsAreAddedFromTheEventBecauseAddingIsNotAssociative) {
  EXPECT_EQ(end_of("2023-01-31", "2mo"), "2023-03-31");
  EXPECT_EQ(end_of(end_of("2023-01-31", "1mo"), "1mo"), "2023-03-28");
}

TEST(Calendar, ADayOfTheSiteBeginsEightHoursBeforeThatOfGreenwich) {
  EXPECT_EQ(to_text(site_day(from_rfc3339("2024-05-30T15:59:59Z").value())), "2024-05-30");
  EXPECT_EQ(to_text(site_day(from_rfc3339("2024-05-30T16:00:00Z").value())), "2024-05-31");
  EXPECT_EQ(to_rfc3339(beginning_of(day("2024-05-31"))), "2024-05-30T16:00:00Z");
}

TEST(Calendar, WhatIsNoDateIsRefused) {
  for (const char* text : {"2023-02-29", "2024-13-01", "2024-5-30", "20240530", "", "2024-05-30T",
                           "1899-12-31", "2200-01-01", "二〇二四年"})
    EXPECT_FALSE(day_from_text(text)) << text;
}

TEST(Calendar, WhatIsNoPeriodIsRefused) {
  for (const char* text : {"", "3", "y", "0y", "-1y", "3 y", "1.5y", "3years", "101y", "99999999d"})
    EXPECT_FALSE(period_from_text(text)) << text;
  EXPECT_EQ(period_from_text("6mo"), (Term{6, 0}));
}

}  // namespace
}  // namespace jieding
