#include "gateway/domain/camera_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "config/load.hpp"
#include "gateway/vision_process.hpp"

namespace jieding {
namespace {

using testing::HasSubstr;

constexpr std::array<int, 2> size{1280, 720};
constexpr Corners tower{{{504.5, 647.8}, {780.1, 655.0}, {769.5, 133.9}, {510.2, 134.4}}};

/// The tower with one corner moved.
Corners moved(std::size_t corner, Point to) {
  Corners corners = tower;
  corners[corner] = to;
  return corners;
}

TEST(CameraView, AFacadeGoesRoundUpright) {
  EXPECT_EQ(wrong_corners(tower, size), "");
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  const Corners leaning{{{0, 100}, {100, 150}, {200, 160}, {100, 0}}};
  for (const Corners& wrong : {Corners{tower[1], tower[0], tower[3], tower[2]},  // mirrored
                               Corners{tower[3], tower[2], tower[1], tower[0]},  // upside down
                               Corners{tower[1], tower[2], tower[3], tower[0]},  // begun elsewhere
                               Corners{tower[0], tower[1], tower[3], tower[2]},  // crossed
                               moved(2, {560, 500}),                             // dented
                               moved(1, tower[0]),                               // a point twice
                               moved(1, {nan, 655}), leaning}) {
    EXPECT_FALSE(go_round(wrong));
    EXPECT_THAT(wrong_corners(wrong, {0, 0}), HasSubstr(corner_order));
    EXPECT_NE(wrong_corners(wrong, size), "");
  }
}

TEST(CameraView, AFacadeIsLargeEnoughToHaveStoreys) {
  EXPECT_EQ(wrong_corners({{{20, 40}, {30, 40}, {30, 29}, {20, 29}}}, size), "");
  EXPECT_THAT(wrong_corners({{{20, 40}, {30, 40}, {30, 30}, {20, 30}}}, size),
              HasSubstr("hardly anything"));
}

TEST(CameraView, TwoCornersLieInThePictureAndTheOthersNear) {
  EXPECT_EQ(wrong_corners({{{504, 647}, {780, 655}, {769, -700}, {510, -720}}}, size), "");
  EXPECT_THAT(wrong_corners(moved(2, {769.5, -721}), size), HasSubstr("outside the picture"));
  EXPECT_THAT(wrong_corners({{{-90, 647}, {1300, 655}, {769, -90}, {510, 134}}}, size),
              HasSubstr("outside the picture"));
}

TEST(CameraView, APictureHasWholeSidesWithinBounds) {
  EXPECT_EQ(wrong_image_size({8192, 64}), "");
  EXPECT_EQ(wrong_image_size({1080, 1920}), "") << "a camera on its side";
  EXPECT_THAT(wrong_image_size({720, 1441}), HasSubstr("too narrow"));
  EXPECT_EQ(wrong_image_size({4000, 4000}), "");
  EXPECT_THAT(wrong_image_size({4001, 4000}), HasSubstr("at most 16 megapixels"));
  for (const auto wrong : {std::array{63, 720}, std::array{1280, 8193}, std::array{0, 0}})
    EXPECT_THAT(wrong_image_size(wrong), HasSubstr("64 to 8192"));
}

// The file's and vision's laws once differed; one camera of the difference blinded all others.
TEST(CameraView, WhatTheFileAcceptsAtItsBoundsVisionAccepts) {
  const std::vector<std::string> cameras{
      "image_size = [64, 64]\n[[camera.facade]]\nbuilding = \"b1\"\nstoreys_at_start = 120\n"
      "corners = [[20, 40], [30, 40], [30, 29], [20, 29]]\n",
      "image_size = [8192, 1953]\n[[camera.facade]]\nbuilding = \"b2\"\n"
      "corners = [[-8192, 3906], [8192, 1953], [8192, 0], [-8192, -1953]]\n"
      "[[camera.mask]]\npolygon = [[0, 0], [2, 0], [0, 1]]\n",
      "image_size = [1280, 720]\n"};
  const std::string name(1000, 'x');
  for (const std::string& camera : cameras) {
    config::Complaints complaints;
    const auto config = config::load_text(
        "[site]\nid = \"hz\"\n[[building]]\nid = \"b1\"\nstoreys = 120\nstorey_height_m = 10\n"
        "[[building]]\nid = \"b2\"\nstoreys = 1\nstorey_height_m = 2\nname = \"" +
            name + "\"\n[[camera]]\nid = \"mast\"\n" + camera,
        "/etc/site.toml", {}, {}, complaints);
    ASSERT_TRUE(config) << config.error().text();
    EXPECT_EQ(vision::fault_of(vision_setups(*config).at(0)), "") << camera;
  }
}

TEST(CameraView, VisionIsToldTheNamesOfBuildings) {
  config::Complaints complaints;
  const auto config = config::load_text(
      "[site]\nid = \"hz\"\n[[building]]\nid = \"b3\"\nname = \"3 号楼\"\nstoreys = 18\n"
      "[[building]]\nid = \"b4\"\nstoreys = 18\n[[camera]]\nid = \"mast\"\n"
      "image_size = [1280, 720]\n[[camera.facade]]\nbuilding = \"b3\"\n"
      "corners = [[504, 647], [780, 655], [769, 133], [510, 134]]\n[[camera.facade]]\n"
      "building = \"b4\"\ncorners = [[804, 647], [980, 655], [969, 133], [810, 134]]\n",
      "/etc/site.toml", {}, {}, complaints);
  ASSERT_TRUE(config) << config.error().text();
  const auto facades = vision_setups(*config).at(0).facades;
  ASSERT_EQ(facades.size(), 2U);
  EXPECT_EQ(facades[0].building, "b3");
  EXPECT_EQ(facades[0].name, "3 号楼");
  EXPECT_EQ(facades[1].name, "b4") << "none was given";
}

}  // namespace
}  // namespace jieding
