#include "gateway/site_state.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace jieding {
namespace {

TEST(SiteState, EachCamerasWordSaysWhatItRestsOn) {
  config::Config config;
  config.buildings.emplace_back().id = "b1";
  const PlaybackClock business(Instant{});
  SiteState state(config, business);
  BuildingView view;
  view.estimate.building = "b1";
  view.words.emplace_back().camera = "mast";
  view.words[0].estimate.grounds = {{"top_edge", 16.4}, {"works_ahead", 1.4}};
  state.show(view);
  const auto site = state.to_json();
  EXPECT_EQ(site.at("buildings").at(0).at("estimate").at("cameras").at(0).at("grounds"),
            boost::json::parse(R"({"top_edge": 16.4, "works_ahead": 1.4})"));
}

TEST(SiteState, TheLastPictureStaysWhereANewOneIsOfNoUseOrCannotBeShown) {
  config::Config config;
  config.buildings.emplace_back().id = "b1";
  const PlaybackClock business(Instant{});
  SiteState state(config, business);
  const auto show = [&](bool usable, std::string picture) {
    BuildingView view;
    view.estimate.building = "b1";
    view.usable = usable;
    view.picture = std::move(picture);
    state.show(view);
    return state.to_json().at("buildings").at(0).at("estimate").at("picture");
  };
  EXPECT_EQ(show(true, ""), nullptr);
  EXPECT_EQ(show(true, "aa"), "aa");
  EXPECT_EQ(show(false, "bb"), "aa");
  EXPECT_EQ(show(true, ""), "aa") << "seen, and not surely masked";
  EXPECT_EQ(show(true, "cc"), "cc");
}

TEST(SiteState, TheProgrammeIsShownWhereOneIsWrittenDown) {
  config::Config config;
  config.buildings.emplace_back().id = "b1";
  config.buildings.emplace_back().id = "b2";
  using namespace std::chrono;
  config.buildings[1].plan =
      config::Plan{sys_days{2024y / July / 1}, sys_days{2024y / October / 25}};
  const PlaybackClock business(Instant{});
  const auto buildings = SiteState(config, business).to_json().at("buildings");
  EXPECT_EQ(buildings.at(0).at("plan"), nullptr);
  EXPECT_EQ(buildings.at(1).at("plan"),
            boost::json::parse(R"({"zero_level": "2024-07-01", "topping_out": "2024-10-25"})"));
}

TEST(SiteState, WitnessesStandBesideTheirBuildingAndItsMilestones) {
  config::Config config;
  config.buildings.push_back({"b1", "b1", 18, 2.9});
  config::Device& hoist = config.devices.emplace_back();
  hoist.id = "hoist-1";
  hoist.building = "b1";
  config::Settings witness;
  witness.set("quantity", std::string("hoist_floor"));
  witness.set("shows", std::string("floor"));
  hoist.settings.set("witness", std::vector{witness});
  const PlaybackClock business(Instant{});
  SiteState state(config, business);
  EXPECT_TRUE(state.is_witness("hoist-1"));
  EXPECT_FALSE(state.is_witness("hoist-2"));
  for (const int storey : {5, 12}) {
    milestones::Milestone milestone;
    milestone.key = {"b1", "storey_cast", storey};
    state.set_milestone(milestone);
  }
  state.observe(state.witnesses().at(0), {{9, 3, Instant{}, Instant{}}});
  const auto building = state.to_json().at("buildings").at(0);
  EXPECT_EQ(building.at("observations"), boost::json::parse(R"([{"device": "hoist-1",
      "owner": "contractor", "shows": "floor", "level": 9, "since": "1970-01-01T00:00:00Z",
      "last": "1970-01-01T00:00:00Z", "storeys_low": 8, "storeys_high": null,
      "estimate": "nothing"}])"));
  EXPECT_EQ(building.at("milestones").at(0).at("observations"), boost::json::parse(R"([
      {"device": "hoist-1", "owner": "contractor", "says": "supports"}])"));
  EXPECT_EQ(building.at("milestones").at(1).at("observations"), boost::json::array{});
}

TEST(SiteState, ACraneThatNeverLiftedHighEnoughContradictsWhatStandsAbove) {
  config::Config config;
  config.buildings.push_back({"b1", "b1", 18, 2.9});
  config::Device& crane = config.devices.emplace_back();
  crane.id = "crane-1";
  crane.building = "b1";
  config::Settings witness;
  witness.set("quantity", std::string("crane_height"));
  witness.set("shows", std::string("hook"));
  crane.settings.set("witness", std::vector{witness});
  const PlaybackClock business(Instant{});
  SiteState state(config, business);
  const MilestoneKey topping_out{"b1", "topping_out", 0};
  EXPECT_TRUE(state.contradicting(topping_out).empty()) << "nothing was seen yet";
  state.observe(state.witnesses().at(0), {{20, 3, Instant{}, Instant{} + std::chrono::days{8}}});
  EXPECT_EQ(state.contradicting(topping_out), std::vector<std::string>{"crane-1"});
  EXPECT_TRUE(state.contradicting({"b1", "storey_cast", 9}).empty());
  EXPECT_TRUE(state.contradicting({"b2", "topping_out", 0}).empty());
}

TEST(SiteState, WhatIsNotOkSaysSinceWhen) {
  config::Config config;
  config.devices.emplace_back().id = "wind";
  PlaybackClock business(Instant{});
  SiteState state(config, business);
  const auto told = [&](std::string_view key) -> std::string {
    const auto site = state.to_json();
    const auto& value = site.at("devices").at(0).at(key);
    return value.is_null() ? "never" : value.as_string().c_str();
  };
  const auto at = [](int minutes) { return Instant(std::chrono::minutes(minutes)); };
  EXPECT_EQ(told("since"), "never");
  business.move_to(at(1));
  state.set_health({"wind", Health::Failed, "no answer"});
  business.move_to(at(2));
  state.set_health({"wind", Health::Failed, "no answer, 9 times running"});
  EXPECT_EQ(told("since"), to_rfc3339(at(1)));
  EXPECT_EQ(told("reason"), "no answer, 9 times running");
  state.heard("wind");
  EXPECT_EQ(told("since"), "never");
  state.set_health({"wind", Health::Warning, "half of it", at(1)});
  EXPECT_EQ(told("since"), to_rfc3339(at(1)));
  state.set_health({"wind", Health::Ok, ""});
  EXPECT_EQ(told("since"), "never");
}

TEST(SiteState, SimulatedDevicesAreMarkedAsSuch) {
  config::Config config;
  for (const char* driver : {"simulated", "hj212"}) {
    config::Device& device = config.devices.emplace_back();
    device.id = device.driver = driver;
  }
  const PlaybackClock business(Instant{});
  const auto site = SiteState(config, business).to_json();
  EXPECT_EQ(site.at("devices").at(0).at("simulated"), true);
  EXPECT_EQ(site.at("devices").at(1).at("simulated"), false);
}

}  // namespace
}  // namespace jieding
