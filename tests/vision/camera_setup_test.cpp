#include "vision/camera_setup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <utility>

#include "tests/vision/site.hpp"

namespace jieding::vision {
namespace {

using testing::HasSubstr;

TEST(CameraSetup, FaultsAreToldInOneLine) {
  CameraSetup setup = read_site(JIEDING_SITE_A);
  EXPECT_EQ(fault_of(setup), "");
  const auto told = [&](auto spoil) {
    CameraSetup spoilt = setup;
    spoil(spoilt, spoilt.facades[0]);
    return fault_of(spoilt);
  };
  using S = CameraSetup;
  using F = FacadeSetup;
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(told([](S&, F& f) { std::swap(f.corners[0], f.corners[2]); }),
              HasSubstr("ground left"))
      << "upside down";
  EXPECT_THAT(told([](S&, F& f) { std::swap(f.corners[2], f.corners[3]); }),
              HasSubstr("ground left"))
      << "crossing";
  EXPECT_THAT(told([](S&, F& f) { f.corners.fill({5, 5}); }), HasSubstr("ground left"));
  EXPECT_THAT(told([&](S&, F& f) { f.corners[1].x = nan; }), HasSubstr("corners"));
  EXPECT_THAT(told([](S&, F& f) { f.storeys = 0; }), HasSubstr("storeys must be 1 to 120"));
  EXPECT_THAT(told([](S&, F& f) { f.storeys_at_start = 19; }), HasSubstr("storeys_at_start"));
  EXPECT_THAT(told([](S& s, F&) { s.width_px = 0; }), HasSubstr("image_size"));
  EXPECT_THAT(told([](S& s, F&) { s.height_px = 65'536; }), HasSubstr("image_size"));
  EXPECT_THAT(told([](S& s, F&) { s.facades.resize(17, s.facades[0]); }), HasSubstr("at most 16"));
  EXPECT_THAT(told([](S&, F& f) { f.storey_height_m = 0; }), HasSubstr("storey_height_m"));
  EXPECT_THAT(told([](S&, F& f) { f.name.assign(1001, 'x'); }), HasSubstr("name"));
  EXPECT_THAT(told([](S& s, F&) { s.masks = {{{0, 0}, {9, 9}}}; }), HasSubstr("hides nothing"));
}

}  // namespace
}  // namespace jieding::vision
