#include "vision/shifted.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace jieding::vision {
namespace {

cv::Mat random_picture(cv::Size size, int type) {
  cv::Mat out(size, type);
  cv::RNG(3).fill(out, cv::RNG::UNIFORM, 0, 256);
  return out;
}

cv::Mat warped(const cv::Mat& picture, cv::Point2d by) {
  cv::Mat out;
  cv::warpAffine(picture, out, cv::Matx23d(1, 0, by.x, 0, 1, by.y), picture.size(),
                 cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  return out;
}

/// Whole steps of 1/32 pixel, which OpenCV places exactly: within, over each border, beyond.
const cv::Point2d steps[] = {{0, 0},    {0.5, 0},     {3.25, -2.75}, {-7.03125, 5.5},
                             {-19, 16}, {18.5, 0.25}, {40, -300.5}};

TEST(Shifted, IsWhatOpenCvMakesOfIt) {
  for (const int type : {CV_8UC3, CV_32F}) {
    for (const cv::Size size : {cv::Size(19, 16), cv::Size(1, 1)}) {
      const cv::Mat picture = random_picture(size, type);
      for (const cv::Point2d by : steps)
        EXPECT_LE(cv::norm(shifted(picture, by), warped(picture, by), cv::NORM_INF),
                  type == CV_8UC3 ? 1 : 1e-3)
            << type << size << by;
    }
  }
}

TEST(Shifted, WholePixelsAreTakenAsTheyAre) {
  const cv::Mat picture = random_picture({19, 16}, CV_8UC3);
  const cv::Mat out = shifted(picture, {4, -3});
  EXPECT_EQ(cv::norm(out({0, 3, 15, 13}), picture({4, 0, 15, 13}), cv::NORM_INF), 0);
}

TEST(Shifted, PartOfALargerPictureIsTakenAlone) {
  const cv::Mat part = random_picture({40, 40}, CV_8UC3)({9, 6, 19, 16});
  EXPECT_EQ(cv::norm(shifted(part, {-2.5, 30}), shifted(part.clone(), {-2.5, 30}), cv::NORM_INF),
            0);
}

}  // namespace
}  // namespace jieding::vision
