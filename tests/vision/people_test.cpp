#include "vision/people.hpp"

#include <gmock/gmock.h>

#include <opencv2/imgproc.hpp>

#include "tests/vision/drawn_person.hpp"

namespace jieding::vision {
namespace {

using ::testing::IsEmpty;

/// Plain, with the noise of a camera.
cv::Mat ground(cv::Size size) {
  cv::Mat out(size, CV_8UC3);
  cv::RNG(1).fill(out, cv::RNG::UNIFORM, 170, 176);
  return out;
}

cv::Mat soft(cv::Mat picture) {
  cv::GaussianBlur(picture, picture, {}, 1.0);
  return picture;
}

bool covers(const std::vector<cv::Rect>& boxes, const cv::Rect& whom) {
  return std::any_of(boxes.begin(), boxes.end(),
                     [&](const cv::Rect& box) { return (box & whom) == whom; });
}

cv::Mat everything(const cv::Mat& picture) {
  return {picture.size(), CV_8U, cv::Scalar(255)};
}

TEST(People, MostUprightFiguresAreFoundFromCrownToSole) {
  const FindPeople find = opencv_people_finder();
  int found = 0, drawn = 0;
  for (const int tall : {96, 120, 160, 240, 300}) {
    for (const int x : {400, 605, 850}) {
      cv::Mat picture = ground({1280, 720});
      draw_figure(picture, {x, 250}, tall);
      picture = soft(picture);
      const cv::Rect body(x - tall / 8, 250, tall / 4, tall);
      found += covers(find(picture, everything(picture)), body);
      ++drawn;
    }
  }
  EXPECT_GE(found, drawn * 2 / 3) << "of " << drawn;
  RecordProperty("found", found);
}

TEST(People, FacesAreFoundSmallAndLargeAndInLargePictures) {
  const FindPeople find = opencv_people_finder();
  for (const auto& [wide, size] : {std::pair{30, cv::Size(1280, 720)},
                                   {200, cv::Size(1280, 720)},
                                   {60, cv::Size(1920, 1080)},
                                   {300, cv::Size(4000, 2250)}}) {
    cv::Mat picture = ground(size);
    draw_face(picture, {600, 400}, wide);
    picture = soft(picture);
    const cv::Rect eyes_to_mouth(600 - wide / 3, 400 - wide / 4, 2 * wide / 3, 2 * wide / 3);
    EXPECT_TRUE(covers(find(picture, everything(picture)), eyes_to_mouth)) << wide << " " << size;
  }
}

TEST(People, EmptyGroundHasNobody) {
  const cv::Mat picture = ground({1280, 720});
  EXPECT_THAT(opencv_people_finder()(picture, everything(picture)), IsEmpty());
}

TEST(People, WhoIsHiddenAnywayIsNotLookedFor) {
  cv::Mat picture = ground({1280, 720});
  draw_face(picture, {200, 400}, 100);
  picture = soft(picture);
  cv::Mat shown = cv::Mat::zeros(picture.size(), CV_8U);
  shown.colRange(700, 1200).setTo(255);
  EXPECT_THAT(opencv_people_finder()(picture, shown), IsEmpty());
  EXPECT_THAT(opencv_people_finder()(picture, cv::Mat::zeros(picture.size(), CV_8U)), IsEmpty());
}

}  // namespace
}  // namespace jieding::vision
