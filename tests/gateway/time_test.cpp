#include "gateway/domain/time.hpp"

#include <gtest/gtest.h>

#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/http.hpp"

namespace jieding {
namespace {

TEST(Time, Rfc3339GoesThereAndBack) {
  for (const char* text : {"2024-05-30T04:42:00Z", "2024-02-29T23:59:59.001Z"}) {
    EXPECT_EQ(to_rfc3339(from_rfc3339(text).value()), text);
  }
}

TEST(Time, OffsetsAreTakenToUtc) {
  EXPECT_EQ(to_rfc3339(from_rfc3339("2024-05-30T12:42:00+08:00").value()), "2024-05-30T04:42:00Z");
}

TEST(Time, WhatIsNoTimeIsRefused) {
  for (const char* text :
       {"", "2024-02-30T00:00:00Z", "2024-05-30T04:42:00", "2024-05-30", "2024-05-30T24:00:00Z",
        "2024-05-30T04:42:00Zx", "2024-5-30T04:42:00Z"}) {
    EXPECT_FALSE(from_rfc3339(text)) << text;
  }
  EXPECT_FALSE(from_basic_utc("20240530T044200"));
}

TEST(Time, PictureNamesGoThereAndBack) {
  EXPECT_EQ(to_basic_utc(from_basic_utc("20240530T044200Z").value()), "20240530T044200Z");
}

TEST(Clock, PlaybackNeverGoesBack) {
  const Instant start = from_rfc3339("2024-05-30T04:42:00Z").value();
  PlaybackClock clock(start);
  clock.move_to(start + std::chrono::hours{1});
  clock.move_to(start);
  EXPECT_EQ(clock.now().at, start + std::chrono::hours{1});
  EXPECT_EQ(clock.now().quality, TimeQuality::Playback);
}

TEST(Routes, PatternsCaptureTheirValues) {
  http::Routes routes;
  routes.add({"GET", "/api/v1/buildings/{id}/history", 0, {}});
  const auto match = routes.match("GET", "/api/v1/buildings/b1/history");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.path_values.at("id"), "b1");
  EXPECT_TRUE(routes.match("POST", "/api/v1/buildings/b1/history").path_known);
  EXPECT_FALSE(routes.match("GET", "/api/v1/buildings//history").path_known);
  EXPECT_FALSE(routes.match("GET", "/api/v1/buildings/b1/history/x").path_known);
}

}  // namespace
}  // namespace jieding
