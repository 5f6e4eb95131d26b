#include "vision/wire.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/support/wire_bytes.hpp"
#include "vision/calibration.hpp"
#include "vision/film_wire.hpp"
#include "vision/photo.hpp"
#include "vision/rendition.hpp"

namespace jieding::vision::wire {
namespace {

using test::from_bytes;

/// Any bytes, as a picture may hold them.
const std::string any_bytes("\xff\xd8\0\xfe{\"", 6);

/// What is left of a message that went through the socket and was understood on the other side.
template <class Said, class Understand>
Said through(const Said& said, Understand understand) {
  const auto read = from_bytes(encode(to_message(said)));
  EXPECT_TRUE(read && *read);
  const auto back = understand((*read)->message);
  EXPECT_TRUE(back) << back.error().text();
  return back ? *back : Said{};
}

// In each of these no field holds what it would hold if it were forgotten on the way.

TEST(Wire, SetupComesThroughWhole) {
  wire::Setup setup;
  setup.camera = {.id = "塔吊",
                  .width_px = 1280,
                  .height_px = 720,
                  .masks = {{{1, 2}, {3, 4}, {5.5, 6}}, {{7, 8}, {9, 10}, {11, 12}}},
                  .outside_hidden = false,
                  .publishes = false,
                  .facades = {{.building = "b1",
                               .name = "3 号楼",
                               .storeys = 18,
                               .storey_height_m = 3.3,
                               .scaffold = Scaffold::Wrapped,
                               .storeys_at_start = 3,
                               .corners = {{{1, 9}, {8, 9.5}, {8, 1}, {1, 1}}}}}};
  setup.state = any_bytes;
  EXPECT_EQ(through(setup, to_setup), setup);
}

TEST(Wire, FrameComesThroughWhole) {
  FrameCall call;
  call.id = 7;
  call.frame = {"mast",
                "\xff\xfe"
                "bad",
                Instant(std::chrono::milliseconds(1'700'000'000'123)),
                any_bytes,
                {{"b1", 5, 7}, {"东楼", 6, 9}}};
  EXPECT_EQ(through(call, to_frame), call) << "its name may hold any bytes";
}

TEST(Wire, ReportComesThroughWhole) {
  const Instant day(std::chrono::milliseconds(1'700'000'000'123));
  BuildingEstimate other;
  other.building = "b2";
  Report call;
  call.id = 9;
  call.refused = "image_size: wrong value";
  call.report = {.usable = true,
                 .reasons = {"fog", "torn"},
                 .faults = {"camera_moved"},
                 .measures = {{"shift_x_px", -12.5}, {"sharpness", 1.8}},
                 .buildings = {{.building = "b1",
                                .storeys = 3.5,
                                .storeys_low = 2,
                                .storeys_high = 5,
                                .stage = Stage::Facade,
                                .confidence = 0.93,
                                .bands = {StoreyState::Facade, StoreyState::Working},
                                .corrected = true,
                                .correction = "people counted fewer storeys",
                                .grounds = {{"top_edge", 4.9}, {"works_ahead", 1.4}}},
                               other},
                 .proposals = {{"b1", "storey_cast", 3, day, day + std::chrono::hours(24)}},
                 .pictures = {{"masked", "", any_bytes}, {"overlay", "b1", "jpeg"}},
                 .state = any_bytes + "state"};
  EXPECT_EQ(through(call, to_report), call);
}

TEST(Wire, PhotoAndRenditionComeThroughWhole) {
  const PhotoCall photo{7, any_bytes};
  EXPECT_EQ(through(photo, to_photo_call), photo);
  const PhotoAnswer masked{8, "torn", any_bytes};
  EXPECT_EQ(through(masked, to_photo_answer), masked);
  const RenditionCall call{9, 320, any_bytes};
  EXPECT_EQ(through(call, to_rendition_call), call);
  const RenditionAnswer rendered{10, "too_large", any_bytes};
  EXPECT_EQ(through(rendered, to_rendition_answer), rendered);
}

TEST(Wire, CalibrationComesThroughWhole) {
  const Corners corners{{{1, 9}, {8, 9.5}, {8, 1}, {1, 1}}};
  const CalibrationCall call{.jpeg = any_bytes,
                             .building = "b1",
                             .storeys = 18,
                             .storeys_visible = 5,
                             .clicks = corners,
                             .click_error_px = 2.5,
                             .masks = {{{1, 2}, {3, 4}, {5, 6}}},
                             .others = {{{7, 8}, {9, 10}, {11, 12}, {13, 14}}}};
  EXPECT_EQ(through(call, to_calibration_call), call);
  const Calibration found{.refusal = "no facade is seen",
                          .corners = corners,
                          .roof_error = 0.4,
                          .middle_error = 0.2,
                          .storeys_found = 6,
                          .notes = {"one", "二"},
                          .width_px = 960,
                          .height_px = 540,
                          .drawn = any_bytes};
  EXPECT_EQ(through(found, to_calibration), found);
}

TEST(Wire, FilmComesThroughWhole) {
  const FilmOrder order{1280, 720, 25, 365};
  EXPECT_EQ(through(order, to_film_order), order);
  const Rolling rolling{4096};
  EXPECT_EQ(through(rolling, to_rolling), rolling);
  const FilmPicture picture{any_bytes, "2024-03-03"};
  EXPECT_EQ(through(picture, to_film_picture), picture);
  const FilmSample sample{any_bytes, "torn", true};
  EXPECT_EQ(through(sample, to_film_sample), sample);
  const FilmHead head{any_bytes, 1280, 720};
  EXPECT_EQ(through(head, to_film_head), head);
}

TEST(Wire, MoreGroundsThanVisionHasAreRefused) {
  Report call;
  call.report.buildings.emplace_back();
  call.report.buildings[0].grounds.assign(most_grounds, {"top_edge", 1});
  EXPECT_TRUE(to_report(to_message(call)));
  call.report.buildings[0].grounds.push_back({"top_edge", 1});
  EXPECT_FALSE(to_report(to_message(call)));
}

TEST(Wire, WireRefusesHugeLengths) {
  EXPECT_FALSE(from_bytes(std::string("\xff\xff\xff\xff\0\0\0\0", 8)));
  EXPECT_FALSE(from_bytes(std::string("\0\0\0\1\xff\xff\xff\xff", 8)));
  EXPECT_FALSE(from_bytes(std::string("\0\0\0\1\0\0\0\1\xff\xff\xff\xff", 12)));
  std::string many("\0\0\0\1\0\0\0\x40", 8);
  for (int i = 0; i < 64; ++i)
    many += std::string("\0\xff\0\0", 4);
  EXPECT_FALSE(from_bytes(many)) << "each blob is small enough, together they are not";
}

TEST(Wire, CutMessageWaitsForMore) {
  const std::string bytes = encode({"{}", {"abc", ""}});
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const auto part = from_bytes(std::string_view(bytes).substr(0, n));
    ASSERT_TRUE(part) << n;
    EXPECT_FALSE(*part) << n;
  }
  EXPECT_EQ((*from_bytes(bytes + "next"))->used, bytes.size());
}

TEST(Wire, AMessageIsOfTheKindThatItsHeaderNames) {
  EXPECT_EQ(kind(ready_message()), "ready");
  EXPECT_EQ(kind(to_message(Rolling{})), "rolling");
  EXPECT_EQ(kind(to_message(Calibration{})), "calibration");
  for (const char* nameless : {"", "[]", "{}", "{\"kind\":1}", "{\"kind\":\"photo\""})
    EXPECT_EQ(kind({nameless, {}}), "") << nameless;
}

TEST(Wire, NumbersTooLargeForADoubleAreRefused) {
  const auto with_huge = [](Message message) {
    const auto at = message.header.find("1.25E0");
    EXPECT_NE(at, std::string::npos) << message.header;
    return Message{message.header.replace(at, 6, "1e999"), message.blobs};
  };
  CalibrationCall call;
  call.click_error_px = 1.25;
  EXPECT_FALSE(to_calibration_call(with_huge(to_message(call))));
  call = {};
  call.masks = {{{1.25, 2}, {3, 4}, {5, 6}}};
  EXPECT_FALSE(to_calibration_call(with_huge(to_message(call))));
}

TEST(Wire, NonsenseHeadersAreErrorsNotCrashes) {
  for (const char* header :
       {"", "[]", "{\"kind\":1}", "{\"kind\":\"frame\"}", "{\"kind\":\"report\",\"id\":-1}",
        "{\"kind\":\"photo\"}", "{\"kind\":\"masked_photo\",\"id\":1}", "{\"kind\":\"rendition\"}",
        "{\"kind\":\"rendered\",\"id\":1}", "{\"kind\":\"setup\",\"camera\":{}}",
        "{\"kind\":\"setup\",\"camera\":5}"}) {
    EXPECT_FALSE(to_setup({header, {""}})) << header;
    EXPECT_FALSE(to_frame({header, {"a", "b"}})) << header;
    EXPECT_FALSE(to_report({header, {}})) << header;
    EXPECT_FALSE(to_photo_call({header, {"a"}})) << header;
    EXPECT_FALSE(to_photo_answer({header, {"a"}})) << header;
    EXPECT_FALSE(to_rendition_call({header, {"a"}})) << header;
    EXPECT_FALSE(to_rendition_answer({header, {"a"}})) << header;
  }
}

}  // namespace
}  // namespace jieding::vision::wire
