#include "vision/pool.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

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

/// Ground, sky and houses that differ from seed to seed, in light of this strength.
cv::Mat surroundings(std::uint64_t seed, double light = 1) {
  cv::Mat out(size, CV_8UC3, cv::Scalar(190, 180, 170));
  cv::RNG dice(seed);
  for (int i = 0; i < 200; ++i)
    cv::rectangle(out,
                  cv::Rect(dice.uniform(-30, 640), dice.uniform(0, 360), dice.uniform(20, 90),
                           dice.uniform(20, 80)),
                  cv::Scalar(dice.uniform(20, 220), dice.uniform(20, 220), dice.uniform(20, 220)),
                  cv::FILLED);
  out.convertTo(out, -1, light);
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
  EXPECT_EQ(known(surroundings(1), surroundings(1, 0.6)), 1);
}

TEST(Pool, PictureThatMissesAllThatLiesBesideExplainsNothing) {
  EXPECT_EQ(known(surroundings(1), surroundings(2)), 0);
}

}  // namespace
}  // namespace jieding::vision
