// Which part of a strip is sky, so that no wing is held to be as high as the wing beside it.
#include "vision/sky.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "tests/vision/drawn_strip.hpp"

namespace jieding::vision {
namespace {

const cv::Scalar blue(210, 160, 120), white(235, 235, 235), net(60, 140, 60);

/// A strip of sky before which something stands up to seven storeys.
cv::Mat seven_storeys() {
  cv::Mat strip(rows, strip_columns, CV_8UC3, blue);
  strip(front(0, 7)).setTo(net);
  return strip;
}

double share_of_sky(const cv::Mat& strip, const cv::Mat& shown, const cv::Rect& where) {
  return cv::mean(sky_in(strip, shown)(where))[0] / 255;
}

TEST(Sky, BeginsWhereTheBuildingEnds) {
  EXPECT_GT(share_of_sky(seven_storeys(), whole, front(7.5, planned)), 0.99);
  EXPECT_LT(share_of_sky(seven_storeys(), whole, front(0, 6.5)), 0.01);
}

TEST(Sky, CloudsWithSoftEdgesAreSky) {
  cv::Mat strip(rows, strip_columns, CV_8UC3, blue);
  cv::circle(strip, {strip_columns / 2, 10 * rows_per_storey}, 20, white, cv::FILLED);
  cv::GaussianBlur(strip, strip, {0, 0}, 20);
  strip(front(0, 7)).setTo(net);
  EXPECT_GT(share_of_sky(strip, whole, front(7.5, planned)), 0.95);
}

TEST(Sky, TowerThatHasGrownOutOfThePictureIsNone) {
  cv::Mat strip(rows, strip_columns, CV_8UC3, blue);
  strip(front(0, planned + storeys_above_roof)).setTo(net);
  EXPECT_LT(share_of_sky(strip, shown_up_to(9), front(0, 9)), 0.01);
}

TEST(Sky, IsSeenUnderTheEndOfThePictureWhereItReachesASide) {
  EXPECT_GT(share_of_sky(seven_storeys(), shown_up_to(9), front(7.5, 8.5)), 0.99);
}

TEST(Sky, ThatRunsDownToTheGroundIsHazeAndSaysNothing) {
  cv::Mat strip(rows, strip_columns, CV_8UC3, white);
  for (int storey = 0; storey < 7; ++storey)
    strip(part(0, strip_columns, storey, storey + 1)).setTo(white - cv::Scalar::all(7 - storey));
  EXPECT_EQ(cv::countNonZero(sky_in(strip, whole)), 0);
}

TEST(Sky, ThatRunsDownToTheLowerEndOfThePictureSaysNothingEither) {
  const cv::Mat strip(rows, strip_columns, CV_8UC3, blue);
  cv::Mat shown = whole.clone();
  shown(part(0, strip_columns, 0, 4)).setTo(0);
  EXPECT_EQ(cv::countNonZero(sky_in(strip, shown)), 0);
}

}  // namespace
}  // namespace jieding::vision
