#include "vision/estimator.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <random>

#include "tests/vision/site.hpp"
#include "vision/decode.hpp"
#include "vision/facade.hpp"

namespace jieding::vision {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::filesystem::path site = JIEDING_SITE_A;

/// What the outside sees of a report, without pictures and state.
std::string essence(const FrameReport& report) {
  std::string out = report.usable ? "usable" : "refused";
  for (const auto& reason : report.reasons)
    out += " " + reason;
  for (const auto& fault : report.faults)
    out += " " + fault;
  for (const auto& b : report.buildings) {
    out += " " + std::to_string(b.storeys) + " " + std::to_string(b.storeys_low) + "-" +
           std::to_string(b.storeys_high) + " " + std::string(to_text(b.stage)) + " " +
           std::to_string(b.confidence) + (b.corrected ? " back: " + b.correction : "");
    for (const auto band : b.bands)
      out += "," + std::to_string(static_cast<int>(band));
    for (const auto& ground : b.grounds)
      out += " " + ground.name + std::to_string(ground.value);
  }
  for (const auto& p : report.proposals)
    out += " " + p.milestone + std::to_string(p.storey);
  return out;
}

std::vector<FrameReport> see_all(Estimator& estimator, std::size_t first, std::size_t count) {
  std::vector<FrameReport> out;
  for (const auto& file : pictures_of(site, first, count))
    out.push_back(estimator.see(frame_of(file)));
  return out;
}

TEST(Estimator, RisesWithTheBuilding) {
  Estimator estimator(read_site(site));
  const auto reports = see_all(estimator, 0, 24);
  EXPECT_EQ(reports.at(11).buildings.at(0).storeys, 0);
  EXPECT_EQ(reports.at(19).buildings.at(0).storeys, 6);
  EXPECT_EQ(reports.at(23).buildings.at(0).storeys, 8);
  EXPECT_EQ(reports.at(23).buildings.at(0).bands.size(), 18U);
  EXPECT_FALSE(reports.at(14).usable) << "a covered lens";
}

TEST(Estimator, TornFrameIsRefused) {
  Estimator estimator(read_site(site));
  Frame frame = frame_of(pictures_of(site, 2, 1).at(0));
  frame.bytes.resize(frame.bytes.size() / 2);
  const FrameReport report = estimator.see(frame);
  EXPECT_FALSE(report.usable);
  EXPECT_THAT(report.reasons, Contains("torn"));
  EXPECT_THAT(report.pictures, IsEmpty());
  EXPECT_EQ(report.buildings.size(), 1U) << "the estimate is carried on";
}

TEST(Estimator, BlackFramesSeeNothing) {
  CameraSetup setup = read_site(site);
  Estimator estimator(setup);
  Frame frame = frame_of(pictures_of(site, 0, 1).at(0));
  for (int i = 0; i < 8; ++i) {
    cv::Mat black(setup.height_px, setup.width_px, CV_8UC3, cv::Scalar(i % 3, 1, 2));
    frame.bytes = encode_jpeg(black, 80);
    const FrameReport report = estimator.see(frame);
    EXPECT_THAT(report.reasons, Contains("dark"));
    EXPECT_EQ(report.buildings.at(0).storeys, 0);
    EXPECT_THAT(report.proposals, IsEmpty());
  }
}

TEST(Estimator, ACameraThatSawNothingForWeeksProposesNothing) {
  Estimator estimator(read_site(site));
  const FrameReport before = see_all(estimator, 8, 14).back();
  ASSERT_GT(before.buildings.at(0).storeys, 0);
  Frame frame = frame_of(pictures_of(site, 21, 1).at(0));
  for (int day = 1; day <= 40; ++day) {
    frame.taken += std::chrono::days{1};
    const cv::Mat black(read_site(site).height_px, read_site(site).width_px, CV_8UC3,
                        cv::Scalar(day % 3, 1, 2));
    frame.bytes = encode_jpeg(black, 80);
    const FrameReport report = estimator.see(frame);
    EXPECT_THAT(report.proposals, IsEmpty()) << "day " << day;
    EXPECT_EQ(report.buildings.at(0).storeys, before.buildings.at(0).storeys) << "day " << day;
    EXPECT_EQ(report.buildings.at(0).stage, before.buildings.at(0).stage) << "day " << day;
  }
}

TEST(Estimator, ForeignPicturesSeeNothing) {
  const CameraSetup setup = read_site(site);
  Estimator estimator(setup);
  cv::RNG random(7);
  for (int i = 0; i < 10; ++i) {
    cv::Mat picture(setup.height_px, setup.width_px, CV_8UC3, cv::Scalar(200, 180, 160));
    for (int k = 0; k < 60; ++k) {
      const cv::Point at(random.uniform(0, setup.width_px), random.uniform(0, setup.height_px));
      const cv::Size size(random.uniform(20, 200), random.uniform(20, 200));
      cv::rectangle(picture, {at, size},
                    cv::Scalar(random.uniform(0, 255), random.uniform(0, 255), 90), cv::FILLED);
    }
    Frame frame = frame_of(pictures_of(site, 0, 1).at(0));
    frame.bytes = encode_jpeg(picture, 85);
    const FrameReport report = estimator.see(frame);
    EXPECT_EQ(report.buildings.at(0).storeys, 0) << i;
    EXPECT_THAT(report.proposals, IsEmpty());
  }
}

/// Only the estimates are wanted, which is quicker.
CameraSetup silent_site() {
  CameraSetup setup = read_site(site);
  setup.publishes = false;
  return setup;
}

/// Pictures from bare ground on.
constexpr std::size_t until_topped_out = 64;

TEST(Estimator, OtherDatesGiveTheSameStoreysUpToTheRoof) {
  Estimator as_taken(silent_site()), stretched(silent_site());
  std::mt19937 dice(20240806);
  std::uniform_real_distribution<double> ten_to(0, 3.9);  // hours: up to a year
  Instant later{};
  std::string last;
  for (const auto& file : pictures_of(site, 0, until_topped_out)) {
    Frame frame = frame_of(file);
    last = essence(as_taken.see(frame));
    frame.taken = later += std::chrono::hours(std::lround(std::pow(10, ten_to(dice))));
    EXPECT_EQ(essence(stretched.see(frame)), last) << file;
  }
  EXPECT_THAT(last, HasSubstr(" 18.000000 18-18 topped_out"));
}

/// Pictures, dates and state included.
void expect_same(const FrameReport& got, const FrameReport& expected, const std::string& where) {
  EXPECT_EQ(essence(got), essence(expected)) << where;
  EXPECT_TRUE(got == expected) << where;
}

/// An estimator, and beside it one that is stopped after every frame and goes on from its state, as
/// the gateway keeps it. Nobody can tell the two apart.
class WithRestarts {
 public:
  explicit WithRestarts(CameraSetup setup)
      : setup_(std::move(setup)), uncut_(setup_), state_(uncut_.state()) {}

  FrameReport see(const Frame& frame) {
    FrameReport report = uncut_.see(frame);
    Estimator again(setup_);
    EXPECT_TRUE(again.restore(state_)) << frame.name;
    expect_same(again.see(frame), report, frame.name);
    state_ = report.state;
    return report;
  }

 private:
  CameraSetup setup_;
  Estimator uncut_;
  std::string state_;
};

TEST(Estimator, RestoredStateGoesOnAsIfNeverCut) {
  Estimator uncut(read_site(site));
  auto before = see_all(uncut, 10, 9);
  Estimator restored(read_site(site));
  ASSERT_TRUE(restored.restore(before.back().state));
  const auto expected = see_all(uncut, 19, 6);
  const auto got = see_all(restored, 19, 6);
  for (std::size_t i = 0; i < expected.size(); ++i)
    expect_same(got[i], expected[i], std::to_string(i));
}

TEST(Estimator, StateGoesThroughTheGatewayAfterEveryFrame) {
  WithRestarts estimator(read_site(site));
  for (const auto& file : pictures_of(site, 10, 14))
    estimator.see(frame_of(file));
}

TEST(Estimator, LateCameraGoesOnAfterEveryFrameAlsoWhereItWasRefused) {
  WithRestarts estimator(silent_site());
  bool higher_than_counted = false;
  for (const auto& file : pictures_of(site, 28, 8)) {
    Frame frame = frame_of(file);
    estimator.see(frame);
    frame.bytes.resize(frame.bytes.size() / 2);
    const BuildingEstimate carried = estimator.see(frame).buildings.at(0);
    higher_than_counted |= carried.storeys == 0 && carried.storeys_high > 5;
  }
  EXPECT_TRUE(higher_than_counted) << "or this tries nothing of a body that is not counted yet";
}

/// The frame with what people confirmed before it.
FrameReport see_told(Estimator& estimator, std::size_t n, std::vector<ConfirmedCount> counts) {
  Frame frame = frame_of(pictures_of(site, n, 1).at(0));
  frame.counts = std::move(counts);
  return estimator.see(frame);
}

TEST(Estimator, ConfirmedCountIsWeighedWithThePicture) {
  Estimator untold(read_site(site)), told(read_site(site)), misdirected(read_site(site));
  for (Estimator* estimator : {&untold, &told, &misdirected})
    see_all(*estimator, 0, 20);
  const auto alone = see_told(untold, 20, {}).buildings.at(0);
  const int one_less = static_cast<int>(alone.storeys) - 1;
  const auto doubted = see_told(told, 20, {{"b1", one_less, 7}}).buildings.at(0);
  EXPECT_TRUE(doubted.storeys < alone.storeys || doubted.confidence < alone.confidence);
  const auto same = see_told(misdirected, 20, {{"no such building", 3, 7}, {"b1", 99, 8}});
  EXPECT_EQ(same.buildings.at(0).confidence, alone.confidence);
}

std::optional<double> ground(const BuildingEstimate& building, std::string_view name) {
  for (const Measure& one : building.grounds)
    if (one.name == name) return one.value;
  return {};
}

TEST(Estimator, SaysWhatTheEstimateRestsOn) {
  Estimator estimator(read_site(site));
  const auto reports = see_all(estimator, 0, 24);
  const BuildingEstimate& bare = reports.at(10).buildings.at(0);
  // less sure than eleven witnesses would be: pictures of an empty site in one light are alike
  EXPECT_GT(ground(bare, "no_storey").value_or(0), 0.9);
  EXPECT_FALSE(ground(bare, "works_ahead"));
  const BuildingEstimate& rising = reports.at(22).buildings.at(0);
  // site.toml says a climbing platform, which stands some 1.45 storeys above the last slab
  EXPECT_NEAR(ground(rising, "works_ahead").value_or(0), 1.45, 0.2);
  EXPECT_NEAR(*ground(rising, "top_edge") - *ground(rising, "works_ahead"), rising.storeys, 0.3);
  EXPECT_FALSE(ground(rising, "counted"));
}

TEST(Estimator, StepBackForACountIsCalledOneAlsoOnARefusedPicture) {
  Estimator estimator(read_site(site));
  const auto before = see_all(estimator, 0, 24).back().buildings.at(0);
  const int fewer = static_cast<int>(before.storeys) - 2;
  Frame torn = frame_of(pictures_of(site, 23, 1).at(0));
  torn.bytes.resize(torn.bytes.size() / 2);
  torn.counts = {{"b1", fewer, 7}, {"b1", fewer, 8}, {"b1", fewer, 9}, {"b1", fewer, 10}};
  const FrameReport report = estimator.see(torn);
  const BuildingEstimate& after = report.buildings.at(0);
  ASSERT_FALSE(report.usable);
  EXPECT_EQ(ground(after, "counted"), std::nullopt) << "a torn picture takes nothing to heart";
  torn.bytes = frame_of(pictures_of(site, 14, 1).at(0)).bytes;  // a covered lens
  const BuildingEstimate covered = estimator.see(torn).buildings.at(0);
  EXPECT_LT(covered.storeys, before.storeys);
  EXPECT_TRUE(covered.corrected);
  EXPECT_EQ(covered.correction, "people counted fewer storeys");
  EXPECT_EQ(ground(covered, "went_back_from"), before.storeys);
  EXPECT_EQ(ground(covered, "counted"), fewer);
}

TEST(Estimator, ConfirmedCountIsTakenToHeartOnceAlsoAfterARestart) {
  Estimator once(read_site(site)), again(read_site(site));
  see_all(once, 0, 20);
  see_told(once, 20, {{"b1", 6, 7}});
  ASSERT_TRUE(again.restore(once.state()));
  const auto plain = see_told(once, 21, {});
  EXPECT_EQ(essence(see_told(again, 21, {{"b1", 6, 7}})), essence(plain));
}

TEST(Estimator, TurnedAndZoomedCameraGoesOnCounting) {
  Estimator estimator(read_site(site)), knocked(read_site(site));
  see_all(estimator, 2, 12);
  ASSERT_TRUE(knocked.restore(estimator.state()));
  for (const auto& file : pictures_of(site, 15, 4)) {
    Frame frame = frame_of(file);
    const FrameReport expected = estimator.see(frame);
    const cv::Mat picture = decode_jpeg(frame.bytes).value();
    const cv::Point2f middle(static_cast<float>(picture.cols) / 2,
                             static_cast<float>(picture.rows) / 2);
    cv::Mat turned;
    cv::warpAffine(picture, turned, cv::getRotationMatrix2D(middle, 1.2, 1.02), picture.size(),
                   cv::INTER_LINEAR, cv::BORDER_REFLECT);
    frame.bytes = encode_jpeg(turned, 90);
    const FrameReport got = knocked.see(frame);
    EXPECT_TRUE(got.usable) << file;
    // On the day of a cast the two may be a picture apart.
    EXPECT_NEAR(got.buildings.at(0).storeys, expected.buildings.at(0).storeys, 1) << file;
  }
}

TEST(Estimator, LargeKnockIsMeasuredAndThenCountedOnAlsoAfterARestart) {
  WithRestarts estimator(silent_site());
  for (const auto& file : pictures_of(site, 2, 12))
    estimator.see(frame_of(file));
  std::vector<FrameReport> reports;
  for (const auto& file : pictures_of(site, 17, 3)) {
    Frame frame = frame_of(file);
    const cv::Mat picture = decode_jpeg(frame.bytes).value();
    cv::Mat out;
    const cv::Matx23d by(1, 0, 90, 0, 1, 40);
    cv::warpAffine(picture, out, by, picture.size(), cv::INTER_LINEAR, cv::BORDER_REFLECT);
    frame.bytes = encode_jpeg(out, 90);
    reports.push_back(estimator.see(frame));
  }
  EXPECT_THAT(reports[0].reasons, Contains("moved"));
  EXPECT_THAT(reports[1].reasons, IsEmpty()) << "seen twice, it is believed";
  EXPECT_THAT(reports[1].faults, Contains("camera_moved"));
  double shift = 0;
  for (const Measure& measure : reports[0].measures)
    if (measure.name == "shift_x_px") shift = measure.value;
  EXPECT_NEAR(shift, 90, 2);
  EXPECT_TRUE(reports[2].usable);
}

std::string overlay_of(const FrameReport& report) {
  for (const auto& picture : report.pictures)
    if (picture.kind == "overlay") return picture.jpeg;
  return {};
}

TEST(Estimator, RenamedBuildingKeepsItsStateAndTheNextPictureSaysItsName) {
  CameraSetup renamed = read_site(site);
  renamed.facades[0].name = "3 号楼";
  Estimator before(read_site(site)), always(renamed), now(renamed);
  see_all(before, 8, 12);
  see_all(always, 8, 12);
  ASSERT_TRUE(now.restore(before.state()));
  const Frame next = frame_of(pictures_of(site, 20, 1).at(0));
  const FrameReport report = now.see(next);
  expect_same(report, always.see(next), "as if it had never had another name");
  const std::string unnamed = overlay_of(before.see(next));
  ASSERT_NE(unnamed, "");
  EXPECT_FALSE(overlay_of(report) == unnamed);
}

/// The page marks so many. Of each all is unknown but that it stood when the camera came, which
/// takes the most to remember, and as many pictures were seen as are kept as witnesses.
TEST(Estimator, StateOfSixteenTallBuildingsIsRestored) {
  CameraSetup setup = read_site(site);
  setup.publishes = false;
  FacadeSetup& tall = setup.facades[0];
  tall.storeys = tall.storeys_at_start = most_storeys;
  tall.scaffold = Scaffold::Unknown;
  const FacadeSetup one = tall;
  while (setup.facades.size() < 16)
    setup.facades.push_back(one);
  Estimator estimator(setup);
  const std::string state = see_all(estimator, 2, 4).back().state;
  constexpr std::size_t pool = 3U << 19U;  // when it is full
  EXPECT_LT(state.size() + pool, Estimator::largest_state);
  Estimator again(setup);
  ASSERT_TRUE(again.restore(state));
  EXPECT_TRUE(again.state() == state);
}

TEST(Estimator, CorruptStateStartsAfresh) {
  Estimator estimator(read_site(site));
  const std::string fresh = estimator.state();
  std::string state = see_all(estimator, 0, 3).back().state;
  EXPECT_LT(state.size(), Estimator::largest_state);
  Estimator other(read_site(site));
  state[state.size() / 2] = static_cast<char>(state[state.size() / 2] ^ 1);
  EXPECT_FALSE(other.restore(state));
  EXPECT_FALSE(other.restore("nonsense"));
  EXPECT_EQ(other.state(), fresh);
}

TEST(Estimator, StateLearnedUnderOtherCornersMasksOrStoreyHeightsIsRefused) {
  Estimator estimator(read_site(site));
  const std::string state = see_all(estimator, 0, 3).back().state;
  CameraSetup dragged = read_site(site);
  dragged.facades[0].corners[0].x += 1;
  EXPECT_FALSE(Estimator(dragged).restore(state));
  CameraSetup masked = read_site(site);
  masked.masks.push_back({{0, 0}, {50, 0}, {50, 50}});
  EXPECT_FALSE(Estimator(masked).restore(state)) << "its pictures show what is hidden now";
  CameraSetup higher = read_site(site);
  higher.facades[0].storey_height_m += 0.5;
  EXPECT_FALSE(Estimator(higher).restore(state)) << "they show more below the ground";
}

/// The site's camera with a lower building marked beside the tower, on ground where nothing rises.
CameraSetup with_a_neighbour() {
  CameraSetup setup = read_site(site);
  FacadeSetup beside = setup.facades[0];
  const double across = 1.2 * (beside.corners[1].x - beside.corners[0].x);
  for (Point& corner : beside.corners)
    corner.x += across;
  beside.building = "b2";
  beside.storeys = 11;
  for (const int top : {2, 3})
    beside.corners[top].y += (beside.corners[3 - top].y - beside.corners[top].y) * 7 / 18;
  setup.facades.push_back(beside);
  return setup;
}

TEST(Estimator, EachOfSeveralBuildingsIsCountedByItself) {
  const CameraSetup setup = with_a_neighbour();
  ASSERT_EQ(fault_of(setup), "");
  Estimator both(setup), alone(read_site(site));
  const auto expected = see_all(alone, 0, 24);
  const auto got = see_all(both, 0, 24);
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(got[i].buildings.size(), 2U) << i;
    EXPECT_EQ(got[i].buildings[0].building, "b1");
    EXPECT_NEAR(got[i].buildings[0].storeys, expected[i].buildings[0].storeys, 1) << i;
    EXPECT_EQ(got[i].buildings[1].building, "b2");
    EXPECT_EQ(got[i].buildings[1].bands.size(), 11U);
    EXPECT_LE(got[i].buildings[1].storeys, 1) << i << ": huts and shadows";
    EXPECT_EQ(got[i].buildings[1].storeys_low, 0) << i;
    for (const auto& proposal : got[i].proposals)
      EXPECT_EQ(proposal.building, "b1") << i;
  }
}

TEST(Estimator, CountOfOneBuildingLetsNoneOfAnotherBePassedOver) {
  Estimator both(with_a_neighbour());
  see_told(both, 0, {{"b2", 0, 9}});
  const FrameReport report = see_told(both, 1, {{"b1", 0, 7}});
  for (const BuildingEstimate& building : report.buildings)
    EXPECT_EQ(ground(building, "counted"), 0) << building.building;
}

constexpr int podium_storeys = 3;

/// The tower, and once more, as another building, from its third storey on, as if that stood on a
/// podium.
CameraSetup with_another_on_a_podium() {
  CameraSetup setup = silent_site();
  FacadeSetup upper = setup.facades.at(0);
  const Facade tower(upper, {setup.width_px, setup.height_px}, 1.0);
  std::size_t i = 0;
  for (const auto& [u, storey] : {std::pair{0.0, podium_storeys}, std::pair{1.0, podium_storeys},
                                  std::pair{1.0, upper.storeys}, std::pair{0.0, upper.storeys}}) {
    const cv::Point2d corner = tower.at(u, storey);
    upper.corners[i++] = {corner.x, corner.y};
  }
  upper.building = "upper";
  upper.storeys -= podium_storeys;
  setup.facades.push_back(upper);
  return setup;
}

TEST(Estimator, EachOfTwoBuildingsRisesByItself) {
  Estimator both(with_another_on_a_podium()), alone(silent_site());
  std::map<std::string, std::vector<int>> proposed;
  double storeys = 0;
  for (const auto& file : pictures_of(site, 0, 40)) {
    const Frame frame = frame_of(file);
    storeys = alone.see(frame).buildings.at(0).storeys;
    const FrameReport report = both.see(frame);
    EXPECT_NEAR(report.buildings.at(0).storeys, storeys, 1) << file;
    EXPECT_NEAR(report.buildings.at(1).storeys, std::max(0.0, storeys - podium_storeys), 1) << file;
    for (const auto& proposal : report.proposals)
      proposed[proposal.building].push_back(proposal.storey);
  }
  ASSERT_GT(storeys, 2 * podium_storeys);
  const auto up_to = [](double last) {
    std::vector<int> out(static_cast<std::size_t>(last));
    std::iota(out.begin(), out.end(), 1);
    return out;
  };
  EXPECT_EQ(proposed["b1"], up_to(storeys));
  EXPECT_EQ(proposed["upper"], up_to(storeys - podium_storeys));
}

TEST(Estimator, StateOfSeveralBuildingsGoesThroughTheGatewayAfterEveryFrame) {
  WithRestarts estimator(with_a_neighbour());
  for (const auto& file : pictures_of(site, 10, 8))
    estimator.see(frame_of(file));
}

TEST(Estimator, CameraThatDoesNotPublishEstimatesTheSameAndDrawsNothing) {
  CameraSetup setup = read_site(site);
  Estimator publishing(setup);
  setup.publishes = false;
  Estimator silent(setup, [](const cv::Mat&, const cv::Mat&) -> std::vector<cv::Rect> {
    throw std::logic_error("nobody is to be looked for");
  });
  const auto expected = see_all(publishing, 10, 8);
  const auto got = see_all(silent, 10, 8);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(essence(got[i]), essence(expected[i])) << i;
    EXPECT_THAT(got[i].pictures, IsEmpty()) << i;
  }
  EXPECT_FALSE(expected.back().pictures.empty());
  EXPECT_FALSE(publishing.restore(silent.state())) << "its pictures may show people";
}

TEST(Estimator, StateOfAnotherBuildingIsRefused) {
  CameraSetup setup = read_site(site);
  Estimator estimator(setup);
  setup.facades[0].building = "b2";
  EXPECT_FALSE(Estimator(setup).restore(estimator.state()));
}

TEST(Estimator, MaskedPixelsNeverLeave) {
  CameraSetup setup = read_site(site);
  setup.masks = {{{700, 300}, {940, 300}, {940, 520}, {700, 520}}};
  Estimator estimator(setup);
  int seen = 0;
  for (const auto& report : see_all(estimator, 2, 5)) {
    for (const auto& picture : report.pictures) {
      const cv::Mat pixels = decode_jpeg(picture.jpeg).value()(cv::Rect(700, 300, 240, 220));
      double least = 0, most = 0;
      cv::minMaxLoc(pixels.reshape(1), &least, &most);
      EXPECT_LT(most, 48) << picture.kind;  // JPEG rings a little at the border
      ++seen;
    }
  }
  EXPECT_GE(seen, 6);
}

TEST(Estimator, SmallKnockIsAbsorbedAndLargeOneIsRaised) {
  CameraSetup setup = read_site(site);
  Estimator estimator(setup);
  see_all(estimator, 2, 10);
  Frame frame = frame_of(pictures_of(site, 13, 1).at(0));
  const cv::Mat picture = decode_jpeg(frame.bytes).value();
  const auto knocked = [&](double dx, double dy) {
    cv::Mat out;
    const cv::Matx23d by(1, 0, dx, 0, 1, dy);
    cv::warpAffine(picture, out, by, picture.size(), cv::INTER_LINEAR, cv::BORDER_REFLECT);
    Frame moved = frame;
    moved.bytes = encode_jpeg(out, 90);
    return moved;
  };
  Estimator same(setup);
  ASSERT_TRUE(same.restore(estimator.state()));
  EXPECT_TRUE(estimator.see(knocked(9, -6)).usable);
  EXPECT_THAT(same.see(knocked(160, 90)).reasons, Contains("moved"));
}

TEST(Estimator, FacadeOutsideThePictureSeesNothingAndHarmsNothing) {
  CameraSetup setup = read_site(site);
  for (Point& corner : setup.facades[0].corners)
    corner.x += 3 * setup.width_px;
  Estimator estimator(setup);
  for (const auto& file : pictures_of(site, 0, 4)) {
    const FrameReport report = estimator.see(frame_of(file));
    EXPECT_EQ(report.buildings.at(0).storeys, 0);
    EXPECT_THAT(report.proposals, IsEmpty());
  }
}

}  // namespace
}  // namespace jieding::vision
