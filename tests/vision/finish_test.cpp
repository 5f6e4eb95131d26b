#include "vision/finish.hpp"

#include <gtest/gtest.h>

#include "vision/facade.hpp"

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
    watch.see(netted_up_to(n), storeys, Roof::Stands);
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

TEST(Finish, NetThatLampsShineThroughIsNotStruck) {
  FinishWatch watch(setup(Scaffold::Wrapped));
  FinishEvidence night = netted_up_to(10);
  for (const std::size_t lit : {2, 3, 5, 6, 7})
    night.openings[lit] = open;
  EXPECT_EQ(stage_after(watch, {wrapped, wrapped, wrapped}), Stage::ToppedOut);
  watch.see(night, storeys, Roof::Stands);
  EXPECT_EQ(watch.stage(storeys, true), Stage::ToppedOut);
  EXPECT_EQ(stage_after(watch, {10}), Stage::Facade);
}

TEST(Finish, NetThatLampsLightAllOverIsNotForgotten) {
  FinishWatch watch(setup(Scaffold::Wrapped));
  const int lit = 0;
  EXPECT_EQ(stage_after(watch, {wrapped, wrapped, lit, wrapped}), Stage::ToppedOut);
  EXPECT_EQ(stage_after(watch, {11, 10}), Stage::Facade);
}

TEST(Finish, NetThatIsThinInPlacesIsNotStruck) {
  FinishWatch watch(setup(Scaffold::Wrapped));
  EXPECT_EQ(stage_after(watch, {wrapped, wrapped, wrapped}), Stage::ToppedOut);
  FinishEvidence thin = netted_up_to(10);
  for (double& relief : thin.openings)
    relief = relief < open ? 0.04 : 0.08;
  thin.openings.back() = 0.1;
  for (int i = 0; i < 3; ++i)
    watch.see(thin, storeys, Roof::Stands);
  EXPECT_EQ(watch.stage(storeys, true), Stage::ToppedOut);
}

TEST(Finish, FenceBeforeAHazyFrontDoesNotMakeItANet) {
  FinishWatch watch(setup(Scaffold::Wrapped));
  EXPECT_EQ(stage_after(watch, {wrapped, wrapped, wrapped, 8}), Stage::Facade);
  FinishEvidence hazy = netted_up_to(storeys);
  hazy.openings[0] = 0.1;
  watch.see(hazy, storeys, Roof::Stands);
  EXPECT_EQ(stage_after(watch, {0, 0}), Stage::ExternalWorks);
}

TEST(Finish, NoScaffoldNoNet) {
  FinishWatch watch(setup(Scaffold::None));
  EXPECT_EQ(stage_after(watch, {wrapped, wrapped, wrapped, 14, 10, 6, 2, 0, 0}), Stage::ToppedOut);
}

TEST(Finish, GrassBeforeTheFrontIsFinishedIsNoEndOfTheWorks) {
  FinishWatch watch(setup(Scaffold::Wrapped));
  const auto see = [&](int netted, double green) {
    FinishEvidence seen = netted_up_to(netted);
    seen.foot.green = green;
    seen.foot.soil = 0.9 - green;
    watch.see(seen, storeys, netted == storeys ? Roof::Open : Roof::Stands);
    return watch.stage(storeys, netted < storeys);
  };
  for (int i = 0; i < 5; ++i)
    see(storeys, 0);
  for (const int netted : {wrapped, wrapped, wrapped, 12, 9, 6, 3})
    EXPECT_LE(see(netted, 0.9), Stage::Facade);
  EXPECT_LE(see(0, 0.9), Stage::Facade);
  EXPECT_EQ(see(0, 0.9), Stage::ExternalWorks);
  EXPECT_EQ(see(0, 0.9), Stage::ExternalWorks) << "one picture";
  EXPECT_EQ(see(0, 0.9), Stage::Completed);
}

/// A topped-out building of which the storeys below `end` are clad, or where no edge shows.
FinishEvidence clad_up_to(int end) {
  FinishEvidence out = netted_up_to(0);
  if (end > 0) out.steps.up[static_cast<std::size_t>(end) - 1] = 20;
  return out;
}

TEST(Finish, FrontThatShowsAnEdgeAgainWasNotFinished) {
  FinishWatch watch(setup(Scaffold::None));
  const auto see = [&](const std::vector<int>& ends) {
    for (const int end : ends)
      watch.see(clad_up_to(end), storeys, Roof::Stands);
    return watch.stage(storeys, true);
  };
  EXPECT_EQ(see({7, 9, 11, 13, 0, 0, 0}), Stage::ExternalWorks) << "three pictures of fog";
  EXPECT_EQ(see({14, 15}), Stage::Facade);
  EXPECT_EQ(see({16, 17, 0, 0, 0}), Stage::ExternalWorks);
}

TEST(Finish, FrontWhoseEdgeHasGoneIsFinishedAlsoWhereItWasFaint) {
  FinishWatch watch(setup(Scaffold::None));
  const auto see = [&](const std::vector<double>& steps) {
    for (const double step : steps) {
      FinishEvidence seen = netted_up_to(0);
      seen.steps.down[9] = step;
      watch.see(seen, storeys, Roof::Stands);
    }
    return watch.stage(storeys, true);
  };
  EXPECT_EQ(see(std::vector<double>(9, 0.5)), Stage::ToppedOut) << "none was ever seen";
  EXPECT_EQ(see({5, 5}), Stage::Facade);
  EXPECT_EQ(see(std::vector<double>(10, 0.5)), Stage::ExternalWorks);
}

/// The picture ends below the roof; the edge of the cladding shows between two of its storeys, or
/// nowhere.
FinishEvidence shown_up_to(int shown, int edge = 0) {
  FinishEvidence out;
  for (int n = 0; n < storeys; ++n)
    out.openings.push_back(n < shown ? open : -1);
  out.steps.down = out.steps.up = std::vector<double>(storeys - 1, -1);
  for (int n = 1; n + 3 < shown; ++n)
    out.steps.down[static_cast<std::size_t>(n)] = n + 1 == edge ? 8 : 0.5;
  return out;
}

Stage stage_of_cut_front(FinishWatch& watch, const std::vector<int>& edges) {
  for (const int edge : edges)
    watch.see(shown_up_to(12, edge), storeys - 4, Roof::OutOfView);
  return watch.stage(storeys - 4, false);
}

TEST(Finish, WhereNobodySeesTheRoofTheEdgeThatComesIntoThePictureTellsOfIt) {
  FinishWatch watch(setup(Scaffold::None));
  EXPECT_EQ(stage_of_cut_front(watch, std::vector<int>(40, 0)), Stage::Superstructure);
  EXPECT_EQ(stage_of_cut_front(watch, {8}), Stage::Superstructure) << "one picture";
  EXPECT_EQ(stage_of_cut_front(watch, {7, 6}), Stage::Facade);
  EXPECT_EQ(stage_of_cut_front(watch, {4, 2, 0, 0, 0, 0}), Stage::ExternalWorks);
}

TEST(Finish, StoreysOutsideThePictureAreNoNets) {
  const cv::Mat strip((storeys + storeys_above_roof) * rows_per_storey, strip_columns, CV_8UC3,
                      cv::Scalar::all(120));
  cv::Mat inside(strip.size(), CV_8U, cv::Scalar(255));
  inside.rowRange(12 * rows_per_storey, inside.rows) = 0;
  const FinishEvidence seen = read_finish(strip, inside);
  EXPECT_GE(seen.openings[11], 0);
  EXPECT_LT(seen.openings[12], 0);
  EXPECT_EQ(open_roof(seen), 0);
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
