#include "gateway/site_state.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace jieding {
namespace {

TEST(SiteState, EachCamerasWordSaysWhatItRestsOn) {
  config::Config config;
  config.buildings.emplace_back().id = "b1";
  const RuntimeClock runtime;
  const PlaybackClock business(Instant{});
  SiteState state(config, business, runtime);
  BuildingView view;
  view.estimate.building = "b1";
  view.words.emplace_back().camera = "mast";
  view.words[0].estimate.grounds = {{"top_edge", 16.4}, {"works_ahead", 1.4}};
  state.show(view);
  const auto site = state.to_json();
  EXPECT_EQ(site.at("buildings").at(0).at("estimate").at("cameras").at(0).at("grounds"),
            boost::json::parse(R"({"top_edge": 16.4, "works_ahead": 1.4})"));
}

}  // namespace
}  // namespace jieding
