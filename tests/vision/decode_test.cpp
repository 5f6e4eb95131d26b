#include "vision/decode.hpp"

#include <gtest/gtest.h>

#include "tests/vision/site.hpp"

namespace jieding::vision {
namespace {

std::string grey_picture(int width, int height) {
  return encode_jpeg(cv::Mat(height, width, CV_8UC3, cv::Scalar(90, 120, 150)), 80);
}

TEST(Decode, WholePictureKeepsItsSize) {
  const auto picture = decode_jpeg(grey_picture(64, 48));
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->size(), cv::Size(64, 48));
}

TEST(Decode, TornFileIsRefused) {
  const std::string whole = read_file(pictures_of(JIEDING_SITE_A, 2, 1).at(0));
  ASSERT_TRUE(decode_jpeg(whole));
  for (const double share : {0.05, 0.3, 0.6, 0.95, 0.999}) {
    const auto cut = whole.substr(0, static_cast<std::size_t>(share * double(whole.size())));
    const auto picture = decode_jpeg(cut);
    ASSERT_FALSE(picture) << share;
    EXPECT_EQ(picture.error().kind(), Fault::Invalid);
  }
  EXPECT_FALSE(decode_jpeg(whole.substr(0, whole.size() - 2))) << "only the end marker is missing";
}

TEST(Decode, RubbishIsNoPicture) {
  EXPECT_FALSE(decode_jpeg(""));
  EXPECT_FALSE(decode_jpeg("GIF89a"));
  EXPECT_FALSE(decode_jpeg(std::string(5000, '\xff')));
}

TEST(Decode, CapsAreCheckedBeforeAPixelIsDecoded) {
  const std::string picture = grey_picture(640, 480);
  DecodeLimits few_pixels;
  few_pixels.pixels = 1000;
  ASSERT_FALSE(decode_jpeg(picture, few_pixels));
  EXPECT_EQ(decode_jpeg(picture, few_pixels).error().kind(), Fault::TooMuch);
  DecodeLimits few_bytes;
  few_bytes.bytes = 100;
  EXPECT_EQ(decode_jpeg(picture, few_bytes).error().kind(), Fault::TooMuch);
}

TEST(Decode, HeaderThatPromisesAHugePictureIsRefused) {
  std::string picture = grey_picture(64, 48);
  const auto sof = picture.find("\xff\xc0");
  ASSERT_NE(sof, std::string::npos);
  picture.replace(sof + 5, 4, "\xff\xff\xff\xff");
  EXPECT_FALSE(decode_jpeg(picture));
}

}  // namespace
}  // namespace jieding::vision
