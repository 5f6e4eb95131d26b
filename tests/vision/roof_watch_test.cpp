#include "vision/roof_watch.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace jieding::vision {
namespace {

constexpr int planned = 12;
constexpr double day_ms = 24 * 3600 * 1000.0;
constexpr double open = 0.01, roofed = 0.97;

/// A camera that follows the roof; stopped after each picture, it goes on from what it had saved.
class Watched {
 public:
  explicit Watched(Scaffold scaffold, bool in_view = true)
      : scaffold_(scaffold), in_view_(in_view), watch_(scaffold, in_view) {}

  void see(int storeys, double roof, int pictures = 1, double days_between = 1,
           bool cast_out_of_view = false) {
    StoreyBelief belief;
    belief.at_least.assign(static_cast<std::size_t>(storeys) + 1, 1);
    belief.at_least.resize(planned + 1, 0);
    belief.topped_out = roof;
    for (int i = 0; i < pictures; ++i) {
      now_ += days_between * day_ms;
      watch_.hold(belief, cast_out_of_view);
      watch_.count(belief, storeys > found_, now_);
      resume();
    }
  }
  void found_with(int storeys) { found_ = storeys; }
  void settle() {
    watch_.settle();
    resume();
  }
  bool has_stayed() const { return watch_.has_stayed(now_); }
  const RoofWatch& roof() const { return watch_; }

 private:
  void resume() {
    BlobWriter out;
    watch_.save(out);
    const std::string state = out.seal();
    BlobReader in(state);
    watch_ = RoofWatch(scaffold_, in_view_);
    ASSERT_TRUE(watch_.restore(in) && in.at_end());
  }

  Scaffold scaffold_;
  bool in_view_;
  RoofWatch watch_;
  int found_ = 0;
  double now_ = 20'000 * day_ms;
};

TEST(RoofWatch, RoofAfterALastStoreyThatStoodOpenNeedsTwoPictures) {
  Watched watched(Scaffold::Climbing);
  watched.see(planned - 1, open, 3);
  watched.see(planned, open, 1);
  watched.see(planned, roofed);
  EXPECT_FALSE(watched.has_stayed());
  watched.see(planned, roofed);
  EXPECT_TRUE(watched.has_stayed());
  EXPECT_TRUE(watched.roof().was_seen_open());
}

TEST(RoofWatch, ParapetOfAnOpenFrameNeedsFourPicturesOrFourDays) {
  Watched often(Scaffold::None), seldom(Scaffold::None);
  for (Watched* watched : {&often, &seldom})
    watched->see(planned, open, 2);
  often.see(planned, roofed, 3, 0.5);
  EXPECT_FALSE(often.has_stayed());
  often.see(planned, roofed, 1, 0.5);
  EXPECT_TRUE(often.has_stayed());
  seldom.see(planned, roofed, 2, 3);
  EXPECT_FALSE(seldom.has_stayed());
  seldom.see(planned, roofed, 1, 3);
  EXPECT_TRUE(seldom.has_stayed());
}

TEST(RoofWatch, RoofOnALastStoreyThatNobodySawOpenNeedsSixPicturesOverTenDays) {
  Watched quick(Scaffold::Climbing), slow(Scaffold::Climbing);
  for (Watched* watched : {&quick, &slow})
    watched->see(planned - 1, open, 3);
  quick.see(planned, roofed, 15, 0.5);
  EXPECT_FALSE(quick.has_stayed()) << "seven days";
  slow.see(planned, roofed, 5, 4);
  EXPECT_FALSE(slow.has_stayed()) << "five pictures";
  slow.see(planned, roofed, 1, 4);
  EXPECT_TRUE(slow.has_stayed());
}

TEST(RoofWatch, PictureWithoutTheRoofBeginsTheCountAnew) {
  Watched watched(Scaffold::Climbing);
  watched.see(planned, open, 2);
  watched.see(planned, roofed);
  watched.see(planned, 0.4);
  watched.see(planned, roofed);
  EXPECT_FALSE(watched.has_stayed());
}

TEST(RoofWatch, RoofIsOnlySeenOpenByACameraUnderWhichTheBuildingRose) {
  Watched late(Scaffold::Climbing), early(Scaffold::Climbing);
  late.found_with(planned - 2);
  late.see(planned - 2, open, 5);
  EXPECT_FALSE(late.roof().was_seen_open());
  early.see(planned - 2, open);
  EXPECT_FALSE(early.roof().was_seen_open()) << "one picture may be wrong";
  early.see(planned - 2, open);
  EXPECT_TRUE(early.roof().was_seen_open());
}

TEST(RoofWatch, LikelyRoofIsTakenBackOnlyWhenItIsSeenToBeOpen) {
  Watched watched(Scaffold::Climbing);
  watched.see(planned, 0.6);
  EXPECT_TRUE(watched.roof().is_likely());
  watched.see(planned, 0.3);
  EXPECT_TRUE(watched.roof().is_likely());
  watched.see(planned, open);
  EXPECT_FALSE(watched.roof().is_likely());
}

TEST(RoofWatch, RoofThatIsSureIsNeverTakenBack) {
  Watched watched(Scaffold::Climbing);
  watched.see(planned, roofed, 3);
  watched.settle();
  watched.see(planned, open, 5);
  EXPECT_TRUE(watched.roof().is_likely());
  EXPECT_TRUE(watched.roof().stands());
}

TEST(RoofWatch, RoofOutOfThePictureIsLikelyOnceAllIsCast) {
  Watched watched(Scaffold::Climbing, false);
  watched.see(planned - 4, 0);
  EXPECT_FALSE(watched.roof().is_likely());
  watched.see(planned - 4, 0, 1, 1, true);
  watched.see(planned - 4, 0);
  EXPECT_TRUE(watched.roof().is_likely()) << "no picture can show it to be open";
}

TEST(RoofWatch, StateThatCannotBeIsRefused) {
  const auto restored = [](int frames, double since) {
    BlobWriter out;
    for (int i = 0; i < 2; ++i)
      out.put(std::int32_t{frames});
    out.put(since);
    for (int i = 0; i < 4; ++i)
      out.put(std::uint8_t{1});
    const std::string state = out.seal();
    BlobReader in(state);
    return RoofWatch(Scaffold::None, true).restore(in);
  };
  EXPECT_TRUE(restored(3, day_ms));
  EXPECT_FALSE(restored(-1, day_ms));
  EXPECT_FALSE(restored(3, std::numeric_limits<double>::infinity()));
}

}  // namespace
}  // namespace jieding::vision
