// Law: a picture that cannot be one of the camera's is refused with its own reason, changes nothing
// that was learned, and the next good one is seen.

#include <gmock/gmock.h>

#include <opencv2/imgproc.hpp>

#include "tests/vision/jpeg_variants.hpp"
#include "tests/vision/site.hpp"
#include "vision/decode.hpp"
#include "vision/estimator.hpp"
#include "vision/exif.hpp"

namespace jieding::vision {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::filesystem::path site = JIEDING_SITE_A;

std::vector<cv::Rect> nobody(const cv::Mat&, const cv::Mat&) {
  return {};
}

std::string refusal(std::string_view bytes) {
  const auto picture = decode_jpeg(bytes);
  return picture ? "none" : reason_of(picture.error());
}

class BadPicture : public ::testing::Test {
 protected:
  /// Refused for this reason; the good picture of the same instant is then taken.
  FrameReport refused(std::string bytes, const std::string& reason) {
    Frame frame = next();
    const std::string good = frame.bytes;
    frame.bytes = std::move(bytes);
    FrameReport report = estimator.see(frame);
    EXPECT_FALSE(report.usable);
    EXPECT_THAT(report.reasons, ElementsAre(reason));
    EXPECT_THAT(report.pictures, IsEmpty());
    EXPECT_EQ(report.buildings.size(), 1U) << "the estimate is carried on";
    frame.bytes = good;
    EXPECT_TRUE(estimator.see(frame).usable) << "the next one, after " << reason;
    return report;
  }
  Frame next() { return frame_of(pictures_of(site, number++, 1).at(0)); }
  std::string good_bytes() const { return read_file(pictures_of(site, 0, 1).at(0)); }

  CameraSetup setup = read_site(site);
  Estimator estimator{setup, nobody};
  std::size_t number = 2;
};

TEST_F(BadPicture, OtherSizeIsNamedWithBothSizes) {
  cv::Mat small;
  cv::resize(decode_jpeg(good_bytes()).value(), small, {640, 360});
  const FrameReport report = refused(encode_jpeg(small, 80), "wrong_size");
  const auto measure = [&](const std::string& name) {
    for (const Measure& m : report.measures)
      if (m.name == name) return m.value;
    return -1.0;
  };
  EXPECT_EQ(measure("width_px"), 640);
  EXPECT_EQ(measure("height_px"), 360);
  EXPECT_EQ(measure("width_px_wanted"), setup.width_px);
  EXPECT_EQ(measure("height_px_wanted"), setup.height_px);
}

TEST_F(BadPicture, OnePixelIsAPictureOfAnotherSize) {
  refused(encode_jpeg(cv::Mat(1, 1, CV_8UC3, cv::Scalar(9, 9, 9)), 80), "wrong_size");
}

TEST_F(BadPicture, HundredMegapixelsAreRefusedByTheirHeader) {
  refused(with_dimensions(good_bytes(), 11'585, 8'640), "too_large");
  refused(with_dimensions(good_bytes(), 65'500, 65'500), "too_large");
}

TEST_F(BadPicture, PrintingColoursAreRefused) {
  refused(cmyk_jpeg({setup.width_px, setup.height_px}), "cmyk");
}

TEST_F(BadPicture, TwelveBitsASampleAreRefused) {
  refused(with_precision(good_bytes(), 12), "not_8_bit");
}

TEST_F(BadPicture, SixteenBitPngIsNamedWithItsBits) {
  using namespace std::string_literals;
  // PNG: signature, length and name of IHDR, 1280 x 720, bits a channel, colour (ISO/IEC 15948 §11)
  const auto png = [](char bits) {
    return "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x05\0\0\0\x02\xd0"s + bits + "\x02"s +
           std::string(200, '\0');
  };
  refused(png(16), "png_not_jpeg");
  EXPECT_THAT(decode_jpeg(png(16)).error().text(), HasSubstr("16 bits a channel"));
  EXPECT_THAT(decode_jpeg(png(8)).error().text(), HasSubstr("8 bits a channel"));
  refused(png(16).substr(0, 20), "png_not_jpeg");
}

TEST_F(BadPicture, OtherFormatsAreNamed) {
  using namespace std::string_literals;
  const std::string rest(200, '\0');
  refused("GIF89a" + rest, "gif_not_jpeg");
  refused("BM" + rest, "bmp_not_jpeg");
  refused("II*\0"s + rest, "tiff_not_jpeg");
  refused("RIFF\0\0\0\0WEBPVP8 "s + rest, "webp_not_jpeg");
  refused(
      "\0\0\0\x18"
      "ftypheic"s +
          rest,
      "heif_not_jpeg");
  refused("<html>503</html>" + rest, "not_a_picture");
  refused("", "torn");
}

TEST_F(BadPicture, EarlierTimeThanTheLastIsRefusedAndForgotten) {
  number = 5;
  ASSERT_TRUE(estimator.see(next()).usable);
  const std::string before = estimator.state();
  const FrameReport report = estimator.see(frame_of(pictures_of(site, 3, 1).at(0)));
  EXPECT_THAT(report.reasons, ElementsAre("out_of_order"));
  EXPECT_THAT(report.pictures, IsEmpty());
  EXPECT_EQ(estimator.state(), before);
  Estimator restored(setup, nobody);
  ASSERT_TRUE(restored.restore(before));
  EXPECT_THAT(restored.see(frame_of(pictures_of(site, 3, 1).at(0))).reasons,
              ElementsAre("out_of_order"))
      << "after a restart as well";
  EXPECT_TRUE(estimator.see(next()).usable);
}

TEST_F(BadPicture, NothingOfItIsLearned) {
  ASSERT_TRUE(estimator.see(next()).usable);
  const std::string before = estimator.state();
  Frame frame = next();
  for (const std::string& bytes : {cmyk_jpeg({setup.width_px, setup.height_px}), std::string("x"),
                                   good_bytes().substr(0, 9000)}) {
    frame.bytes = bytes;
    EXPECT_FALSE(estimator.see(frame).usable);
    EXPECT_EQ(estimator.state(), before);
  }
}

TEST_F(BadPicture, GreyPicturesAreSeen) {
  Frame frame = next();
  frame.bytes = grey_jpeg(decode_jpeg(frame.bytes).value());
  const FrameReport report = estimator.see(frame);
  EXPECT_TRUE(report.usable) << ::testing::PrintToString(report.reasons);
  EXPECT_EQ(report.pictures.size(), 2U);
}

TEST_F(BadPicture, PictureOnItsSideIsTurnedUpright) {
  Frame frame = next();
  const cv::Mat upright = decode_jpeg(frame.bytes).value();
  cv::Mat on_its_side;
  cv::rotate(upright, on_its_side, cv::ROTATE_90_COUNTERCLOCKWISE);
  const std::string stored = encode_jpeg(on_its_side, 95);
  frame.bytes = with_orientation(stored, 6);
  EXPECT_TRUE(estimator.see(frame).usable);
  refused(stored, "wrong_size");
}

/// A letter that looks different in all eight orientations.
cv::Mat letter() {
  cv::Mat out(64, 96, CV_8UC3, cv::Scalar(250, 250, 250));
  cv::rectangle(out, {8, 8, 16, 48}, cv::Scalar(0, 0, 0), cv::FILLED);
  cv::rectangle(out, {8, 8, 72, 12}, cv::Scalar(0, 0, 0), cv::FILLED);
  cv::rectangle(out, {8, 30, 40, 8}, cv::Scalar(0, 0, 0), cv::FILLED);
  return out;
}

/// How a camera stores an upright picture so that the orientation undoes it (CIPA DC-008 §4.6.4).
cv::Mat stored_as(const cv::Mat& upright, int orientation) {
  cv::Mat out = upright.clone();
  const auto flip = [&](int code) { cv::flip(out, out, code); };
  const auto rotate = [&](int code) {
    cv::Mat turned;
    cv::rotate(out, turned, code);
    out = turned;
  };
  if (orientation == 2 || orientation == 5 || orientation == 7) flip(1);
  if (orientation == 3) rotate(cv::ROTATE_180);
  if (orientation == 4) flip(0);
  if (orientation == 5 || orientation == 6) rotate(cv::ROTATE_90_COUNTERCLOCKWISE);
  if (orientation == 7 || orientation == 8) rotate(cv::ROTATE_90_CLOCKWISE);
  return out;
}

TEST(Exif, EachOrientationIsUndoneInBothByteOrders) {
  const cv::Mat upright = letter();
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const std::string plain = encode_jpeg(stored_as(upright, orientation), 95);
    for (const bool little : {true, false}) {
      const std::string jpeg = with_orientation(plain, orientation, little);
      EXPECT_EQ(exif_orientation(jpeg), orientation);
      const cv::Mat seen = decode_jpeg(jpeg).value();
      ASSERT_EQ(seen.size(), upright.size()) << orientation;
      EXPECT_LT(cv::norm(seen, upright, cv::NORM_L1) / double(upright.total() * 3), 6)
          << orientation;
    }
  }
}

TEST(Exif, WrongLengthsAndValuesAreAsIfThereWereNone) {
  const std::string plain = encode_jpeg(letter(), 90);
  const std::string turned = with_orientation(plain, 6);
  const std::string content = turned.substr(6, turned.size() - plain.size() - 4);
  for (const std::size_t announced : {0UL, 3UL, 9UL, 20UL, 60'000UL, 65'533UL})
    EXPECT_EQ(exif_orientation(with_app1(plain, content, announced)), 1) << announced;
  for (std::size_t size = 0; size < content.size(); ++size)
    (void)exif_orientation(with_app1(plain, content.substr(0, size), size));
  for (std::size_t at = 0; at < content.size(); ++at) {
    for (const char value : {'\0', '\x7f', '\xff'}) {
      std::string wrong = content;
      wrong[at] = value;
      const int orientation = exif_orientation(with_app1(plain, wrong, wrong.size()));
      EXPECT_GE(orientation, 1);
      EXPECT_LE(orientation, 8);
    }
  }
  for (const int nonsense : {0, 9, 65'535})
    EXPECT_EQ(exif_orientation(with_orientation(plain, nonsense)), 1);
  EXPECT_EQ(refusal(with_app1(plain, content, content.size())), "none");
}

}  // namespace
}  // namespace jieding::vision
