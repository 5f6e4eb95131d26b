#include "vision/overlay.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "vision/glyphs.hpp"
#include "vision/lettering.hpp"
#include "vision/overlay_words.hpp"

namespace jieding::vision {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

BuildingEstimate estimate_of(std::vector<Measure> grounds, Stage stage = Stage::Superstructure) {
  BuildingEstimate out;
  out.building = "b1";
  out.storeys = 17;
  out.storeys_low = 16;
  out.storeys_high = 18;
  out.stage = stage;
  out.bands.assign(18, StoreyState::Frame);
  out.grounds = std::move(grounds);
  return out;
}

std::vector<BuildingEstimate> all_kinds() {
  std::vector<BuildingEstimate> out{
      estimate_of({{"top_edge", 1.2}, {"no_storey", 0.9}}),
      estimate_of({{"top_edge", 18.6}, {"roof_stands", 0.99}}),
      estimate_of({{"top_edge", 18.5}, {"works_ahead", 1.5}}),
      estimate_of({{"top_edge", 18.5}}),
      estimate_of({{"went_back_from", 19}}),
      estimate_of({{"view_ends", 12.5}}),
      estimate_of({{"view_ends", 12.5}, {"by_pace", 14}}),
      estimate_of({{"beyond_plan", 20.6}}),
      estimate_of({{"outweighed", 3}}),
      estimate_of({{"light_unknown", 0.7}}),
      estimate_of({{"counted", 17}}),
  };
  for (int stage = 0; stage <= static_cast<int>(Stage::Completed); ++stage)
    out.push_back(estimate_of({}, static_cast<Stage>(stage)));
  return out;
}

bool begins_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::vector<std::string> characters_of(const std::string& text) {
  std::vector<std::string> out;
  for (const char byte : text) {
    if (begins_character(byte)) out.emplace_back();
    out.back() += byte;
  }
  return out;
}

TEST(Overlay, EveryCharacterThatItSaysWasDrawn) {
  for (const BuildingEstimate& estimate : all_kinds())
    for (const auto& [chinese, english] : caption_of(estimate))
      for (const std::string& one : characters_of(chinese + english))
        EXPECT_EQ(std::ranges::count(glyphs(), one, &Glyph::character), 1) << one;
}

TEST(Overlay, StagesAreNamedAsThePageNamesThem) {
  std::ifstream file(JIEDING_PAGE_WORDS);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto page = boost::json::parse(text);
  for (int n = 0; n <= static_cast<int>(Stage::Completed); ++n) {
    const auto stage = static_cast<Stage>(n);
    const auto& said = page.at("stages").at(to_text(stage)).as_array();
    EXPECT_THAT(caption_of(estimate_of({}, stage)).at(0).chinese,
                HasSubstr(std::string(said.at(0).as_string())));
  }
}

TEST(Overlay, SumIsRightAsItIsWritten) {
  const auto lines = caption_of(estimate_of({{"top_edge", 18.46}, {"works_ahead", 1.44}}));
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[1].chinese, "楼体最高 18.5 层 − 施工中 1.4 层 = 17.1 层");
}

TEST(Overlay, IntervalIsSaidUnlessItIsOneFigure) {
  EXPECT_THAT(caption_of(estimate_of({})).at(0).chinese, HasSubstr("17/18 层 (16–18)"));
  BuildingEstimate sure = estimate_of({});
  sure.storeys_low = sure.storeys_high = 17;
  EXPECT_THAT(caption_of(sure).at(0).chinese, HasSubstr("17/18 层  主体结构"));
}

TEST(Overlay, CaptionStandsWhereTheFacadeLeavesMoreRoom) {
  const cv::Size size(640, 480);
  FacadeSetup setup;
  setup.building = "b1";
  setup.storeys = 18;
  for (const bool room_above : {true, false}) {
    const double shift = room_above ? 100 : 0;
    setup.corners = {
        {{200, 350 + shift}, {400, 350 + shift}, {400, 20 + shift}, {200, 20 + shift}}};
    cv::Mat picture(size, CV_8UC3, cv::Scalar::all(128));
    draw_overlay(picture, Facade(setup, size, 1), {}, estimate_of({{"top_edge", 17.5}}));
    const cv::Vec3b untouched(128, 128, 128);
    EXPECT_EQ(picture.at<cv::Vec3b>(2, 630) != untouched, room_above);
    EXPECT_EQ(picture.at<cv::Vec3b>(477, 630) != untouched, !room_above);
    EXPECT_EQ(picture.at<cv::Vec3b>(240, 300), untouched) << "the facade itself stays as it is";
  }
}

TEST(Lettering, WhatDoesNotFitIsCutOff) {
  cv::Mat picture(20, 20, CV_8UC3, cv::Scalar::all(0));
  write(picture, "主体结构", {-10, 25}, 30, cv::Scalar::all(255));
  EXPECT_GT(cv::sum(picture)[0], 0);
  write_edged(picture, "主体结构", {500, -500}, 30);
}

TEST(Lettering, UnknownCharacterTakesNoRoom) {
  EXPECT_DOUBLE_EQ(width_of("1龘2", 40), width_of("12", 40));
  EXPECT_DOUBLE_EQ(width_of("1\xE5", 40), width_of("1", 40)) << "a torn one neither";
}

TEST(Lettering, ChineseIsAsWideAsHigh) {
  EXPECT_DOUBLE_EQ(width_of("楼层", 40), 80);
}

}  // namespace
}  // namespace jieding::vision
