#include "vision/quality_gate.hpp"

#include <gmock/gmock.h>

#include <opencv2/imgproc.hpp>

#include "tests/vision/site.hpp"
#include "vision/decode.hpp"

namespace jieding::vision {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

cv::Mat clear_day() {
  cv::Mat small;
  cv::resize(decode_jpeg(read_file(pictures_of(JIEDING_SITE_A, 17, 1).at(0))).value(), small,
             {640, 360}, 0, 0, cv::INTER_AREA);
  return small;
}

QualityGate settled_gate() {
  QualityGate gate;
  for (int i = 0; i < 6; ++i)
    gate.accept(measure(clear_day()));
  return gate;
}

TEST(QualityGate, ClearDayIsUsable) {
  EXPECT_THAT(settled_gate().refuse(measure(clear_day()), false), IsEmpty());
  EXPECT_THAT(QualityGate().refuse(measure(clear_day()), false), IsEmpty());
}

TEST(QualityGate, BlackFrameIsDark) {
  const cv::Mat black(360, 640, CV_8UC3, cv::Scalar(3, 3, 3));
  EXPECT_THAT(QualityGate().refuse(measure(black), false), Contains("dark"));
}

TEST(QualityGate, WhiteFrameIsBlownOut) {
  const cv::Mat white(360, 640, CV_8UC3, cv::Scalar(255, 255, 255));
  EXPECT_THAT(QualityGate().refuse(measure(white), false), Contains("blown_out"));
}

TEST(QualityGate, BlurredPictureIsDefocused) {
  cv::Mat soft;
  cv::GaussianBlur(clear_day(), soft, {}, 4);
  EXPECT_THAT(settled_gate().refuse(measure(soft), false), Contains("defocus"));
}

TEST(QualityGate, CoveredLensIsBlocked) {
  cv::Mat covered = clear_day();
  covered(cv::Rect(100, 0, 540, 360)).setTo(cv::Scalar(40, 40, 40));
  cv::GaussianBlur(covered, covered, {}, 4);
  EXPECT_THAT(settled_gate().refuse(measure(covered), false), Contains("blocked"));
}

TEST(QualityGate, WhiteoutIsFog) {
  cv::Mat fog = clear_day();
  fog = fog * 0.03 + cv::Scalar(180, 180, 180);
  EXPECT_THAT(settled_gate().refuse(measure(fog), false), Contains("fog"));
}

TEST(QualityGate, RepeatedPictureIsFrozen) {
  EXPECT_THAT(settled_gate().refuse(measure(clear_day()), true), Contains("frozen"));
}

}  // namespace
}  // namespace jieding::vision
