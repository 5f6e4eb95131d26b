// Law: what is to be hidden is in no picture that leaves the vision process, and in none that its
// state holds. Marker pixels of a colour that no site has are painted there and searched for.

#include <gmock/gmock.h>

#include <opencv2/imgproc.hpp>

#include "tests/vision/drawn_person.hpp"
#include "tests/vision/site.hpp"
#include "vision/decode.hpp"
#include "vision/estimator.hpp"
#include "vision/privacy_mask.hpp"

namespace jieding::vision {
namespace {

using ::testing::Each;
using ::testing::Ge;
using ::testing::Gt;
using ::testing::Lt;
using ::testing::SizeIs;

const std::filesystem::path site = JIEDING_SITE_A;
const cv::Scalar magenta(255, 0, 255);
/// Beside the tower and near it; far off, where neighbours live.
const cv::Rect near_tower(640, 250, 60, 60), far_off(20, 300, 60, 90);
const cv::Rect on_the_tower(480, 320, 100, 150);
constexpr int mcu_px = 16;  ///< what JPEG smears, with colours at half size

std::vector<cv::Rect> nobody(const cv::Mat&, const cv::Mat&) {
  return {};
}

/// Left so by JPEG, scaling, and halfway mixing with its neighbours.
int markers(const cv::Mat& bgr) {
  int found = 0;
  for (int y = 0; y < bgr.rows; ++y) {
    for (int x = 0; x < bgr.cols; ++x) {
      const auto& p = bgr.at<cv::Vec3b>(y, x);
      found += p[0] > 140 && p[2] > 140 && p[0] - p[1] > 60 && p[2] - p[1] > 60;
    }
  }
  return found;
}

/// Every JPEG that stands somewhere in these bytes.
std::vector<cv::Mat> pictures_in(std::string_view bytes) {
  std::vector<cv::Mat> out;
  for (auto at = bytes.find("\xff\xd8\xff"); at != std::string_view::npos;
       at = bytes.find("\xff\xd8\xff", at + 1)) {
    const auto end = bytes.find("\xff\xd9", at);
    if (end == std::string_view::npos) break;
    if (const auto picture = decode_jpeg(bytes.substr(at, end + 2 - at))) out.push_back(*picture);
  }
  return out;
}

struct Found {
  int published = 0, stored = 0;  ///< pictures searched
  int shown = 0, kept = 0;        ///< markers found in them
};

/// Plays pictures on which `paint` has drawn.
template <class Paint>
Found play(const CameraSetup& setup, Paint paint, const FindPeople& find = nobody,
           cv::Point2d knock = {}) {
  Estimator estimator(setup, find);
  Found found;
  std::size_t number = 0;
  for (const auto& file : pictures_of(site, 2, 8)) {
    Frame frame = frame_of(file);
    cv::Mat picture = decode_jpeg(frame.bytes).value();
    paint(picture);
    if (++number > 5 && knock != cv::Point2d()) {
      const cv::Matx23d by(1, 0, knock.x, 0, 1, knock.y);
      cv::warpAffine(picture.clone(), picture, by, picture.size(), cv::INTER_LINEAR,
                     cv::BORDER_REFLECT);
    }
    frame.bytes = encode_jpeg(picture, 92);
    const FrameReport report = estimator.see(frame);
    for (const auto& published : report.pictures) {
      ++found.published;
      found.shown += markers(decode_jpeg(published.jpeg).value());
    }
    const auto stored = pictures_in(report.state);
    found.stored = std::max(found.stored, static_cast<int>(stored.size()));
    for (const cv::Mat& each : stored)
      found.kept += markers(each);
  }
  return found;
}

template <class Paint>
void expect_hidden(const CameraSetup& setup, Paint paint, const FindPeople& find = nobody,
                   cv::Point2d knock = {}) {
  const Found found = play(setup, paint, find, knock);
  EXPECT_GE(found.published, 8);
  EXPECT_GE(found.stored, 3);
  EXPECT_EQ(found.shown, 0);
  EXPECT_EQ(found.kept, 0);
}

void paint_far_off(cv::Mat& picture) {
  cv::rectangle(picture, far_off, magenta, cv::FILLED);
}
void paint_near(cv::Mat& picture) {
  cv::rectangle(picture, near_tower, magenta, cv::FILLED);
}

CameraSetup with_mask(const cv::Rect& box) {
  CameraSetup setup = read_site(site);
  const double l = box.x - 8.0, t = box.y - 8.0, r = box.br().x + 8.0, b = box.br().y + 8.0;
  setup.masks = {{{l, t}, {r, t}, {r, b}, {l, b}}};
  return setup;
}

TEST(Privacy, OutsideIsHiddenInEveryPictureAndInTheState) {
  expect_hidden(read_site(site), paint_far_off);
}

TEST(Privacy, OutsideStaysHiddenAfterAKnock) {
  expect_hidden(read_site(site), paint_far_off, nobody, {26, -9});
}

TEST(Privacy, MasksHoldWithTheOutsideShownAndHidden) {
  CameraSetup setup = with_mask(near_tower);
  expect_hidden(setup, paint_near);
  setup = with_mask(far_off);
  setup.outside_hidden = false;
  expect_hidden(setup, paint_far_off);
}

TEST(Privacy, MasksHoldAfterAKnock) {
  expect_hidden(with_mask(near_tower), paint_near, nobody, {-24, 11});
}

TEST(Privacy, TheSearchFindsWhatIsNotHidden) {
  const Found near = play(read_site(site), paint_near);
  EXPECT_GT(near.shown, 1000);
  EXPECT_GT(near.kept, 1000);
  CameraSetup shown = read_site(site);
  shown.outside_hidden = false;
  const Found far = play(shown, paint_far_off);
  EXPECT_GT(far.shown, 1000);
  EXPECT_GT(far.kept, 1000);
}

TEST(Privacy, WhomTheDetectorReportsIsPixelatedInPicturesAndState) {
  // Small dots of the marker: what is left of them after pixelating is grey.
  const FindPeople find = [](const cv::Mat& picture, const cv::Mat& shown) {
    EXPECT_EQ(picture.size(), shown.size());
    return std::vector<cv::Rect>{near_tower + cv::Size(8, 8) - cv::Point(4, 4)};
  };
  expect_hidden(read_site(site), paint_near, find);
}

/// How much of the fine lines of a person drawn near the tower is left in each published picture.
std::vector<double> left_of_a_person(Estimator estimator) {
  const cv::Rect body(650, 305, 30, 150);
  const auto fine_lines = [&](const cv::Mat& picture) {
    cv::Mat fine;
    cv::Laplacian(picture(body), fine, CV_32F);
    return cv::norm(fine, cv::NORM_L1);
  };
  std::vector<double> left;
  for (const auto& file : pictures_of(site, 2, 2)) {
    Frame frame = frame_of(file);
    cv::Mat picture = decode_jpeg(frame.bytes).value();
    picture(cv::Rect(600, 260, 130, 230)).setTo(cv::Scalar(170, 170, 170));
    draw_figure(picture, {665, 300}, 160);
    frame.bytes = encode_jpeg(picture, 92);
    for (const auto& published : estimator.see(frame).pictures)
      left.push_back(fine_lines(decode_jpeg(published.jpeg).value()) / fine_lines(picture));
  }
  return left;
}

TEST(Privacy, PeopleNearTheTowerAreFoundAndPixelated) {
  const auto left = left_of_a_person(Estimator(read_site(site)));
  EXPECT_THAT(left, SizeIs(Ge(2U)));
  EXPECT_THAT(left, Each(Lt(0.4)));
  EXPECT_THAT(left_of_a_person(Estimator(read_site(site), nobody)), Each(Gt(0.7)))
      << "nothing else hides them there";
}

/// What a state holds but for what is measured on whole pictures: the belief, the witnesses, the
/// pictures that it keeps. From the building's name on, without the checksum.
std::string learned(const std::string& state, const std::string& building) {
  const auto from = state.find(building);
  EXPECT_NE(from, std::string::npos);
  return state.substr(from, state.size() - from - sizeof(std::uint64_t));
}

/// The last state after pictures on which grey things are drawn over the lower right of the tower,
/// others with each seed.
std::string state_with_grey_things(const CameraSetup& setup, std::uint64_t seed) {
  Estimator estimator(setup, nobody);
  cv::RNG dice(seed);
  int counted = 0;
  std::string state;
  for (const auto& file : pictures_of(site, 6, 14)) {
    Frame frame = frame_of(file);
    cv::Mat picture = decode_jpeg(frame.bytes).value();
    for (int i = 0; i < 12; ++i) {
      const cv::Rect thing(on_the_tower.x + dice.uniform(mcu_px, on_the_tower.width - mcu_px - 24),
                           on_the_tower.y + dice.uniform(mcu_px, on_the_tower.height - mcu_px - 24),
                           24, 24);
      cv::rectangle(picture, thing, cv::Scalar::all(dice.uniform(40, 220)), cv::FILLED);
    }
    frame.bytes = encode_jpeg(picture, 92);
    const FrameReport report = estimator.see(frame);
    counted += report.usable;
    state = report.state;
  }
  EXPECT_GE(counted, 10);
  return state;
}

TEST(Privacy, WhatIsUnderAMaskTeachesNothing) {
  const auto differ = [](const CameraSetup& setup) {
    const std::string& building = setup.facades[0].building;
    const std::string one = state_with_grey_things(setup, 1);
    const std::string other = state_with_grey_things(setup, 2);
    EXPECT_NE(one, other) << "the quality gate measures the whole picture";
    return learned(one, building) != learned(other, building);
  };
  CameraSetup hidden = with_mask(on_the_tower), shown = read_site(site);
  hidden.facades[0].building = shown.facades[0].building = "the tower";
  EXPECT_FALSE(differ(hidden));
  EXPECT_TRUE(differ(shown));
}

TEST(Privacy, PictureWhosePlaceIsUnknownDoesNotLeave) {
  Estimator estimator(read_site(site), nobody);
  for (const auto& file : pictures_of(site, 2, 6))
    estimator.see(frame_of(file));
  Frame frame = frame_of(pictures_of(site, 8, 1).at(0));
  cv::Mat elsewhere(540, 960, CV_8UC3);
  cv::RNG(5).fill(elsewhere, cv::RNG::UNIFORM, 0, 256);
  cv::resize(elsewhere(cv::Rect(0, 0, 60, 40)).clone(), elsewhere, {960, 540}, 0, 0,
             cv::INTER_NEAREST);
  frame.bytes = encode_jpeg(elsewhere, 90);
  const FrameReport report = estimator.see(frame);
  EXPECT_FALSE(report.usable);
  EXPECT_TRUE(report.pictures.empty());
}

/// Lamps, and a glow on the ground: nothing of it has outlines by day.
Frame night(std::size_t number, double knock_px = 0) {
  cv::Mat picture(540, 960, CV_8UC3, cv::Scalar(20, 18, 16)), noise(picture.size(), CV_8UC3);
  picture.rowRange(420, 540).setTo(cv::Scalar(40, 60, 70));
  cv::RNG lamps(99), dice(number);
  for (int i = 0; i < 40; ++i)
    cv::circle(picture, {lamps.uniform(0, 960), lamps.uniform(100, 540)}, lamps.uniform(4, 16),
               cv::Scalar(180, 220, 250), cv::FILLED);
  cv::GaussianBlur(picture, picture, {}, 1.5);
  const cv::Matx23d by(1, 0, knock_px, 0, 1, 0);
  cv::warpAffine(picture.clone(), picture, by, picture.size(), cv::INTER_LINEAR,
                 cv::BORDER_REFLECT);
  dice.fill(noise, cv::RNG::UNIFORM, 0, 6);
  Frame out = frame_of(pictures_of(site, number, 1).at(0));
  out.bytes = encode_jpeg(picture + noise, 92);
  return out;
}

/// Of four pictures by day after these, how many leave.
int leaving_after(const std::vector<Frame>& nights) {
  Estimator estimator(read_site(site), nobody);
  for (const Frame& frame : nights)
    estimator.see(frame);
  int left = 0;
  for (const auto& file : pictures_of(site, nights.size(), 4))
    left += !estimator.see(frame_of(file)).pictures.empty();
  return left;
}

TEST(Privacy, FirstPictureByDayIsTakenToLieWhereTheNightLay) {
  EXPECT_EQ(leaving_after({night(0), night(1)}), 4);
}

/// A large knock is believed when it is seen again; seen once it is suspected.
TEST(Privacy, AfterAKnockByNightNoPictureByDayLeavesOnTrust) {
  EXPECT_EQ(leaving_after({night(0), night(1), night(2, 90), night(3, 90)}), 0);
  EXPECT_EQ(leaving_after({night(0), night(1), night(2, 90)}), 0);
}

TEST(Privacy, StateLearnedWithTheOutsideShownIsRefused) {
  CameraSetup setup = read_site(site);
  setup.outside_hidden = false;
  Estimator shown(setup, nobody);
  shown.see(frame_of(pictures_of(site, 2, 1).at(0)));
  EXPECT_FALSE(Estimator(read_site(site), nobody).restore(shown.state()));
}

}  // namespace
}  // namespace jieding::vision
