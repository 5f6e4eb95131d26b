#include "vision/quality_measures.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace jieding::vision {
namespace {

cv::Mat noise(cv::Size size, int type) {
  cv::Mat out(size, type);
  cv::RNG(5).fill(out, cv::RNG::UNIFORM, 0, 256);
  return out;
}

/// A step from dark to light down the middle, as soft as a blur of `sigma` pixels makes it.
cv::Mat step(double sigma, double dark = 60, double light = 200) {
  cv::Mat out(360, 640, CV_8UC3, cv::Scalar::all(dark));
  for (int x = 40; x < 640; x += 80)
    out.colRange(x, x + 40).setTo(cv::Scalar::all(light));
  if (sigma > 0) cv::GaussianBlur(out, out, {}, sigma);
  return out;
}

// What stands beside a half size pixel is the even one of the whole picture, however OpenCV or a
// maker's replacement of it rounds.
TEST(QualityMeasures, NearestNeighboursAtHalfSizeAreEveryOtherPixel) {
  for (const cv::Size size : {cv::Size(640, 360), cv::Size(641, 361), cv::Size(640, 481)}) {
    const cv::Mat whole = noise(size, CV_32F);
    cv::Mat half;
    cv::resize(whole, half, {size.width / 2, size.height / 2}, 0, 0, cv::INTER_NEAREST);
    for (int y = 0; y < half.rows; ++y)
      for (int x = 0; x < half.cols; ++x)
        ASSERT_EQ(half.at<float>(y, x), whole.at<float>(2 * y, 2 * x)) << size << x << ' ' << y;
  }
}

TEST(QualityMeasures, SharpStepMeasuresFourAndABlurredOneLessInAnyLight) {
  EXPECT_NEAR(measure(step(0)).sharpness, 4, 0.5);
  EXPECT_NEAR(measure(step(0, 10, 40)).sharpness, measure(step(0)).sharpness, 0.3);
  EXPECT_LT(measure(step(2)).sharpness, 2.5);
  EXPECT_NEAR(measure(step(8)).sharpness, 1, 0.3);
}

TEST(QualityMeasures, VoidIsOnePieceThatIsFlatAndDark) {
  cv::Mat picture = noise({640, 360}, CV_8UC3);
  picture(cv::Rect(0, 0, 320, 180)).setTo(cv::Scalar::all(40));
  EXPECT_NEAR(measure(picture).void_share, 0.25, 0.02);
  picture(cv::Rect(160, 0, 20, 180)).setTo(cv::Scalar::all(200));
  EXPECT_NEAR(measure(picture).void_share, 0.125, 0.02) << "cut in two";
  picture(cv::Rect(0, 0, 320, 180)).setTo(cv::Scalar::all(90));
  EXPECT_LT(measure(picture).void_share, 0.01) << "not dark";
}

TEST(QualityMeasures, TilesAreEmptyWhereNothingShows) {
  cv::Mat picture = noise({640, 360}, CV_8UC3);
  // Two tiles, and the pixels over which their border is an edge.
  picture(cv::Rect(78, 0, 164, 62)).setTo(cv::Scalar::all(120));
  const auto tiles = measure(picture).empty_tiles;
  for (std::size_t i = 0; i < tiles.size(); ++i)
    EXPECT_EQ(tiles[i], i == 1 || i == 2) << i;
}

}  // namespace
}  // namespace jieding::vision
