#include "vision/calibrate.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <random>

#include "tests/vision/site.hpp"
#include "vision/calibration_drawing.hpp"
#include "vision/decode.hpp"
#include "vision/facade_fit.hpp"

namespace jieding::vision {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Corners = std::array<Point, 4>;

/// Where storey lines meet an edge of the facade in truth, from the site's calibration.json.
Point edge_point(const char* edge, int storey) {
  const auto file =
      json::parse(read_file(std::filesystem::path(JIEDING_SITE_A) / "calibration.json"));
  for (const auto& entry : file.at(edge).as_array())
    if (entry.at("storey").to_number<int>() == storey)
      return {entry.at("xy").at(0).to_number<double>(), entry.at("xy").at(1).to_number<double>()};
  throw std::out_of_range("no such storey");
}

Corners true_corners(int storeys) {
  return {edge_point("left_edge", 0), edge_point("right_edge", 0),
          edge_point("right_edge", storeys), edge_point("left_edge", storeys)};
}

/// 2024-08-06, clear, five storeys cast.
std::string five_storeys() {
  return read_file(std::filesystem::path(JIEDING_SITE_A) / "frames/20240806T013600Z.jpg");
}

/// 2024-11-14, overcast: eighteen storeys, half of them still behind the climbing platform.
std::string eighteen_storeys() {
  return read_file(std::filesystem::path(JIEDING_SITE_A) / "frames/20241114T051200Z.jpg");
}

CalibrationCall call_of(std::string jpeg) {
  CalibrationCall out;
  out.jpeg = std::move(jpeg);
  out.building = "b1";
  out.storeys = 18;
  return out;
}

CalibrationCall clicked(int storeys) {
  CalibrationCall out = call_of(five_storeys());
  out.clicks = true_corners(storeys);
  out.storeys_visible = storeys;
  return out;
}

/// Height in storeys at which a ruler with these corners reads the true roof; the worse edge.
double roof_reading_error(const Corners& corners) {
  const Corners truth = true_corners(18);
  const std::vector<cv::Point2f> plane{{0, 0}, {1, 0}, {1, 18}, {0, 18}};
  std::vector<cv::Point2f> there, roof, read;
  for (const Point& p : corners)
    there.emplace_back(static_cast<float>(p.x), static_cast<float>(p.y));
  for (const std::size_t i : {2U, 3U})
    roof.emplace_back(static_cast<float>(truth[i].x), static_cast<float>(truth[i].y));
  cv::perspectiveTransform(roof, read, cv::getPerspectiveTransform(there, plane));
  return std::max(std::abs(read[0].y - 18.0), std::abs(read[1].y - 18.0));
}

/// A facade seen by a camera that looks up a little: 30 storeys of known place.
struct Scene {
  cv::Size picture{1280, 720};
  Upright upright;
  Scene() {
    upright.convergence = 9e-5;
    upright.covariance = cv::Matx22d(9e-12, 0, 0, 1e-6);
  }
  Point at(double u, double v) const {
    const cv::Vec3d p =
        upright.straightening(picture).inv() * cv::Vec3d(420 + 300 * u, 680 - v * (20 + u), 1);
    return {p[0] / p[2], p[1] / p[2]};
  }
  Corners corners(double storeys) const {
    return {at(0, 0), at(1, 0), at(1, storeys), at(0, storeys)};
  }
};

TEST(FacadeFit, ExactClicksGiveTheExactRoof) {
  const Scene scene;
  const FacadeFit fit(scene.corners(6), 6, 1, scene.upright, scene.picture);
  for (const double u : {0.0, 1.0}) {
    EXPECT_NEAR(fit.at(u, 30).x, scene.at(u, 30).x, 0.01);
    EXPECT_NEAR(fit.at(u, 30).y, scene.at(u, 30).y, 0.01);
  }
  EXPECT_LT(fit.strain(), 0.01);
}

TEST(FacadeFit, StatedErrorIsHowFarClicksScatter) {
  const Scene scene;
  std::mt19937 seed(20240806);
  std::normal_distribution<double> click(0, 1), doubt(0, 3e-6);
  for (const int storeys : {3, 6, 12}) {
    double squares = 0, stated = 0;
    constexpr int trials = 300;
    for (int i = 0; i < trials; ++i) {
      Corners corners = scene.corners(storeys);
      for (Point& p : corners) {
        p.x += click(seed);
        p.y += click(seed);
      }
      Upright upright = scene.upright;
      upright.convergence += doubt(seed);
      upright.lean += doubt(seed) * 333;
      const FacadeFit fit(corners, storeys, 1, upright, scene.picture);
      const double storey_px = std::abs(fit.at(0, 30).y - fit.at(0, 29).y);
      squares += std::pow((fit.at(1, 30).y - scene.at(1, 30).y) / storey_px, 2) / trials;
      stated += fit.error_at(30) / trials;
    }
    const double ratio = std::sqrt(squares) / stated;
    EXPECT_GT(ratio, 0.75) << storeys << " storeys";
    EXPECT_LT(ratio, 1.25) << storeys << " storeys";
  }
}

TEST(FacadeFit, MoreStoreysClickedAreSurer) {
  const Scene scene;
  double last = 1e9;
  for (const int storeys : {1, 2, 4, 8, 16}) {
    const double error =
        FacadeFit(scene.corners(storeys), storeys, 1, scene.upright, scene.picture).error_at(30);
    EXPECT_LT(error, last);
    last = error;
  }
}

/// Six storeys of thirty stand; the roof is known to a storey and a half.
struct DrawnCalibration {
  DrawnCalibration() : picture(scene.picture, CV_8UC3, cv::Scalar::all(128)) {
    draw_calibration(picture, FacadeFit(scene.corners(6), 6, 1, scene.upright, scene.picture), 30,
                     6, 1.5);
  }

  cv::Vec3b at(double u, double v) const {
    const Point p = scene.at(u, v);
    return picture.at<cv::Vec3b>(cvRound(p.y), cvRound(p.x));
  }
  /// Pixels that were written on beside an edge, outside what is drawn of the storeys.
  int ink_beside(double u, double v) const {
    const Point p = scene.at(u, v);
    const cv::Rect place(cvRound(p.x) - 8, cvRound(p.y) - 5, 16, 10);
    cv::Mat grey;
    cv::cvtColor(picture(place), grey, cv::COLOR_BGR2GRAY);
    return cv::countNonZero(grey != 128);
  }

  Scene scene;
  cv::Mat picture;
};

TEST(CalibrationDrawing, WhatStandsIsGreenAndWhatIsForetoldOrange) {
  const DrawnCalibration drawn;
  const auto is_green = [](const cv::Vec3b& p) { return p[1] > p[2] + 60 && p[1] > p[0] + 60; };
  const auto is_orange = [](const cv::Vec3b& p) { return p[2] > p[0] + 60 && p[2] > p[1] + 30; };
  for (const double u : {0.0, 1.0})
    for (double v = 0.5; v < 30; ++v) {
      EXPECT_EQ(is_green(drawn.at(u, v)), v < 6) << u << ", " << v;
      EXPECT_EQ(is_orange(drawn.at(u, v)), v > 6) << u << ", " << v;
    }
  for (const double storey : {0.0, 6.0})
    EXPECT_TRUE(is_green(drawn.at(0.5, storey))) << storey;
  EXPECT_TRUE(is_orange(drawn.at(0.5, 30)));
  EXPECT_EQ(drawn.at(0.5, 12), cv::Vec3b(128, 128, 128)) << "of others only their ends are drawn";
  EXPECT_TRUE(is_orange(drawn.at(0.015, 12)));
}

TEST(CalibrationDrawing, RoofHasItsErrorAsABand) {
  const DrawnCalibration drawn;
  for (const double within : {28.7, 29.5, 30.5, 31.3})
    EXPECT_GT(drawn.at(0.5, within)[2], 150) << within;
  for (const double outside : {28.3, 31.7})
    EXPECT_EQ(drawn.at(0.5, outside)[2], 128) << outside;
}

TEST(CalibrationDrawing, EveryFifthStoreyIsNumberedOnBothSides) {
  const DrawnCalibration drawn;
  for (int n = 1; n <= 30; ++n) {
    if (n == 6) continue;  // the last that stands is numbered, too, close to the fifth
    for (const double u : {-0.11, 1.11})
      EXPECT_EQ(drawn.ink_beside(u, n) > 10, n % 5 == 0) << u << ", " << n;
  }
}

TEST(Upright, ConvergenceIsFoundWhateverStreaksThereAre) {
  const Scene scene;
  std::vector<cv::Vec4f> edges;
  const auto add = [&](Point a, Point b) {
    edges.emplace_back(static_cast<float>(a.x), static_cast<float>(a.y), static_cast<float>(b.x),
                       static_cast<float>(b.y));
  };
  for (int i = 0; i < 12; ++i)
    add(scene.at(-1 + 0.3 * i, 2), scene.at(-1 + 0.3 * i, 8));
  std::mt19937 seed(7);
  std::uniform_real_distribution<double> x(0, 1280), y(0, 690);
  for (int i = 0; i < 120; ++i) {  // rain, all one way
    const Point p{x(seed), y(seed)};
    add(p, {p.x + 5, p.y + 30});
  }
  const auto found = find_upright(edges, scene.picture);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->convergence, 9e-5, 1.5e-5);
  EXPECT_NEAR(found->lean, 0, 0.005);
}

TEST(Upright, EmptyPictureSaysNothing) {
  EXPECT_FALSE(find_upright({}, {1280, 720}));
}

TEST(Calibrate, ClicksOnFiveStoreysFindTheRoof) {
  const Calibration found = calibrate(clicked(5));
  ASSERT_EQ(found.refusal, "");
  EXPECT_LT(roof_reading_error(found.corners), 0.3);
  EXPECT_LT(found.roof_error, 0.5);
  EXPECT_LT(found.middle_error, found.roof_error);
  EXPECT_EQ(found.width_px, 960);
}

TEST(Calibrate, RoofFromOneStoreyIsSaidToBeUnsure) {
  const Calibration found = calibrate(clicked(1));
  ASSERT_EQ(found.refusal, "");
  EXPECT_GT(found.roof_error, 0.5);
}

TEST(Calibrate, CornersThatLeanLikeNoUprightAreNoted) {
  CalibrationCall call = clicked(5);
  EXPECT_THAT(calibrate(call).notes, IsEmpty());
  (*call.clicks)[2].x -= 25;
  (*call.clicks)[3].x += 25;
  EXPECT_THAT(calibrate(call).notes, ElementsAre(HasSubstr("times their error")));
}

TEST(Calibrate, MasksAreBurntIntoTheDrawnPicture) {
  CalibrationCall call = clicked(5);
  call.masks = {{{20, 20}, {120, 20}, {120, 100}, {20, 100}}};
  const auto drawn = decode_jpeg(calibrate(call).drawn);
  ASSERT_TRUE(drawn);
  EXPECT_LT(cv::mean((*drawn)(cv::Rect(24, 24, 92, 72)))[1], 2);
}

TEST(Calibrate, FacadeIsFoundByItself) {
  CalibrationCall call = call_of(eighteen_storeys());
  const Calibration found = calibrate(call);
  ASSERT_EQ(found.refusal, "");
  EXPECT_LT(roof_reading_error(found.corners), 0.5);
  call.others = {{{370, 490}, {590, 490}, {590, 90}, {370, 90}}};
  EXPECT_NE(calibrate(call).refusal, "") << "it is another building's";
}

TEST(Calibrate, WrongNumberOfStoreysDoesNotPassForRight) {
  CalibrationCall call = call_of(eighteen_storeys());
  const int seen = calibrate(call).storeys_found;
  ASSERT_GT(seen, 10);
  for (const int said : {seen / 2, seen - 3, 2 * seen + 1}) {
    call.storeys_visible = said;
    EXPECT_THAT(calibrate(call).refusal, HasSubstr("storeys, not " + std::to_string(said) + ";"));
  }
  call.storeys_visible = seen;
  EXPECT_EQ(calibrate(call).refusal, "");
}

TEST(Calibrate, WhatShowsNoStoreysIsRefused) {
  const cv::Mat black(540, 960, CV_8UC3, cv::Scalar(0, 0, 0));
  EXPECT_NE(calibrate(call_of(encode_jpeg(black, 90))).refusal, "");
  const auto ground =
      read_file(std::filesystem::path(JIEDING_SITE_A) / "frames/20240303T010000Z.jpg");
  EXPECT_NE(calibrate(call_of(ground)).refusal, "");
}

TEST(Calibrate, BadInputIsOneClearLine) {
  CalibrationCall torn = clicked(5);
  torn.jpeg.resize(torn.jpeg.size() / 2);
  CalibrationCall crossed = clicked(5);
  std::swap((*crossed.clicks)[2], (*crossed.clicks)[3]);
  CalibrationCall upside_down = clicked(5);
  std::swap((*upside_down.clicks)[0], (*upside_down.clicks)[2]);
  std::swap((*upside_down.clicks)[1], (*upside_down.clicks)[3]);
  CalibrationCall outside = clicked(5);
  (*outside.clicks)[0].y = 541;
  CalibrationCall empty = clicked(5);
  empty.jpeg.clear();
  for (const CalibrationCall& call : {torn, crossed, upside_down, outside, empty}) {
    const std::string refusal = calibrate(call).refusal;
    EXPECT_NE(refusal, "");
    EXPECT_EQ(refusal.find('\n'), std::string::npos);
  }
}

TEST(CalibrationWire, ComesBackAsItWas) {
  CalibrationCall call = clicked(5);
  call.masks = {{{1, 2}, {3, 4}, {5, 6}}};
  call.others = {{{7, 8}, {9, 10}, {11, 12}, {13, 14}}};
  call.click_error_px = 2.5;
  const auto back = wire::to_calibration_call(wire::to_message(call));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->jpeg, call.jpeg);
  EXPECT_EQ(back->clicks, call.clicks);
  EXPECT_EQ(back->masks, call.masks);
  EXPECT_EQ(back->others, call.others);
  EXPECT_EQ(back->click_error_px, 2.5);
  const Calibration answer = calibrate(*back);
  const auto answered = wire::to_calibration(wire::to_message(answer));
  ASSERT_TRUE(answered) << answered.error().text();
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(answered->corners[i].y, answer.corners[i].y, 1e-6);
  EXPECT_EQ(answered->drawn, answer.drawn);
  EXPECT_FALSE(wire::to_calibration({"{\"kind\":\"calibration\"}", {}}));
}

}  // namespace
}  // namespace jieding::vision
