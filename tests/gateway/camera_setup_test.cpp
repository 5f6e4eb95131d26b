#include "gateway/camera_setup.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace jieding {
namespace {

config::Config site() {
  config::Config config;
  config.buildings = {{"b1", "b1", 18, 2.9}, {"b2", "b2", 11, 2.9}};
  config::Camera camera;
  camera.id = "mast";
  camera.image_size = {960, 540};
  camera.masks = {{{0, 470}, {110, 470}, {110, 540}}};
  config.cameras = {camera};
  return config;
}

const std::string corners = "[[378.5,485.8],[581.3,485.6],[577.3,100.4],[383.6,99.8]]";

std::string with_corners(const std::string& text) {
  return R"({"facades":[{"building":"b1","scaffold":"climbing","storeys_at_start":3,"corners":)" +
         text + R"(}],"masks":[]})";
}

Result<config::Camera> set(const std::string& text) {
  const config::Config config = site();
  return set_up(config.cameras.front(), boost::json::parse(text).as_object(), config);
}

std::string complaint(const std::string& text) {
  const auto changed = set(text);
  return changed ? std::string() : changed.error().text();
}

TEST(CameraSetup, WhatIsSetUpTakesThePlaceOfCornersAndMasks) {
  const auto camera = set(with_corners(corners));
  ASSERT_TRUE(camera) << camera.error().text();
  ASSERT_EQ(camera->facades.size(), 1U);
  EXPECT_EQ(camera->facades[0].building, "b1");
  EXPECT_EQ(camera->facades[0].scaffold, config::Scaffold::Climbing);
  EXPECT_EQ(camera->facades[0].storeys_at_start, 3);
  EXPECT_DOUBLE_EQ(camera->facades[0].corners[2].y, 100.4);
  EXPECT_TRUE(camera->masks.empty());
}

TEST(CameraSetup, WhatIsWrittenIsReadTheSame) {
  const config::Config config = site();
  config::Camera camera = *set(with_corners(corners));
  camera.masks = {{{0, 0}, {200, 0}, {0.5, 90.1}}};
  const auto again = set_up(config.cameras.front(), setup_json(camera), config);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(setup_json(*again), setup_json(camera));
}

TEST(CameraSetup, CornersThatCannotBeAreRefusedWithWords) {
  EXPECT_NE(complaint(with_corners("[[378,485],[581,485],[383,99],[577,100]]")).find("go round"),
            std::string::npos)
      << "crossing";
  EXPECT_NE(complaint(with_corners("[[378,99],[581,99],[577,485],[383,485]]")).find("go round"),
            std::string::npos)
      << "on their head";
  EXPECT_NE(complaint(with_corners("[[0,100],[100,150],[200,160],[100,0]]")).find("go round"),
            std::string::npos)
      << "one side leans past level";
  EXPECT_NE(complaint(with_corners("[[378,485],[388,485],[388,475],[378,475]]")).find("hardly"),
            std::string::npos)
      << "too small";
  EXPECT_NE(complaint(with_corners("[[1378,485],[1581,485],[1577,100],[1383,99]]")).find("outside"),
            std::string::npos);
  EXPECT_NE(complaint(with_corners("[[378,485],[581,485],[577,100]]")).find("four"),
            std::string::npos);
  EXPECT_NE(complaint(with_corners("[[378,485],[581,485],[577,1e300],[383,99]]")), "");
  EXPECT_NE(complaint(with_corners(R"("up there")")), "");
}

TEST(CameraSetup, ABuildingIsKnownAndMarkedOnce) {
  const std::string facade = R"({"building":"b1","scaffold":"none","corners":)" + corners + "}";
  EXPECT_NE(
      complaint(R"({"facades":[)" + facade + "," + facade + R"(],"masks":[]})").find("already has"),
      std::string::npos);
  EXPECT_NE(complaint(R"({"facades":[{"building":"b9","scaffold":"none","corners":)" + corners +
                      R"(}],"masks":[]})"),
            "");
}

TEST(CameraSetup, AMaskHidesSomethingWithinThePicture) {
  EXPECT_NE(complaint(R"({"facades":[],"masks":[[[0,0],[10,10]]]})").find("hides nothing"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"facades":[],"masks":[[[0,0],[2000,0],[0,90]]]})").find("outside"),
            std::string::npos);
  EXPECT_EQ(complaint(R"({"facades":[],"masks":[[[0,0],[200,0],[0,90]]]})"), "");
}

}  // namespace
}  // namespace jieding
