#include "vision/finish.hpp"

#include <gtest/gtest.h>

namespace jieding::vision {
namespace {

constexpr int storeys = 18;
constexpr double net = 0.02, open = 0.2;

FacadeSetup setup(Scaffold scaffold) {
  FacadeSetup out;
  out.storeys = storeys;
  out.scaffold = scaffold;
  return out;
}

/// A topped-out building with a net before its lowest `netted` storeys, and no edge of cladding.
FinishEvidence netted_up_to(int netted) {
  FinishEvidence out;
  for (int n = 0; n < storeys; ++n)
    out.openings.push_back(n < netted ? net : open);
  out.steps.down = out.steps.up = std::vector<double>(storeys - 1, 0.5);
  return out;
}

/// The topmost storey shows in every picture: without any relief no storey is judged.
constexpr int wrapped = storeys - 1;

Stage stage_after(FinishWatch& watch, const std::vector<int>& netted) {
  for (const int n : netted)
    watch.see(netted_up_to(n), storeys, true);
  return watch.stage(storeys, true);
}

TEST(Finish, NetStruckStoreyByStoreyIsTheFacadeGettingReady) {
  FinishWatch watch(setup(Scaffold::Wrapped));
  EXPECT_EQ(stage_after(watch, {wrapped, wrapped, wrapped}), Stage::ToppedOut);
  EXPECT_EQ(stage_after(watch, {15, 13}), Stage::ToppedOut);
  EXPECT_EQ(stage_after(watch, {11}), Stage::Facade);
  EXPECT_EQ(stage_after(watch, {8, 5, 2, 0}), Stage::Facade) << "one picture of a finished front";
  EXPECT_EQ(stage_after(watch, {0}), Stage::ExternalWorks);
}

TEST(Finish, NetGoneAtOnceSaysNothingOfTheFacade) {
  FinishWatch watch(setup(Scaffold::Wrapped));
  EXPECT_EQ(stage_after(watch, {wrapped, wrapped, wrapped, 0, 0, 0, 0}), Stage::ToppedOut);
}

TEST(Finish, NoScaffoldNoNet) {
  FinishWatch watch(setup(Scaffold::None));
  EXPECT_EQ(stage_after(watch, {wrapped, wrapped, wrapped, 14, 10, 6, 2, 0, 0}), Stage::ToppedOut);
}

TEST(Finish, GoesOnAfterARestart) {
  FinishWatch watch(setup(Scaffold::Wrapped)), again(setup(Scaffold::Wrapped));
  stage_after(watch, {wrapped, wrapped, wrapped, 13, 9, 5, 0});
  BlobWriter out;
  watch.save(out);
  const std::string bytes = out.seal();
  BlobReader in(bytes);
  ASSERT_TRUE(again.restore(in));
  EXPECT_EQ(stage_after(again, {}), Stage::Facade);
  EXPECT_EQ(stage_after(again, {0}), Stage::ExternalWorks);
}

}  // namespace
}  // namespace jieding::vision
