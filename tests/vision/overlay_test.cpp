#include "vision/overlay.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "vision/glyphs.hpp"
#include "vision/lettering.hpp"
#include "vision/overlay_words.hpp"
#include "vision/shown_name.hpp"

namespace jieding::vision {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

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
      estimate_of({{"told", 5}}),
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
    for (const auto& [chinese, english] : caption_of(estimate, ""))
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
    EXPECT_THAT(caption_of(estimate_of({}, stage), "").at(0).chinese,
                HasSubstr(std::string(said.at(0).as_string())));
  }
}

TEST(Overlay, SumIsRightAsItIsWritten) {
  const auto lines = caption_of(estimate_of({{"top_edge", 18.46}, {"works_ahead", 1.44}}), "");
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[1].chinese, "楼体最高 18.5 层 − 施工中 1.4 层 = 17.1 层");
}

TEST(Overlay, IntervalIsSaidUnlessItIsOneFigure) {
  EXPECT_THAT(caption_of(estimate_of({}), "").at(0).chinese, HasSubstr("17/18 层 (16–18)"));
  BuildingEstimate sure = estimate_of({});
  sure.storeys_low = sure.storeys_high = 17;
  EXPECT_THAT(caption_of(sure, "").at(0).chinese, HasSubstr("17/18 层，主体结构"));
}

TEST(Overlay, SaysTheNameOfTheBuilding) {
  EXPECT_THAT(caption_of(estimate_of({}), "3 号楼").at(0).chinese, StartsWith("3 号楼：17/18 层"));
  EXPECT_THAT(caption_of(estimate_of({}), "").at(0).chinese, StartsWith("b1：17/18 层"));
}

TEST(ShownName, NamesAreShownAsSitesGiveThem) {
  for (const char* name :
       {"b1", "12#楼", "A座", "3栋2单元", "一期甲幢", "二标段第十组团", "东河新苑二期 5 号楼",
        "安置房（回迁）7幢", "南区商业配套·裙房", "幼儿园", "社区物业公寓", "３号楼Ｂ座",
        "张家门西院", "地块B－2学校", "锦绣江南坊 1 号会所塔楼"})
    EXPECT_EQ(shown_name(name, "id"), name);
}

TEST(ShownName, SpacesOfAnyKindAreSingleOnes) {
  EXPECT_EQ(shown_name("\u3000二期 \u3000 3\u00A0号楼\u2009 ", "b1"), "二期 3 号楼");
  EXPECT_EQ(shown_name("\u3000 ", "b1"), "b1") << "nothing is left";
}

TEST(ShownName, NameWithALetterThatNobodyDrewGivesWayToTheId) {
  for (const char* name :
       {"龘苑 3 号楼", "3 号楼龘", "3 号\xE6\xA5", "3\u200B号楼", "3\t号楼", "\xFF"})
    EXPECT_EQ(shown_name(name, "b1"), "b1") << name;
}

/// As wide as so many letters.
std::string name_of_width(double wide) {
  std::string out;
  for (double width = 1; width <= wide; ++width)
    out += "楼";
  return out;
}

TEST(ShownName, NameWiderThanItsLineGivesWayToTheId) {
  EXPECT_EQ(shown_name(name_of_width(15), "b1"), name_of_width(15));
  EXPECT_EQ(shown_name(name_of_width(16), "b1"), "b1");
}

TEST(Overlay, WidestNameLeavesTheCaptionTenOfATelephonesPixelsHigh) {
  const std::string name = name_of_width(widest_name);
  const cv::Size size(1950, 1200);
  FacadeSetup setup;
  setup.building = "b1";
  setup.storeys = 120;
  setup.corners = {{{600, 1150}, {1200, 1150}, {1200, 300}, {600, 300}}};
  for (BuildingEstimate estimate : all_kinds()) {
    estimate.storeys = estimate.storeys_high = 120;
    estimate.storeys_low = 100;
    estimate.bands.assign(120, StoreyState::Frame);
    cv::Mat picture(size, CV_8UC3, cv::Scalar::all(128));
    draw_overlay(picture, Facade(setup, size, 1), name, estimate);
    int band = 0;
    while (picture.at<cv::Vec3b>(band, size.width - 1) != cv::Vec3b(128, 128, 128))
      ++band;
    const auto lines = static_cast<double>(caption_of(estimate, "").size());
    EXPECT_GE(band / (1.2 * (lines + 0.2)), 10.0 / 390 * size.width - 1)
        << caption_of(estimate, name).at(0).chinese;
  }
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
    draw_overlay(picture, Facade(setup, size, 1), "", estimate_of({{"top_edge", 17.5}}));
    const cv::Vec3b untouched(128, 128, 128);
    EXPECT_EQ(picture.at<cv::Vec3b>(2, 630) != untouched, room_above);
    EXPECT_EQ(picture.at<cv::Vec3b>(477, 630) != untouched, !room_above);
    EXPECT_EQ(picture.at<cv::Vec3b>(240, 300), untouched) << "the facade itself stays as it is";
  }
}

const cv::Vec3b ground(128, 128, 128), red(0, 0, 255);

/// A facade in the middle of a grey picture, 18 storeys of 18 px, with four of each state from the
/// ground up and the last two still to be built.
struct DrawnRuler {
  DrawnRuler() : picture(480, 640, CV_8UC3, cv::Scalar::all(128)) {
    setup.building = "b1";
    setup.storeys = 18;
    setup.corners = {{{200, 350}, {400, 350}, {400, 26}, {200, 26}}};
    estimate = estimate_of({{"top_edge", 16}});
    estimate.storeys = 12;
    for (int n = 0; n < 18; ++n)
      estimate.bands[static_cast<std::size_t>(n)] = states[n / 4];
    draw_overlay(picture, facade(), "", estimate);
  }

  Facade facade() const { return {setup, picture.size(), 1}; }
  cv::Vec3b at(double u, double height) const {
    return picture.at<cv::Vec3b>(cv::Point(facade().at(u, height)));
  }
  cv::Vec3b box_of(int storey) const { return at(-0.045, storey + 0.5); }
  /// Pixels that were written on left of the ruler's boxes, across the top of this storey.
  int ink_beside(int storey) const {
    const cv::Point right(facade().at(-0.075, storey));
    const cv::Mat place = picture(cv::Rect(right.x - 30, right.y - 5, 30, 10));
    int ink = 0;
    for (auto p = place.begin<cv::Vec3b>(); p != place.end<cv::Vec3b>(); ++p)
      ink += *p != ground;
    return ink;
  }

  static constexpr StoreyState states[] = {StoreyState::Facade, StoreyState::Infilled,
                                           StoreyState::Frame, StoreyState::Working,
                                           StoreyState::Background};
  FacadeSetup setup;
  BuildingEstimate estimate;
  cv::Mat picture;
};

TEST(Overlay, EachStateHasAColourOfItsOwnInTheRuler) {
  const DrawnRuler drawn;
  for (int n = 0; n < 18; ++n) {
    const int first = n / 4 * 4;
    EXPECT_EQ(drawn.box_of(n), drawn.box_of(first)) << n;
    for (int other = 0; other < first; other += 4)
      EXPECT_NE(drawn.box_of(n), drawn.box_of(other)) << n << " as " << other;
  }
  EXPECT_EQ(drawn.box_of(17), ground) << "of what is not built there is an outline only";
  EXPECT_NE(drawn.at(-0.045, 17.92), ground);
}

TEST(Overlay, RedLineLiesOnTheLastCastSlab) {
  const DrawnRuler drawn;
  for (const double u : {0.0, 0.5, 1.0}) {
    EXPECT_EQ(drawn.at(u, 12), red) << u;
    for (const double other : {0.0, 6.0, 11.0, 11.5, 12.5, 13.0, 18.0})
      EXPECT_NE(drawn.at(u, other), red) << u << ", storey " << other;
  }
}

TEST(Overlay, EveryFifthStoreyAndTheLastAreNumbered) {
  const DrawnRuler drawn;
  for (int n = 1; n <= 18; ++n)
    EXPECT_EQ(drawn.ink_beside(n) > 10, n % 5 == 0 || n == 18) << n;
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

TEST(Lettering, OnlyWhatCanBeWrittenWholeIsDrawn) {
  EXPECT_TRUE(is_drawn("主体 17/18"));
  EXPECT_FALSE(is_drawn("1龘2"));
  EXPECT_FALSE(is_drawn("1\xE5")) << "torn";
}

TEST(Lettering, ChineseIsAsWideAsHigh) {
  EXPECT_DOUBLE_EQ(width_of("楼层", 40), 80);
}

}  // namespace
}  // namespace jieding::vision
