#include <gtest/gtest.h>

#include "tests/scenes/raster.hpp"
#include "tests/scenes/shading.hpp"
#include "tests/scenes/site.hpp"
#include "tests/scenes/tower.hpp"

namespace jieding::scenes {
namespace {

Wishes small_site(std::uint64_t seed) {
  Wishes wishes;
  wishes.seed = seed;
  wishes.frames = 30;
  wishes.width = 480;
  wishes.height = 270;
  wishes.storeys_at_start = 0;
  wishes.series = "phases";
  return wishes;
}

TEST(Scenes, TheSameSeedGivesTheSameBytes) {
  const Site one(small_site(5)), two(small_site(5)), other(small_site(6));
  ASSERT_EQ(one.shots().size(), two.shots().size());
  const std::size_t middle = one.shots().size() / 2;
  EXPECT_EQ(two.jpeg(middle), one.jpeg(middle));
  EXPECT_NE(other.jpeg(middle), one.jpeg(middle));
}

TEST(Scenes, APictureDoesNotDependOnThoseBeforeIt) {
  const Site drawn(small_site(5)), fresh(small_site(5));
  for (std::size_t i = 0; i < 3; ++i)
    drawn.jpeg(i);
  EXPECT_EQ(drawn.jpeg(3), fresh.jpeg(3));
}

TEST(Scenes, AForcedChoiceLeavesTheOthersAsTheyWere) {
  Wishes wishes = small_site(9);
  const Site free(wishes);
  wishes.net = "orange";
  const Site forced(wishes);
  EXPECT_EQ(forced.plan().tower.storeys, free.plan().tower.storeys);
  EXPECT_EQ(forced.shots().size(), free.shots().size());
  EXPECT_EQ(forced.shots().back().at, free.shots().back().at);
}

TEST(Scenes, StoreysAndStagesOnlyGoForward) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Site site(small_site(seed));
    for (std::size_t i = 1; i < site.shots().size(); ++i) {
      const Shot& before = site.shots()[i - 1];
      const Shot& now = site.shots()[i];
      EXPECT_LT(before.at, now.at) << seed;
      EXPECT_LE(before.tower.cast, now.tower.cast) << seed;
      EXPECT_LE(before.tower.stage, now.tower.stage) << seed;
    }
  }
}

/// Rows (pixels) of the highest sample in the columns between the facade's edges that sees one of
/// `faces`.
double highest_row(const Site& site, const std::vector<Face>& faces, const Lens& lens) {
  Visible visible(lens.width(), lens.height(), {0.375, 0.875, 0.125, 0.625});
  draw(visible, lens, faces, false);
  draw(visible, lens, faces, true);
  const double w = site.plan().tower.width / 2;
  const int column = static_cast<int>(lens.project({w * 0.3, 0, 10}).x);
  for (int row = 0; row < visible.rows; ++row)
    if (visible.face[visible.index(row, column)] != nothing) return row / 4.0;
  return lens.height();
}

/// Highest point of the drawn faces before the facade's plane or on it, in storeys.
double drawn_top(const TowerPlan& tower, const Mesh& mesh) {
  double top = 0;
  for (const Face& face : mesh.faces())
    for (const Vec corner : face.corners)
      top = std::max(top, corner.z);
  return top / tower.storey_height;
}

TEST(Scenes, TheSlabOfTheTruthIsTheHighestSlabDrawn) {
  Wishes wishes = small_site(3);
  wishes.kind = "none";
  const Site site(wishes);
  const TowerPlan& tower = site.plan().tower;
  int checked = 0;
  for (const Shot& shot : site.shots()) {
    if (shot.tower.cast == 0) continue;
    Progress fresh = shot.tower;
    fresh.cycle = 0;  // nothing of the next storey but rails and starter bars, 1.1 m high
    Mesh mesh;
    build_tower(mesh, tower, fresh);
    const double above =
        std::max({1.15, tower.core_ahead * tower.storey_height, tower.parapet + tower.roof_house}) /
        tower.storey_height;
    const double top = drawn_top(tower, mesh);
    EXPECT_GE(top, shot.tower.cast);
    EXPECT_LE(top, shot.tower.cast + above + 0.3);
    ++checked;
  }
  EXPECT_GT(checked, 10);
}

TEST(Scenes, TheNetEndsInThePictureWhereTheTruthPutsIt) {
  for (const char* kind : {"climbing", "wrapped"}) {
    Wishes wishes = small_site(4);
    wishes.kind = kind;
    wishes.view = "whole";
    wishes.yaw_deg = 0;
    wishes.knock_px = 0;
    wishes.storeys = 16;
    const Site site(wishes);
    const TowerPlan& tower = site.plan().tower;
    int checked = 0;
    for (std::size_t i = 0; i < site.shots().size(); ++i) {
      const Progress& progress = site.shots()[i].tower;
      if (progress.cast < 6 || progress.cast >= 16 || progress.cycle < tower.climb_lag) continue;
      TowerPlan bare = tower;
      bare.poles_above = 0;
      Mesh mesh;
      build_scaffold(mesh, bare, progress);
      const Lens lens = site.lens(i);
      // The far side of the net is seen above the near one when the camera looks down on it.
      const double net = (progress.cast + tower.offset) * tower.storey_height;
      const double near_row = lens.project({0, -1.2, net}).y;
      const double far_row = lens.project({0, tower.depth + 1.2, net}).y;
      const double row = highest_row(site, mesh.faces(), lens);
      EXPECT_NEAR(row, std::min(near_row, far_row), 2.5) << kind << " shot " << i;
      ++checked;
    }
    EXPECT_GT(checked, 5) << kind;
  }
}

TEST(Scenes, FaultsAreMarkedAsRefused) {
  Wishes wishes = small_site(8);
  wishes.bad_share = 0.5;
  const Site site(wishes);
  int bad = 0;
  for (const Shot& shot : site.shots()) {
    const bool marked = shot.usable() == '0';
    EXPECT_EQ(marked, shot.fault != Fault::None || shot.condition == Condition::DenseFog);
    bad += marked ? 1 : 0;
  }
  EXPECT_GT(bad, 5);
}

TEST(Scenes, AFrozenPictureIsTheOneBefore) {
  Wishes wishes = small_site(8);
  wishes.bad_share = 1;
  const Site site(wishes);
  int frozen = 0;
  for (std::size_t i = 0; i < site.shots().size(); ++i) {
    if (site.shots()[i].fault != Fault::Frozen) continue;
    EXPECT_LT(site.shots()[i].shown, i);
    EXPECT_EQ(site.jpeg(i), site.jpeg(site.shots()[i].shown));
    ++frozen;
  }
  EXPECT_GT(frozen, 0);
}

TEST(Scenes, ClickedCornersLieWithinTheirError) {
  Wishes wishes = small_site(11);
  wishes.click_error_px = 0;
  const Site site(wishes);
  const TowerPlan& tower = site.plan().tower;
  const auto corners = site.clicked_corners();
  const Spot roof_left = site.plan().camera.lens.project({-tower.width / 2, 0, tower.height()});
  EXPECT_DOUBLE_EQ(corners[3].x, roof_left.x);
  EXPECT_DOUBLE_EQ(corners[3].y, roof_left.y);
}

}  // namespace
}  // namespace jieding::scenes
