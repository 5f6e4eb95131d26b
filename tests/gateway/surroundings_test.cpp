#include "gateway/surroundings.hpp"

#include <gtest/gtest.h>

namespace jieding {
namespace {

config::Config estate() {
  config::Config config;
  config.buildings = {{"b1", "b1", 18, 2.9}, {"b2", "b2", 11, 2.9}, {"b3", "b3", 6, 2.9}};
  config.project.id = "estate";
  config.project.phases = {{"p1", "p1", {"b1", "b2"}}, {"p2", "p2", {"b3"}}};
  config.project.facilities = {{"gas", "gas", "gas", "p1"}};
  return config;
}

using Texts = std::vector<std::string>;

TEST(Surroundings, ABuildingMustFitToItsPhaseAndProject) {
  const auto around = surroundings_of(estate().project, "b2");
  EXPECT_EQ(around.subjects, (Texts{"b2", "p1", "estate"}));
  EXPECT_EQ(around.buildings, Texts{"b2"});
}

TEST(Surroundings, APhaseSpeaksOfItsBuildings) {
  const auto around = surroundings_of(estate().project, "p1");
  EXPECT_EQ(around.subjects, (Texts{"p1", "estate", "b1", "b2"}));
  EXPECT_EQ(around.buildings, (Texts{"b1", "b2"}));
}

TEST(Surroundings, TheProjectSpeaksOfAllBuildings) {
  EXPECT_EQ(surroundings_of(estate().project, "estate").buildings, (Texts{"b1", "b2", "b3"}));
}

TEST(Surroundings, AFacilityStandsAlone) {
  EXPECT_TRUE(surroundings_of(estate().project, "gas").buildings.empty());
}

TEST(Subjects, WhatCanBeSaidOfWhat) {
  const config::Config config = estate();
  const auto fault = [&](const char* subject, const char* kind) -> std::optional<Fault> {
    const auto checked = check_subject(config, {subject, kind, 0});
    return checked ? std::nullopt : std::optional(checked.error().kind());
  };
  EXPECT_EQ(fault("p1", "completion_filing"), std::nullopt);
  EXPECT_EQ(fault("estate", "agreement_signed"), std::nullopt);
  EXPECT_EQ(fault("gas", "facility_ready"), std::nullopt);
  EXPECT_EQ(fault("b9", "topping_out"), Fault::NotFound);
  EXPECT_EQ(fault("p1", "topping_out"), Fault::Invalid) << "seen, so said of a building";
  EXPECT_EQ(fault("gas", "completion_filing"), Fault::Invalid);
  EXPECT_EQ(fault("p1", "facility_ready"), Fault::Invalid);
}

}  // namespace
}  // namespace jieding
