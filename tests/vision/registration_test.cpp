#include "vision/registration.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "tests/vision/drawn_place.hpp"

namespace jieding::vision {
namespace {

const cv::Size size(640, 360);

/// Lamps that the day does not show, and nothing else.
cv::Mat night() {
  cv::Mat out(size, CV_8UC3, cv::Scalar(8, 8, 8)), noise(size, CV_8UC3);
  cv::RNG dice(99);
  for (int i = 0; i < 9; ++i)
    cv::circle(out, {dice.uniform(0, 640), dice.uniform(100, 360)}, dice.uniform(4, 16),
               cv::Scalar(200, 230, 250), cv::FILLED);
  cv::GaussianBlur(out, out, {}, 2.5);
  cv::randu(noise, 0, 4);
  return out + noise;
}

Registration everything_counts() {
  return Registration(cv::Mat(size, CV_8U, cv::Scalar(255)));
}

Placement placed(const cv::Mat& reference, const cv::Mat& now) {
  const Registration registration = everything_counts();
  const Landmarks then = registration.landmarks(reference);
  return registration.place(registration.landmarks(now), {&then}, Placing());
}

TEST(Registration, ASmallKnockIsMeasured) {
  const cv::Mat day = drawn_place(size, 1);
  cv::Mat knocked;
  cv::warpAffine(day, knocked, cv::Matx23d(1, 0, 11, 0, 1, -7), size, cv::INTER_LINEAR,
                 cv::BORDER_REFLECT_101);
  const Placement found = placed(day, knocked);
  EXPECT_TRUE(found.verified);
  EXPECT_NEAR(found.placing.shift(size).x, 11, 0.7);
  EXPECT_NEAR(found.placing.shift(size).y, -7, 0.7);
}

TEST(Registration, AnotherPlaceIsLost) {
  EXPECT_TRUE(placed(drawn_place(size, 1), drawn_place(size, 2)).lost);
}

TEST(Registration, NightThatShowsNothingOfTheDayIsNotLost) {
  const Placement found = placed(drawn_place(size, 1), night());
  EXPECT_FALSE(found.verified);
  EXPECT_FALSE(found.lost);
}

TEST(Registration, WhereTheBuildingsFillThePictureNothingIsAlike) {
  const Registration registration(cv::Mat::zeros(size, CV_8U));
  const Landmarks day = registration.landmarks(drawn_place(size, 1));
  EXPECT_EQ(registration.place(day, {&day}, Placing()).likeness, 0);
}

}  // namespace
}  // namespace jieding::vision
