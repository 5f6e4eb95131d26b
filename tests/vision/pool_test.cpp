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
  pool.add(before, Placing(), {0}, {0});
  const Change change = pool.compare(now, Placing(), {0}).at(0);
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
  pool.add(dimmed(drawn_place(size, 1), 0.2), Placing(), {0}, {0});
  for (std::size_t i = 0; i < others; ++i)
    pool.add(drawn_place(size, 2 + i), Placing(), {0}, {0});
  return pool.compare(drawn_place(size, 1), Placing(), {0}).at(0).witnesses;
}

TEST(Pool, WherePicturesNearInLightExplainNothingOthersAreTriedButNotAll) {
  EXPECT_EQ(explaining(Pool::most_tried - 1), 1);
  EXPECT_EQ(explaining(Pool::most_tried), 0);
}

cv::Mat grainy(const cv::Mat& picture, double grain, std::uint64_t seed) {
  cv::Mat noise(picture.size(), CV_16SC3), out;
  cv::RNG(seed).fill(noise, cv::RNG::NORMAL, 0, grain);
  cv::add(picture, noise, out, cv::noArray(), CV_8U);
  return out;
}

/// A field, and a net nearly of its colour before it up to `storeys`.
cv::Mat netted(int storeys) {
  cv::Mat out = drawn_place(size, 1);
  const cv::Rect field(250, 80, 140, 240);
  out(field).setTo(cv::Scalar(70, 130, 80));
  const cv::Point2d left = facade().at(0, storeys), right = facade().at(1, 0);
  if (storeys > 0) out(cv::Rect(left, right)).setTo(cv::Scalar(82, 144, 92));
  return out;
}

/// Mean share of the rows of the first two storeys that look as when four stood, where one picture
/// knows the empty site, one, of the same weather as `now`, the four.
double as_four_stood(const cv::Mat& now, int counted = 4) {
  const std::vector<Facade> facades{facade()};
  Pool pool(facades, cv::Mat(size, CV_8U, cv::Scalar(255)));
  pool.add(grainy(netted(0), 12, 1), Placing(), {0}, {0});
  pool.add(netted(4), Placing(), {5}, {4});
  pool.confirm(0, counted);
  const Change change = pool.compare(now, Placing(), {5}).at(0);
  double sum = 0;
  for (std::size_t y = 0; y < std::size_t{2} * rows_per_storey; ++y)
    sum += change.as_it_stood[y];
  return sum / (2 * rows_per_storey);
}

TEST(Pool, WhatLooksAsWhenItStoodIsToldFromWhatLiesBehindIt) {
  EXPECT_GT(as_four_stood(netted(4)), 0.7);
  EXPECT_LT(as_four_stood(netted(0)), 0.2);
  EXPECT_LT(as_four_stood(netted(4), 0), 0) << "people say that none stood";
}

/// Columns of the facade that are known, where it fills the picture from side to side.
int known_before_a_wide_facade(double empty_above) {
  FacadeSetup setup;
  setup.building = "b1";
  setup.storeys = 8;
  setup.corners = {Point{-60, 380}, Point{700, 380}, Point{700, -20}, Point{-60, -20}};
  const std::vector<Facade> facades{Facade(setup, size, 1)};
  Pool pool(facades, cv::Mat(size, CV_8U, cv::Scalar(255)));
  pool.add(drawn_place(size, 1), Placing(), {0}, {0});
  const cv::Mat now = dimmed(drawn_place(size, 1), 0.6);
  return cv::countNonZero(pool.compare(now, Placing(), {empty_above}).at(0).known);
}

TEST(Pool, WithNothingBesideTheBuildingTheLightIsReadAboveItsWorks) {
  EXPECT_GT(known_before_a_wide_facade(2), 0);
  EXPECT_EQ(known_before_a_wide_facade(8), 0) << "nothing of the place is left to read it from";
}

}  // namespace
}  // namespace jieding::vision
