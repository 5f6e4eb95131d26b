#include "vision/witnesses.hpp"

#include <gtest/gtest.h>

#include <string>

namespace jieding::vision {
namespace {

constexpr int planned = 12;

Facade facade() {
  FacadeSetup setup;
  setup.storeys = planned;
  setup.corners = {Point{250, 330}, Point{390, 330}, Point{390, 90}, Point{250, 90}};
  return {setup, {640, 360}, 1.0};
}

/// A net as high as so many storeys before a sky of this brightness, as a noisy sensor sees it.
cv::Mat strip_with(double storeys, double sky, std::uint64_t seed) {
  cv::Mat strip(facade().rows(), strip_columns, CV_8UC3, cv::Scalar::all(sky));
  const int top = static_cast<int>(storeys * rows_per_storey);
  strip(cv::Rect(side_columns, 0, facade_columns, top)).setTo(cv::Scalar(60, 140, 60));
  cv::Mat noise(strip.size(), CV_16SC3), out;
  cv::RNG(seed).fill(noise, cv::RNG::NORMAL, 0, 6);
  cv::add(strip, noise, out, cv::noArray(), CV_8U);
  return out;
}

TEST(Witnesses, OnePictureAThousandTimesIsOneWitness) {
  Witnesses witnesses(facade());
  double sum = 0;
  for (std::uint64_t i = 0; i < 1000; ++i)
    sum += witnesses.take(strip_with(6, 180, i));
  EXPECT_LT(sum, 2);
}

TEST(Witnesses, AStoreyMoreIsSeenAtOnce) {
  Witnesses witnesses(facade());
  for (std::uint64_t i = 0; i < 20; ++i)
    witnesses.take(strip_with(6, 180, i));
  EXPECT_EQ(witnesses.take(strip_with(7, 180, 20)), 1);
}

TEST(Witnesses, OtherLightIsAnotherWitnessOnce) {
  Witnesses witnesses(facade());
  witnesses.take(strip_with(6, 180, 1));
  EXPECT_EQ(witnesses.take(strip_with(6, 120, 2)), 1);
  EXPECT_EQ(witnesses.take(strip_with(6, 180, 3)), 0) << "both are remembered";
  EXPECT_EQ(witnesses.take(strip_with(6, 120, 4)), 0);
}

TEST(Witnesses, ASlowDriftAddsUp) {
  Witnesses witnesses(facade());
  double sum = 0;
  for (int i = 0; i < 60; ++i)
    sum += witnesses.take(strip_with(6, 180 - i, static_cast<std::uint64_t>(i)));
  EXPECT_GT(sum, 5);
  EXPECT_LT(sum, 30);
}

TEST(Witnesses, GoesOnFromWhatWasSaved) {
  Witnesses witnesses(facade()), resumed(facade());
  witnesses.take(strip_with(6, 180, 1));
  BlobWriter out;
  witnesses.save(out);
  const std::string blob = out.seal();
  BlobReader in(blob);
  ASSERT_TRUE(resumed.restore(in));
  EXPECT_EQ(resumed.take(strip_with(6, 180, 2)), 0);
}

TEST(Witnesses, RestoreRefusesPicturesOfAnotherSize) {
  BlobWriter out;
  out.put(std::uint32_t{1});
  out.put(std::string_view("too short"));
  const std::string blob = out.seal();
  BlobReader in(blob);
  EXPECT_FALSE(Witnesses(facade()).restore(in));
}

}  // namespace
}  // namespace jieding::vision
