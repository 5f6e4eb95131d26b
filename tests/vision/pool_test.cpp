#include "vision/pool.hpp"

#include <gtest/gtest.h>

#include "tests/vision/drawn_place.hpp"

namespace jieding::vision {
namespace {

const cv::Size size(640, 360);

Facade facade() {
  FacadeSetup setup;
  setup.building = "b1";
  setup.storeys = 8;
  setup.corners = {Point{260, 320}, Point{380, 320}, Point{380, 90}, Point{260, 90}};
  return Facade(setup, size, 1);
}

cv::Mat dimmed(const cv::Mat& picture, double light) {
  cv::Mat out;
  picture.convertTo(out, -1, light);
  return out;
}

/// Share of the facade that pictures explain.
double known(const cv::Mat& before, const cv::Mat& now) {
  const std::vector<Facade> facades{facade()};
  Pool pool(facades, cv::Mat(size, CV_8U, cv::Scalar(255)));
  pool.add(before, Placing(), {0});
  const Change change = pool.compare(now, Placing()).at(0);
  return static_cast<double>(cv::countNonZero(change.known)) /
         static_cast<double>(cv::countNonZero(change.shown));
}

TEST(Pool, OtherLightIsExplained) {
  EXPECT_EQ(known(drawn_place(size, 1), dimmed(drawn_place(size, 1), 0.6)), 1);
}

TEST(Pool, PictureThatMissesAllThatLiesBesideExplainsNothing) {
  EXPECT_EQ(known(drawn_place(size, 1), drawn_place(size, 2)), 0);
}

/// How many kept pictures explain something, where so many `others` show other places in the same
/// light and one shows this place in far less.
int explaining(std::size_t others) {
  const std::vector<Facade> facades{facade()};
  Pool pool(facades, cv::Mat(size, CV_8U, cv::Scalar(255)));
  pool.add(dimmed(drawn_place(size, 1), 0.2), Placing(), {0});
  for (std::size_t i = 0; i < others; ++i)
    pool.add(drawn_place(size, 2 + i), Placing(), {0});
  return pool.compare(drawn_place(size, 1), Placing()).at(0).witnesses;
}

TEST(Pool, WherePicturesNearInLightExplainNothingOthersAreTriedButNotAll) {
  EXPECT_EQ(explaining(Pool::most_tried - 1), 1);
  EXPECT_EQ(explaining(Pool::most_tried), 0);
}

}  // namespace
}  // namespace jieding::vision
