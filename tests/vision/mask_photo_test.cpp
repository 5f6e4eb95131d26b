#include "vision/mask_photo.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "tests/vision/drawn_person.hpp"
#include "tests/vision/jpeg_variants.hpp"
#include "vision/decode.hpp"

namespace jieding::vision {
namespace {

cv::Mat wall(cv::Size size) {
  cv::Mat out(size, CV_8UC3);
  cv::RNG(1).fill(out, cv::RNG::UNIFORM, 120, 180);
  cv::GaussianBlur(out, out, {}, 1.0);
  return out;
}

const FindPeople nobody = [](const cv::Mat&, const cv::Mat&) { return std::vector<cv::Rect>{}; };

cv::Mat opened(const Result<std::string>& masked) {
  EXPECT_TRUE(masked) << masked.error().text();
  return decode_jpeg(*masked).value();
}

double detail(const cv::Mat& part) {
  cv::Scalar mean, deviation;
  cv::meanStdDev(part, mean, deviation);
  return deviation[1];
}

TEST(MaskPhoto, WhomTheDetectorReportsIsPixelatedAndTheRestIsShown) {
  const cv::Rect person(200, 100, 120, 240);
  bool all_shown = false;
  const FindPeople finder = [&](const cv::Mat& photo, const cv::Mat& shown) {
    all_shown = cv::countNonZero(shown) == photo.cols * photo.rows;
    return std::vector<cv::Rect>{person};
  };
  cv::Mat photo = wall({800, 600});
  for (int y = 0; y < photo.rows; y += 8)
    cv::line(photo, {0, y}, {photo.cols, y}, cv::Scalar(40, 40, 40), 2);
  const cv::Mat masked = opened(mask_photo(encode_jpeg(photo, 90), finder));
  EXPECT_TRUE(all_shown);
  const cv::Rect block(person.x + 2, person.y + 2, 28, 28);  // of 33 pixels
  EXPECT_LT(detail(masked(block)), 6);
  EXPECT_GT(detail(masked(cv::Rect(500, 300, 28, 28))), 20);
}

TEST(MaskPhoto, AFaceIsFoundAndPixelated) {
  cv::Mat ground(960, 1280, CV_8UC3);
  cv::RNG(1).fill(ground, cv::RNG::UNIFORM, 170, 176);
  draw_face(ground, {600, 400}, 200);
  cv::GaussianBlur(ground, ground, {}, 1.0);
  const cv::Rect face(530, 340, 140, 140);
  const cv::Mat kept = opened(mask_photo(encode_jpeg(ground, 90), nobody));
  const cv::Mat masked = opened(mask_photo(encode_jpeg(ground, 90), opencv_people_finder()));
  cv::Mat edges_kept, edges_masked;
  cv::Laplacian(kept(face), edges_kept, CV_32F);
  cv::Laplacian(masked(face), edges_masked, CV_32F);
  EXPECT_LT(cv::norm(edges_masked, cv::NORM_L1), cv::norm(edges_kept, cv::NORM_L1) / 2);
}

TEST(MaskPhoto, NothingThatTheFileSaidBesideItsPixelsLeaves) {
  const std::string plain = encode_jpeg(wall({320, 240}), 90);
  const std::string place = "Exif N30 15.6 E120 9.1 in Mrs Wang's yard";
  const std::string told = with_app1(plain, place, place.size());
  ASSERT_NE(told.find("Mrs Wang"), std::string::npos);
  const auto masked = mask_photo(told, nobody);
  ASSERT_TRUE(masked) << masked.error().text();
  EXPECT_EQ(masked->find("Mrs Wang"), std::string::npos);
  EXPECT_EQ(masked->find("Exif"), std::string::npos);
}

TEST(MaskPhoto, APhoneHeldUprightGivesAnUprightPicture) {
  const std::string turned = with_orientation(encode_jpeg(wall({400, 300}), 90), 6);
  EXPECT_EQ(opened(mask_photo(turned, nobody)).size(), cv::Size(300, 400));
}

TEST(MaskPhoto, ALargePhotoIsMadeSmall) {
  const cv::Mat masked = opened(mask_photo(encode_jpeg(wall({4000, 3000}), 80), nobody));
  EXPECT_EQ(masked.size(), cv::Size(1600, 1200));
}

TEST(MaskPhoto, WhatIsNoPhotoIsRefusedWithItsReason) {
  const std::string photo = encode_jpeg(wall({400, 300}), 90);
  const auto reason = [](std::string_view bytes) {
    const auto masked = mask_photo(bytes, nobody);
    return masked ? std::string("none") : reason_of(masked.error());
  };
  EXPECT_EQ(reason(photo.substr(0, photo.size() / 2)), "torn");
  EXPECT_EQ(reason("<html>no photo</html>"), "not_a_picture");
  EXPECT_EQ(reason(with_dimensions(photo, 20000, 20000)), "too_large");
  EXPECT_EQ(reason(encode_jpeg(wall({40, 30}), 90)), "too_small");
  EXPECT_EQ(reason(encode_jpeg(wall({4000, 100}), 90)), "too_small") << "a strip";
}

}  // namespace
}  // namespace jieding::vision
