#include "vision/privacy_mask.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "vision/surroundings.hpp"

namespace jieding::vision {
namespace {

const cv::Vec3b black(0, 0, 0);

CameraSetup camera(int width, int height, std::vector<std::vector<Point>> masks = {}) {
  CameraSetup out;
  out.id = "mast";
  out.width_px = width;
  out.height_px = height;
  out.masks = std::move(masks);
  return out;
}

/// A tower in the middle: a fifth of the picture wide, from 20 to 80 % of its height.
CameraSetup with_tower(int width, int height) {
  CameraSetup out = camera(width, height);
  FacadeSetup facade;
  facade.building = "b1";
  facade.storeys = 20;
  facade.storey_height_m = 3;
  const double x = 0.4 * width, y = 0.8 * height, w = 0.2 * width, h = 0.6 * height;
  facade.corners = {{{x, y}, {x + w, y}, {x + w, y - h}, {x, y - h}}};
  out.facades.push_back(facade);
  return out;
}

CameraSetup all_shown(CameraSetup setup) {
  setup.outside_hidden = false;
  return setup;
}

PrivacyMask mask_of(const CameraSetup& setup) {
  return {setup, {setup.width_px, setup.height_px}, 1.0};
}

cv::Matx23d shifted(double x, double y) {
  return {1, 0, x, 0, 1, y};
}

cv::Mat noise(cv::Size size) {
  cv::Mat out(size, CV_8UC3);
  cv::RNG random(11);
  random.fill(out, cv::RNG::UNIFORM, 0, 256);
  return out;
}

TEST(PrivacyMask, KnockUncoversNothing) {
  cv::Mat picture(100, 200, CV_8UC3, cv::Scalar(200, 200, 200));
  const auto mask =
      mask_of(all_shown(camera(200, 100, {{{50, 40}, {80, 40}, {80, 60}, {50, 60}}})));
  mask.burn(picture, shifted(20, 10));
  for (const cv::Point drawn : {cv::Point(51, 41), cv::Point(79, 59)})
    EXPECT_EQ(picture.at<cv::Vec3b>(drawn), black) << drawn;
  for (const cv::Point now : {cv::Point(99, 69), cv::Point(75, 65)})
    EXPECT_EQ(picture.at<cv::Vec3b>(now), black) << now;
  EXPECT_EQ(picture.at<cv::Vec3b>(10, 10), cv::Vec3b(200, 200, 200));
}

TEST(PrivacyMask, PolygonBeyondThePictureIsNoFault) {
  cv::Mat picture(100, 200, CV_8UC3, cv::Scalar(200, 200, 200));
  mask_of(all_shown(camera(200, 100, {{{-500, -500}, {900, -500}, {900, 900}, {-500, 900}}})))
      .burn(picture, PrivacyMask::unmoved);
  EXPECT_EQ(cv::countNonZero(picture.reshape(1)), 0);
}

TEST(PrivacyMask, OutsideHasNoDetailSmallerThanABlockAndNoColour) {
  for (const cv::Size size : {cv::Size(640, 360), cv::Size(1920, 1080), cv::Size(720, 1280)}) {
    const CameraSetup setup = with_tower(size.width, size.height);
    cv::Mat picture = noise(size);
    mask_of(setup).burn(picture, PrivacyMask::unmoved);
    const int block = std::max(size.width, size.height) / PrivacyMask::blocks_across;
    for (int y = 0; y + block <= size.height; y += block) {
      const cv::Mat tile = picture(cv::Rect(0, y, block, block));
      const auto first = tile.at<cv::Vec3b>(0, 0);
      EXPECT_EQ(first[0], first[1]);
      EXPECT_EQ(first[1], first[2]);
      EXPECT_EQ(cv::norm(tile, cv::Mat(tile.size(), tile.type(), cv::Scalar(first)), cv::NORM_INF),
                0)
          << size << " " << y;
    }
  }
}

TEST(PrivacyMask, FacadeAndWhatIsAroundItStayAsTheyAre) {
  const cv::Size size(1280, 720);
  const cv::Mat original = noise(size);
  cv::Mat picture = original.clone();
  mask_of(with_tower(size.width, size.height)).burn(picture, PrivacyMask::unmoved);
  // One width to each side, some storeys above the roof, some metres below the ground line.
  const cv::Rect shown(cv::Point(258, 40), cv::Point(1022, 610));
  EXPECT_EQ(cv::norm(picture(shown), original(shown), cv::NORM_INF), 0);
  EXPECT_GT(cv::norm(picture.colRange(0, 200), original.colRange(0, 200), cv::NORM_INF), 100);
}

TEST(PrivacyMask, KnockMovesWhatIsShown) {
  const CameraSetup setup = with_tower(1280, 720);
  const PrivacyMask mask = mask_of(setup);
  const cv::Mat before = mask.shown(), after = mask.shown(shifted(60, 20));
  EXPECT_EQ(before.at<uchar>(300, 260), 255);
  EXPECT_EQ(after.at<uchar>(320, 260), 0) << "what is there now was outside before";
  EXPECT_EQ(after.at<uchar>(320, 320), 255);
  EXPECT_EQ(after.at<uchar>(320, 1080), 255);
}

TEST(PrivacyMask, CameraWithoutAFacadeShowsNothing) {
  cv::Mat picture = noise({640, 360});
  mask_of(camera(640, 360)).burn(picture, PrivacyMask::unmoved);
  cv::Scalar mean, deviation;
  cv::meanStdDev(picture, mean, deviation);
  EXPECT_LT(deviation[0], 6) << "noise averages out in every block";
}

TEST(PrivacyMask, MaskedPixelsCountInNoAverageOfTheOutside) {
  CameraSetup setup = with_tower(640, 360);
  setup.masks = {{{10, 10}, {90, 10}, {90, 90}, {10, 90}}};
  cv::Mat one = noise({640, 360}), other = one.clone();
  other(cv::Rect(10, 10, 81, 81)).setTo(cv::Scalar(255, 0, 255));
  mask_of(setup).burn(one, PrivacyMask::unmoved);
  mask_of(setup).burn(other, PrivacyMask::unmoved);
  EXPECT_EQ(cv::norm(one, other, cv::NORM_INF), 0);
}

TEST(PrivacyMask, PeopleBecomeAFewBlocksWhereverTheyStand) {
  for (const cv::Rect person : {cv::Rect(600, 300, 60, 140), cv::Rect(500, 100, 400, 400),
                                cv::Rect(1200, 600, 300, 300), cv::Rect(-50, -50, 90, 90)}) {
    cv::Mat picture = noise({1280, 720});
    mask_of(all_shown(with_tower(1280, 720))).burn(picture, PrivacyMask::unmoved, {person});
    const cv::Mat part = picture(person & cv::Rect(0, 0, 1280, 720));
    int edges = 0;
    for (int x = 1; x < part.cols; ++x)
      edges += part.at<cv::Vec3b>(part.rows / 2, x) != part.at<cv::Vec3b>(part.rows / 2, x - 1);
    EXPECT_LE(edges, 3) << person;
  }
}

TEST(Surroundings, SteepFacadeGivesAFiniteOutline) {
  FacadeSetup facade;
  facade.storeys = 30;
  facade.corners = {{{900, 700}, {1270, 420}, {1268, 380}, {905, -600}}};
  for (const cv::Point2f& p : surroundings_of(facade)) {
    EXPECT_LT(std::abs(p.x), 4000);
    EXPECT_LT(std::abs(p.y), 4000);
  }
}

}  // namespace
}  // namespace jieding::vision
