// The reader of policy files and of what is held against them.

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "config/load.hpp"
#include "gateway/policy/deadlines.hpp"
#include "tests/policy/policy_site.hpp"

namespace jieding::config {
namespace {

namespace fs = std::filesystem;

const fs::path source = JIEDING_SOURCE_DIR;

const std::string site = R"(
[site]
id = "estate"
[[building]]
id = "b1"
storeys = 18
[[building]]
id = "b2"
storeys = 11
)";

class PolicyFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "policy-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { fs::remove_all(folder); }

  Result<Config> load_with(const std::string& more) {
    complaints.clear();
    return load_text(site + more, folder / "site.toml", {}, {}, complaints);
  }
  /// With a policy file of this text, whose first line is line 1.
  Result<Config> load_policy(const std::string& text) {
    std::ofstream(folder / "city.toml") << text;
    return load_with("[policy]\nfile = \"city.toml\"\n");
  }
  bool complains(const std::string& part) const {
    return std::any_of(complaints.begin(), complaints.end(), [&](const std::string& complaint) {
      return complaint.find(part) != std::string::npos;
    });
  }

  fs::path folder;
  Complaints complaints;
};

const std::string head =  // eight lines
    "[policy]\nid = \"city\"\nzh = \"城\"\nen = \"City\"\nsource_zh = \"文\"\nsource_en = "
    "\"text\"\n\n\n";

std::string rule(const std::string& id, const std::string& rest) {
  return "[[rule]]\nid = \"" + id +
         "\"\nzh = \"规\"\nen = \"rule\"\narticle_zh = \"条\"\narticle_en = \"article\"\n"
         "scope = \"phase\"\n" +
         rest;
}

const std::string three_years =
    "form = \"deadline\"\nforce = \"must\"\nanchor = \"construction_start\"\n"
    "period = \"3y\"\ntarget = \"completion_filing\"\n";

TEST_F(PolicyFile, HangzhouIsReadWhole) {
  const auto config =
      load_with("[policy]\nfile = \"" + (source / "config/policy/hangzhou.toml").string() + "\"\n");
  ASSERT_TRUE(config) << testing::PrintToString(complaints);
  const Policy& policy = *config->policy;
  for (const char* id : {"R1",  "R2a", "R2b", "R3",  "R4",  "R5",  "R6",  "R7",  "R8",  "R9", "R10",
                         "R11", "R12", "R13", "R14", "R15", "R16", "R17", "R18", "R19", "Q49"}) {
    const Rule* one = policy.rule(id);
    ASSERT_NE(one, nullptr) << id;
    EXPECT_FALSE(one->article.zh.empty() || one->article.en.empty()) << id;
  }
  EXPECT_EQ(policy.rule("R7")->period, (Term{36, 0}));
  EXPECT_EQ(policy.rule("R7")->force, Force::Principle);
  EXPECT_EQ(policy.rule("R14")->force, Force::Must);
  EXPECT_EQ(policy.rule("R17")->period, (Term{6, 0}));
  EXPECT_EQ(policy.rule("R5")->siting, Siting::InPlace);
  EXPECT_EQ(policy.rule("R11")->facilities.size(), 4u);
  EXPECT_EQ(policy.rule("R12")->facilities.size(), 6u);
  EXPECT_TRUE(policy.rule("R13")->starts_action);
  EXPECT_FALSE(policy.in_force);
  EXPECT_FALSE(policy.rule("R14")->in_force) << "of the draft";
  EXPECT_TRUE(policy.rule("Q49")->in_force) << "of the State Council";
  EXPECT_EQ(policy.chains.at(0).rules, (std::vector<std::string>{"R5", "R7", "R14"}));
}

TEST_F(PolicyFile, AnotherCityIsAnotherFile) {
  const auto config = load_with("[policy]\nfile = \"" +
                                (source / "tests/data/policy/lakeside.toml").string() + "\"\n");
  ASSERT_TRUE(config) << testing::PrintToString(complaints);
  policy::Dates dates(config->project);
  dates.set("b1", "construction_start", {policy::on("2024-10-01"), Status::Confirmed});
  const auto found = policy::deadlines(*config->policy, dates, policy::on("2026-10-03"));
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].subject, "b1");
  EXPECT_EQ(found[0].due, policy::on("2026-10-03")) << "after two holidays";
  EXPECT_EQ(found[0].standing, policy::Standing::DueSoon);
  EXPECT_EQ(found[1].standing, policy::Standing::Unknown);
  EXPECT_EQ(found[2].facility, "ferry");
}

TEST_F(PolicyFile, WhatDoesNotSayThatItBindsIsADraft) {
  const auto config = load_policy(head + rule("R7", three_years));
  ASSERT_TRUE(config) << testing::PrintToString(complaints);
  EXPECT_FALSE(config->policy->rule("R7")->in_force);
}

TEST_F(PolicyFile, WithoutAPolicyNothingIsHeldAgainstTheProject) {
  const auto config = load_with("");
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->policy);
}

TEST_F(PolicyFile, ComplaintsNameThePolicyFileAndTheLine) {
  ASSERT_FALSE(load_policy(head + rule("R7", three_years + "perod = \"3y\"\n")));
  EXPECT_TRUE(complains("city.toml:21: rule.perod: unknown key; did you mean \"period\"?"))
      << testing::PrintToString(complaints);
}

TEST_F(PolicyFile, EveryMistakeOfARuleIsTold) {
  ASSERT_FALSE(load_policy(head + rule("R7",
                                       "form = \"deadline\"\nforce = \"maybe\"\n"
                                       "anchor = \"construction_stat\"\nperiod = \"3 years\"\n")));
  EXPECT_TRUE(complains("force: wrong value"));
  EXPECT_TRUE(complains("did you mean \"construction_start\"?"));
  EXPECT_TRUE(complains("period: wrong value"));
  EXPECT_TRUE(complains("target: missing"));
}

TEST_F(PolicyFile, KeysOfAnotherFormAreUnknown) {
  ASSERT_FALSE(load_policy(head + rule("R8",
                                       "form = \"told\"\nwhy_not_zh = \"品\"\n"
                                       "why_not_en = \"why\"\nperiod = \"1y\"\n")));
  EXPECT_TRUE(complains("period: unknown key"));
}

TEST_F(PolicyFile, RulesHaveIdsOfTheirOwn) {
  ASSERT_FALSE(load_policy(head + rule("R7", three_years) + rule("R7", three_years)));
  EXPECT_TRUE(complains("another [[rule]] has this id"));
}

TEST_F(PolicyFile, FacilitiesOfARuleAreOfKnownKinds) {
  ASSERT_FALSE(load_policy(head + rule("R11",
                                       "form = \"facilities\"\nforce = \"must\"\n"
                                       "target = \"completion_filing\"\n"
                                       "facilities = [\"raod\"]\n")));
  EXPECT_TRUE(complains("no [[facility_kind]] has the id \"raod\""));
}

TEST_F(PolicyFile, AChainFollowsFromStepToStep) {
  const std::string chain =
      "[[chain]]\nid = \"all\"\nzh = \"链\"\nen = \"chain\"\nlimit = \"R9\"\n"
      "rules = [\"R7\", \"R8\"]\n";
  ASSERT_FALSE(load_policy(head + rule("R7", three_years) + rule("R8", three_years) + chain));
  EXPECT_TRUE(complains("R8 does not begin with completion_filing"));
  EXPECT_TRUE(complains("no [[rule]] of form \"deadline\" has the id \"R9\""));
}

TEST_F(PolicyFile, AMissingFileIsTold) {
  ASSERT_FALSE(load_with("[policy]\nfile = \"nowhere.toml\"\n"));
  EXPECT_TRUE(complains("nowhere.toml: No such file"));
}

TEST_F(PolicyFile, WhatIsNoTomlIsToldWithItsLine) {
  ASSERT_FALSE(load_policy("[policy]\nid = \n"));
  EXPECT_TRUE(complains("city.toml:2: not TOML"));
}

TEST_F(PolicyFile, WithoutPhasesAllBuildingsAreOne) {
  const auto config = load_with("");
  ASSERT_TRUE(config);
  ASSERT_EQ(config->project.phases.size(), 1u);
  EXPECT_EQ(config->project.phases[0].buildings, (std::vector<std::string>{"b1", "b2"}));
}

TEST_F(PolicyFile, PhasesShareOutTheBuildings) {
  ASSERT_TRUE(
      load_with("[[phase]]\nid = \"p1\"\nbuildings = [\"b1\"]\n"
                "[[phase]]\nid = \"p2\"\nbuildings = [\"b2\"]\n"))
      << testing::PrintToString(complaints);
  EXPECT_FALSE(
      load_with("[[phase]]\nid = \"p1\"\nbuildings = [\"b1\", \"b9\"]\n"
                "[[phase]]\nid = \"p2\"\nbuildings = [\"b1\"]\n"));
  EXPECT_TRUE(complains("no [[building]] has the id \"b9\""));
  EXPECT_TRUE(complains("\"b1\" is in another phase already"));
  EXPECT_TRUE(complains("no [[phase]] has the building \"b2\""));
}

TEST_F(PolicyFile, NothingElseHasTheIdOfABuilding) {
  EXPECT_FALSE(load_with("[[phase]]\nid = \"b1\"\nbuildings = [\"b1\", \"b2\"]\n"));
  EXPECT_TRUE(complains("a building, phase, facility or the project has this id"));
  EXPECT_FALSE(load_with("[project]\nid = \"b1\"\n"));
  EXPECT_TRUE(complains("give [project] another"));
}

TEST_F(PolicyFile, AFacilityIsOfAKindThatThePolicyKnows) {
  std::ofstream(folder / "city.toml") << head + rule("R7", three_years);
  EXPECT_FALSE(
      load_with("[policy]\nfile = \"city.toml\"\n[[facility]]\nid = \"f\"\nkind = \"moat\"\n"));
  EXPECT_TRUE(complains("no [[facility_kind]] \"moat\""));
}

TEST_F(PolicyFile, ARuleOfHouseholdsSaysWhichOnesWait) {
  const std::string rules = R"(
[[rule]]
id = "R18"
zh = "登记"
en = "registration"
article_zh = "应办尽办"
article_en = "for all"
form = "households"
force = "principle"
scope = "phase"
target = "transfer_registration"
)";
  std::ofstream(folder / "city.toml") << head + rules;
  EXPECT_FALSE(load_with("[policy]\nfile = \"city.toml\"\n"));
  EXPECT_TRUE(complains("waiting: missing"));
  std::ofstream(folder / "city.toml") << head + rules + "waiting = \"awaiting_registration\"\n";
  const auto config = load_with("[policy]\nfile = \"city.toml\"\n");
  ASSERT_TRUE(config) << testing::PrintToString(complaints);
  EXPECT_EQ(config->policy->rules[0].waiting, Waiting::Registration);
}

TEST_F(PolicyFile, HouseholdsAreCountedOnThePageNotInTheFile) {
  EXPECT_FALSE(load_with("[project.households]\nawaiting_return = 320\n"));
}

}  // namespace
}  // namespace jieding::config
