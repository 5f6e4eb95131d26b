#include "vision/shrink.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace jieding::vision {
namespace {

TEST(Shrunk, IsWhatOpenCvMakesOfIt) {
  cv::RNG random(5);
  for (const cv::Size size : {cv::Size(640, 360), cv::Size(7, 5), cv::Size(1, 1)}) {
    for (const int block : {1, 2, 3, 4}) {
      cv::Mat large(size * block, CV_8UC3), expected;
      random.fill(large, cv::RNG::UNIFORM, 0, 256);
      large.row(0).setTo(cv::Scalar::all(255));  // the largest sums
      cv::resize(large, expected, size, 0, 0, cv::INTER_AREA);
      EXPECT_EQ(cv::norm(shrunk(large, size), expected, cv::NORM_INF), 0)
          << size << " by " << block;
    }
  }
}

TEST(Shrunk, PartOfALargerPictureIsTakenAlone) {
  cv::Mat whole(90, 120, CV_8UC3, cv::Scalar(10, 20, 30)), expected;
  cv::RNG(6).fill(whole, cv::RNG::UNIFORM, 0, 256);
  const cv::Mat part = whole({9, 6, 60, 30});
  cv::resize(part, expected, {20, 10}, 0, 0, cv::INTER_AREA);
  EXPECT_EQ(cv::norm(shrunk(part, {20, 10}), expected, cv::NORM_INF), 0);
}

}  // namespace
}  // namespace jieding::vision
