#include "vision/wire.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/support/wire_bytes.hpp"
#include "vision/photo.hpp"

namespace jieding::vision::wire {
namespace {

using test::from_bytes;

CameraSetup camera() {
  CameraSetup out;
  out.id = "塔吊";
  out.width_px = 1280;
  out.height_px = 720;
  out.masks = {{{1, 2}, {3, 4}, {5.5, 6}}};
  out.outside_hidden = false;
  out.publishes = false;
  FacadeSetup facade;
  facade.building = "b1";
  facade.storeys = 18;
  facade.scaffold = Scaffold::Wrapped;
  facade.storeys_at_start = 3;
  facade.corners = {{{1, 9}, {8, 9}, {8, 1}, {1, 1}}};
  out.facades = {facade};
  return out;
}

Message sent(const Message& message) {
  const auto back = from_bytes(encode(message));
  EXPECT_TRUE(back && *back);
  return (*back)->message;
}

TEST(Wire, SetupComesThroughAsItWasSent) {
  wire::Setup setup;
  setup.camera = camera();
  setup.state = std::string("\0\1\2", 3);
  const auto back = to_setup(sent(to_message(setup)));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->camera, setup.camera);
  EXPECT_EQ(back->state, setup.state);
}

TEST(Wire, FrameNameMayHoldAnyBytes) {
  FrameCall call;
  call.id = 7;
  call.frame.camera = "mast";
  call.frame.name =
      "\xff\xfe"
      "bad";
  call.frame.taken = Instant(std::chrono::milliseconds(1'700'000'000'123));
  call.frame.bytes = std::string(1000, '\0');
  call.frame.counts = {{"b1", 5, 7}, {"东楼", 6, 9}};
  const auto back = to_frame(sent(to_message(call)));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->frame.name, call.frame.name);
  EXPECT_EQ(back->frame.taken, call.frame.taken);
  EXPECT_EQ(back->frame.bytes, call.frame.bytes);
  EXPECT_EQ(back->frame.counts, call.frame.counts);
  EXPECT_EQ(back->id, 7U);
}

TEST(Wire, ReportComesThroughAsItWasSent) {
  Report call;
  call.id = 9;
  call.refused = "image_size: wrong value";
  auto& report = call.report;
  report.usable = true;
  report.reasons = {"fog"};
  BuildingEstimate building;
  building.building = "b1";
  building.storeys = 3.5;
  building.bands = {StoreyState::Facade, StoreyState::Background};
  building.stage = Stage::Facade;
  building.grounds = {{"top_edge", 4.9}, {"works_ahead", 1.4}};
  report.buildings = {building};
  report.proposals = {{"b1", "storey_cast", 3, Instant{}, Instant{}}};
  report.pictures = {{"overlay", "b1", "jpeg"}};
  report.state = "state";
  const auto back = to_report(sent(to_message(call)));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->refused, call.refused);
  EXPECT_EQ(back->report.buildings.at(0).bands, building.bands);
  EXPECT_EQ(back->report.buildings.at(0).storeys, 3.5);
  EXPECT_EQ(back->report.buildings.at(0).grounds, building.grounds);
  EXPECT_EQ(back->report.proposals.at(0).storey, 3);
  EXPECT_EQ(back->report.pictures.at(0).jpeg, "jpeg");
  EXPECT_EQ(back->report.state, "state");
}

TEST(Wire, PhotoComesThroughAsItWasSent) {
  const auto call = to_photo_call(sent(to_message(PhotoCall{7, std::string("\xff\xd8\0", 3)})));
  ASSERT_TRUE(call);
  EXPECT_EQ(call->id, 7U);
  EXPECT_EQ(call->jpeg, std::string("\xff\xd8\0", 3));
  const auto answer = to_photo_answer(sent(to_message(PhotoAnswer{8, "torn", "jpeg"})));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->id, 8U);
  EXPECT_EQ(answer->refused, "torn");
  EXPECT_EQ(answer->jpeg, "jpeg");
}

TEST(Wire, MoreGroundsThanVisionHasAreRefused) {
  Report call;
  call.report.buildings.emplace_back();
  call.report.buildings[0].grounds.assign(most_grounds, {"top_edge", 1});
  EXPECT_TRUE(to_report(sent(to_message(call))));
  call.report.buildings[0].grounds.push_back({"top_edge", 1});
  EXPECT_FALSE(to_report(sent(to_message(call))));
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
  EXPECT_EQ(kind(to_message(PhotoCall{})), "photo");
  for (const char* nameless : {"", "[]", "{}", "{\"kind\":1}", "{\"kind\":\"photo\""})
    EXPECT_EQ(kind({nameless, {}}), "") << nameless;
}

TEST(Wire, NonsenseHeadersAreErrorsNotCrashes) {
  for (const char* header :
       {"", "[]", "{\"kind\":1}", "{\"kind\":\"frame\"}", "{\"kind\":\"report\",\"id\":-1}",
        "{\"kind\":\"photo\"}", "{\"kind\":\"masked_photo\",\"id\":1}",
        "{\"kind\":\"setup\",\"camera\":{}}", "{\"kind\":\"setup\",\"camera\":5}"}) {
    EXPECT_FALSE(to_setup({header, {""}})) << header;
    EXPECT_FALSE(to_frame({header, {"a", "b"}})) << header;
    EXPECT_FALSE(to_report({header, {}})) << header;
    EXPECT_FALSE(to_photo_call({header, {"a"}})) << header;
    EXPECT_FALSE(to_photo_answer({header, {"a"}})) << header;
  }
}

}  // namespace
}  // namespace jieding::vision::wire
