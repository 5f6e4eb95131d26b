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

/// By 11 and -7 pixels.
cv::Mat knocked(const cv::Mat& day) {
  cv::Mat out;
  cv::warpAffine(day, out, cv::Matx23d(1, 0, 11, 0, 1, -7), size, cv::INTER_LINEAR,
                 cv::BORDER_REFLECT_101);
  return out;
}

/// All that lies beside buildings that fill the picture: too thin for any patch.
const cv::Rect street(0, 280, 640, 80), sky(0, 0, 640, 80);

Registration everything_counts() {
  return Registration(cv::Mat(size, CV_8U, cv::Scalar(255)));
}

Registration only(const cv::Rect& counts) {
  cv::Mat beside = cv::Mat::zeros(size, CV_8U);
  beside(counts).setTo(255);
  return Registration(beside);
}

Placement placed(const cv::Mat& reference, const cv::Mat& now,
                 const Registration& registration = everything_counts()) {
  const Landmarks then = registration.landmarks(reference);
  return registration.place(registration.landmarks(now), {&then}, Placing());
}

TEST(Registration, ASmallKnockIsMeasured) {
  const cv::Mat day = drawn_place(size, 1);
  const Placement found = placed(day, knocked(day));
  EXPECT_TRUE(found.verified);
  EXPECT_NEAR(found.placing.shift(size).x, 11, 0.7);
  EXPECT_NEAR(found.placing.shift(size).y, -7, 0.7);
}

/// A yard in haze, with the lattice of a crane's mast and jib far darker than all that stands
/// there.
cv::Mat with_crane(int climbed_px, std::uint64_t grain) {
  cv::Mat out(size, CV_8UC3, cv::Scalar::all(200)), noise(size, CV_8UC3);
  cv::RNG yard(11);
  for (int i = 0; i < 60; ++i)
    cv::rectangle(out, {yard.uniform(0, 620), yard.uniform(290, 350), 14, 8},
                  cv::Scalar::all(yard.uniform(180, 192)), cv::FILLED);
  for (int x = 60; x < 580; x += 20) {
    cv::line(out, {x, 150 - climbed_px}, {x + 10, 136 - climbed_px}, cv::Scalar::all(60), 2);
    cv::line(out, {x + 10, 136 - climbed_px}, {x + 20, 150 - climbed_px}, cv::Scalar::all(60), 2);
  }
  cv::RNG(grain).fill(noise, cv::RNG::UNIFORM, 0, 5);
  return out + noise;
}

TEST(Registration, ACraneThatClimbsIsNoKnock) {
  const Registration registration = everything_counts();
  const Landmarks then = registration.landmarks(with_crane(0, 1)),
                  later = registration.landmarks(drawn_place(size, 1) * 0.02 + with_crane(0, 2));
  const Placement found =
      registration.place(registration.landmarks(with_crane(42, 3)), {&then, &later}, Placing());
  EXPECT_NEAR(found.placing.shift(size).y, 0, 0.7);
  EXPECT_FALSE(found.lost);
}

/// A pole with marks on it, and all else hidden: too thin for a patch or a square.
cv::Mat with_pole(int lower_px, std::uint64_t grain) {
  cv::Mat out(size, CV_8UC3, cv::Scalar::all(200)), noise(size, CV_8UC3);
  cv::rectangle(out, {318, 0, 4, 360}, cv::Scalar::all(120), cv::FILLED);
  cv::RNG marks(4);
  for (int i = 0; i < 14; ++i)
    cv::rectangle(out, {313, marks.uniform(40, 320) + lower_px, 14, 3}, cv::Scalar::all(150),
                  cv::FILLED);
  cv::RNG(grain).fill(noise, cv::RNG::UNIFORM, 0, 60 * static_cast<int>(grain));
  return out * 0.8 + noise * 0.2;
}

TEST(Registration, AJumpThatTooLittleTellsOfVerifiesNoPlace) {
  const Registration registration = only({313, 0, 14, 360});
  const Landmarks then = registration.landmarks(with_pole(0, 1)),
                  later = registration.landmarks(with_pole(0, 3));
  const auto place = [&](int lower_px) {
    return registration.place(registration.landmarks(with_pole(lower_px, 2)), {&then, &later},
                              Placing());
  };
  EXPECT_TRUE(place(0).verified);
  EXPECT_FALSE(place(12).verified) << "masks would be burnt in where it lay before";
}

TEST(Registration, AnotherPlaceIsLost) {
  EXPECT_TRUE(placed(drawn_place(size, 1), drawn_place(size, 2)).lost);
}

/// The same in grainy light: more than 0.8 alike.
cv::Mat grainy(const cv::Mat& day) {
  cv::Mat grain(size, CV_8UC3);
  cv::RNG(5).fill(grain, cv::RNG::UNIFORM, 0, 80);
  return day * 0.8 + grain;
}

TEST(Registration, AKnockIsBelievedFromTwoPicturesWhereNoPatchHasRoom) {
  const Registration registration = only(street);
  const cv::Mat day = drawn_place(size, 1);
  const Landmarks then = registration.landmarks(day), later = registration.landmarks(grainy(day));
  const Placement found =
      registration.place(registration.landmarks(knocked(day)), {&then, &later}, Placing());
  EXPECT_TRUE(found.verified);
  EXPECT_NEAR(found.placing.shift(size).x, 11, 1);
  EXPECT_NEAR(found.placing.shift(size).y, -7, 1);
}

TEST(Registration, AKnockIsNotBelievedFromOnePictureWhereNoPatchHasRoom) {
  const cv::Mat day = drawn_place(size, 1);
  EXPECT_FALSE(placed(day, knocked(day), only(street)).verified);
}

TEST(Registration, AnotherPlaceIsLostWhereLittleLiesBesideToo) {
  EXPECT_TRUE(placed(drawn_place(size, 1), drawn_place(size, 2), only(street)).lost);
}

TEST(Registration, BuildingsThatFillThePictureAreThePlaceThoughTheStreetIsAnother) {
  const cv::Mat day = drawn_place(size, 1);
  cv::Mat snow = day.clone();
  drawn_place(size, 2)(street).copyTo(snow(street));
  EXPECT_FALSE(placed(day, snow, only(street)).lost);
}

TEST(Registration, PlainSkyTellsOfNoOtherPlace) {
  cv::Mat then = drawn_place(size, 1), now = drawn_place(size, 2);
  cv::RNG dice(7);
  for (cv::Mat* picture : {&then, &now}) {
    cv::Mat air = (*picture)(sky + cv::Size(0, 20));
    dice.fill(air, cv::RNG::UNIFORM, 200, 203);  // a sensor's noise
  }
  EXPECT_FALSE(placed(then, now, only(sky)).lost);
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
