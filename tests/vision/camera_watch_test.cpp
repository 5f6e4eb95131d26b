#include "vision/camera_watch.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/vision/site.hpp"

namespace jieding::vision {
namespace {

const std::filesystem::path site = JIEDING_SITE_A;

/// The state of a camera with this number as the shift of its last picture, sealed anew.
std::string state_with_shift(const CameraWatch& watch, double shift) {
  BlobWriter saved, out;
  watch.save(saved);
  const std::string sealed = saved.seal();
  BlobReader in(sealed);
  for (int i = 0; i < 2; ++i)  // what it was learned under, and the last picture
    out.put(in.get<std::uint64_t>());
  out.put(in.get<double>());        // the brightest picture
  out.put(in.get<std::int32_t>());  // whether the camera has looked elsewhere
  for (int i = 0; i < 2; ++i)       // turn and zoom
    out.put(in.get<double>());
  in.get<double>();
  out.put(shift);
  while (!in.at_end())
    out.put(in.get<char>());
  return out.seal();
}

bool restores(double shift) {
  const CameraSetup setup = read_site(site);
  CameraWatch watch(setup);
  const std::string state = state_with_shift(watch, shift);
  BlobReader in(state);
  return watch.restore(in);
}

TEST(CameraWatch, PlacingThatIsNoNumberIsNotRestored) {
  EXPECT_TRUE(restores(3));
  EXPECT_FALSE(restores(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(restores(std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(restores(1e6)) << "nobody has such a picture";
}

}  // namespace
}  // namespace jieding::vision
