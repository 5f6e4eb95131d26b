#include "vision/privacy_mask.hpp"

#include <gtest/gtest.h>

namespace jieding::vision {
namespace {

TEST(PrivacyMask, KnockUncoversNothing) {
  cv::Mat picture(100, 200, CV_8UC3, cv::Scalar(200, 200, 200));
  const PrivacyMask mask({{{50, 40}, {80, 40}, {80, 60}, {50, 60}}});
  mask.burn(picture, {20, 10});
  for (const cv::Point drawn : {cv::Point(51, 41), cv::Point(79, 59)})
    EXPECT_EQ(picture.at<cv::Vec3b>(drawn), cv::Vec3b(0, 0, 0)) << drawn;
  for (const cv::Point now : {cv::Point(99, 69), cv::Point(75, 65)})
    EXPECT_EQ(picture.at<cv::Vec3b>(now), cv::Vec3b(0, 0, 0)) << now;
  EXPECT_EQ(picture.at<cv::Vec3b>(10, 10), cv::Vec3b(200, 200, 200));
}

TEST(PrivacyMask, PolygonBeyondThePictureIsNoFault) {
  cv::Mat picture(100, 200, CV_8UC3, cv::Scalar(200, 200, 200));
  PrivacyMask({{{-500, -500}, {900, -500}, {900, 900}, {-500, 900}}}).burn(picture, {0, 0});
  EXPECT_EQ(cv::countNonZero(picture.reshape(1)), 0);
}

}  // namespace
}  // namespace jieding::vision
