#include <gmock/gmock.h>

#include "tests/drivers/house.hpp"

namespace jieding::drivers::test {
namespace {

using testing::ElementsAre;

const std::string whole = "\xFF\xD8 a picture \xFF\xD9";

class FolderCamera : public testing::Test {
 protected:
  void watch(const std::filesystem::path& folder, std::string camera = "mast",
             std::chrono::milliseconds every = 0ms) {
    config::Camera& added = house.config.cameras.emplace_back();
    added.id = std::move(camera);
    added.driver = "folder";
    added.settings.set("folder", folder.string());
    added.settings.set("every", every);
  }
  void open() {
    config::Settings quick;
    quick.set("poll", std::chrono::milliseconds{20});
    quick.set("settle", std::chrono::milliseconds{600});
    house.config.drivers.push_back({"folder", quick});
    house.start("folder");
  }
  std::vector<std::string> names() const {
    std::vector<std::string> list;
    for (const Frame& frame : house.intake.frames)
      list.push_back(frame.name);
    return list;
  }
  bool frames_come(std::size_t count) {
    return house.until([&] { return house.intake.frames.size() >= count; });
  }

  Scratch scratch{"jieding-folder"};
  House house;
};

TEST_F(FolderCamera, PicturesComeInTheOrderOfTheirNames) {
  scratch.write("20240401T000000Z.jpg", whole);
  scratch.write("20240301T041500Z.jpg", whole);
  scratch.write("20240302T000000Z.jpg", whole);
  scratch.write("notes.txt", "no picture");
  scratch.write("20241301T000000Z.jpg", whole);  // no such month
  watch(scratch.path());
  open();
  ASSERT_TRUE(frames_come(3));
  EXPECT_THAT(names(),
              ElementsAre("20240301T041500Z.jpg", "20240302T000000Z.jpg", "20240401T000000Z.jpg"));
  EXPECT_EQ(house.intake.frames[0].camera, "mast");
  EXPECT_EQ(house.intake.frames[0].bytes, whole);
  EXPECT_EQ(to_rfc3339(house.intake.frames[0].taken), "2024-03-01T04:15:00Z");
}

TEST_F(FolderCamera, FolderResumesAfterTheLastCommittedFrame) {
  for (const char* name :
       {"20240301T000000Z.jpg", "20240302T000000Z.jpg", "20240303T000000Z.jpg"}) {
    scratch.write(name, whole);
  }
  house.intake.last["mast"] = "20240302T000000Z.jpg";
  watch(scratch.path());
  open();
  ASSERT_TRUE(frames_come(1));
  scratch.write("20240304T000000Z.jpg", whole);  // and new ones are seen
  ASSERT_TRUE(frames_come(2));
  EXPECT_THAT(names(), ElementsAre("20240303T000000Z.jpg", "20240304T000000Z.jpg"));
}

TEST_F(FolderCamera, HalfWrittenFileIsLeftAlone) {
  watch(scratch.path());
  open();
  const std::string name = "20240301T000000Z.jpg";
  for (std::size_t have = 2; have < whole.size(); have += 3) {
    scratch.write(name, whole.substr(0, have));
    house.pump(60ms);
    EXPECT_EQ(house.intake.arrived, 0U);
  }
  scratch.write(name, whole);
  ASSERT_TRUE(frames_come(1));
  EXPECT_EQ(house.intake.frames[0].bytes, whole);
}

TEST_F(FolderCamera, FileThatStaysTornIsHandedInAsItIs) {
  scratch.write("20240301T000000Z.jpg", "\xFF\xD8 torn");
  watch(scratch.path());
  open();
  ASSERT_TRUE(frames_come(1));
  EXPECT_EQ(house.intake.frames[0].bytes, "\xFF\xD8 torn");
}

TEST_F(FolderCamera, UnfitFilesDoNotBlockTheOthers) {
  scratch.write("20240301T000000Z.jpg", "");
  std::filesystem::resize_file(scratch.write("20240302T000000Z.jpg", ""), 13U << 20U);
  std::filesystem::create_directory(scratch.path() / "20240303T000000Z.jpg");
  scratch.write("20240304T000000Z.jpg", whole);
  watch(scratch.path());
  open();
  ASSERT_TRUE(frames_come(1));
  EXPECT_THAT(names(), ElementsAre("20240304T000000Z.jpg"));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("empty", "huge", "unreadable"));
}

TEST_F(FolderCamera, NameThatIsNoTimeIsToldOnce) {
  scratch.write("20241301T000000Z.jpg", whole);  // no such month
  scratch.write("20240301T000000Z.jpg", whole);
  scratch.write("notes.txt", "no picture");
  scratch.write(".20240302T000000Z.jpg", whole);  // on its way
  watch(scratch.path());
  open();
  ASSERT_TRUE(frames_come(1));
  house.pump(100ms);
  EXPECT_THAT(house.intake.reasons(), ElementsAre("misnamed"));
  scratch.write("IMG_0001 \xE4\x01.jpg", whole);
  ASSERT_TRUE(house.until([&] { return house.intake.refusals.size() == 2; }));
  EXPECT_EQ(house.intake.refusals[1].detail.substr(0, 15), "IMG_0001 ??.jpg");
  EXPECT_EQ(house.intake.frames.size(), 1U);
}

TEST_F(FolderCamera, PictureFromThePastComesTooLateAndIsTold) {
  scratch.write("20240301T000000Z.jpg", whole);
  scratch.write("20240303T000000Z.jpg", whole);
  watch(scratch.path());
  open();
  ASSERT_TRUE(frames_come(2));
  house.pump(60ms);
  EXPECT_THAT(house.intake.refusals, testing::IsEmpty()) << "what was seen is not late";
  scratch.write("20240302T000000Z.jpg", whole);
  ASSERT_TRUE(house.until([&] { return !house.intake.refusals.empty(); }));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("too_late"));
  scratch.write("20240304T000000Z.jpg", whole);
  ASSERT_TRUE(frames_come(3));
  house.pump(60ms);
  EXPECT_THAT(names(),
              ElementsAre("20240301T000000Z.jpg", "20240303T000000Z.jpg", "20240304T000000Z.jpg"));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("too_late")) << "told once";
}

TEST_F(FolderCamera, PictureFromTheFutureWaitsAndHoldsNothingUp) {
  scratch.write("20260314T000000Z.jpg", whole);
  scratch.write("20990101T000000Z.jpg", whole);
  watch(scratch.path());
  open();  // the clock stands at noon on 15 March 2026 in China
  ASSERT_TRUE(frames_come(1));
  ASSERT_TRUE(house.until([&] { return !house.intake.refusals.empty(); }));
  scratch.write("20260315T100000Z.jpg", whole);  // ahead by less than a day: local time in a name
  ASSERT_TRUE(frames_come(2));
  house.pump(60ms);
  EXPECT_THAT(house.intake.reasons(), ElementsAre("from_the_future"));
  EXPECT_THAT(names(), ElementsAre("20260314T000000Z.jpg", "20260315T100000Z.jpg"));
}

TEST_F(FolderCamera, PlaybackKnowsNoFuture) {
  house.config.clock.mode = config::ClockMode::Playback;
  scratch.write("20990101T000000Z.jpg", whole);
  watch(scratch.path());
  open();
  EXPECT_TRUE(frames_come(1));
}

TEST_F(FolderCamera, ChineseFolderNamesWork) {
  const auto folder = scratch.path() / "东河新苑 一号机位";
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "20240301T000000Z.jpg", std::ios::binary) << whole;
  watch(folder);
  open();
  EXPECT_TRUE(frames_come(1));
}

TEST_F(FolderCamera, SamePictureIsTriedAgainWhileVisionIsAway) {
  scratch.write("20240301T000000Z.jpg", whole);
  int away = 2;
  house.intake.frame_fault = [&](const Frame&) -> std::optional<Error> {
    if (away-- > 0) return Error{Fault::Unavailable, "vision is starting"};
    return std::nullopt;
  };
  watch(scratch.path());
  open();
  ASSERT_TRUE(frames_come(1));
  ASSERT_TRUE(house.until([&] { return house.intake.healths.size() == 2; }));
  EXPECT_EQ(house.intake.healths[0].health, Health::Warning);
  EXPECT_EQ(house.intake.healths[0].reason, "vision is starting");
  EXPECT_EQ(house.intake.healths[1].health, Health::Ok);
}

TEST_F(FolderCamera, PictureThatIsInvalidIsPassedBy) {
  scratch.write("20240301T000000Z.jpg", whole);
  scratch.write("20240302T000000Z.jpg", whole);
  house.intake.frame_fault = [](const Frame& frame) -> std::optional<Error> {
    if (frame.name == "20240301T000000Z.jpg") return Error{Fault::Invalid, "not a picture"};
    return std::nullopt;
  };
  watch(scratch.path());
  open();
  ASSERT_TRUE(frames_come(1));
  EXPECT_THAT(names(), ElementsAre("20240302T000000Z.jpg"));
}

TEST_F(FolderCamera, MissingFolderIsAFaultOfThatCameraAlone) {
  scratch.write("20240301T000000Z.jpg", whole);
  watch(scratch.path() / "later", "gate");
  watch(scratch.path());
  open();
  ASSERT_TRUE(frames_come(1));
  ASSERT_TRUE(house.until([&] { return house.intake.healths.size() == 2; }));
  const auto& told = house.intake.healths;
  EXPECT_TRUE(std::any_of(told.begin(), told.end(), [](const DeviceHealth& each) {
    return each.device == "gate" && each.health == Health::Failed;
  }));
  std::filesystem::create_directory(scratch.path() / "later");
  std::ofstream(scratch.path() / "later" / "20240301T000000Z.jpg", std::ios::binary) << whole;
  EXPECT_TRUE(frames_come(2));
}

TEST_F(FolderCamera, PicturesThatVisionFindsFrozenForLongAreToldAsStuck) {
  for (const char* name : {"20240301T000000Z.jpg", "20240301T001500Z.jpg", "20240301T003000Z.jpg"})
    scratch.write(name, whole);
  watch(scratch.path());
  house.intake.frame_reasons = "frozen";
  open();
  ASSERT_TRUE(frames_come(3));
  house.pump(60ms);
  EXPECT_TRUE(house.intake.healths.size() == 1 && house.intake.healths[0].health == Health::Ok)
      << "half an hour";
  scratch.write("20240301T010000Z.jpg", whole);
  ASSERT_TRUE(house.until([&] { return house.intake.healths.size() == 2; }));
  EXPECT_EQ(house.intake.healths[1].health, Health::Warning);
  EXPECT_EQ(house.intake.healths[1].reason.substr(0, 6), "stuck:");
}

TEST_F(FolderCamera, PicturesKeepTheirDistance) {
  for (const char* name :
       {"20240301T000000Z.jpg", "20240302T000000Z.jpg", "20240303T000000Z.jpg"}) {
    scratch.write(name, whole);
  }
  watch(scratch.path(), "mast", 150ms);
  const auto begin = std::chrono::steady_clock::now();
  open();
  ASSERT_TRUE(frames_come(3));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 300ms);
}

TEST_F(FolderCamera, StopWaitsForThePictureUnderWay) {
  scratch.write("20240301T000000Z.jpg", whole);
  house.intake.hold();
  watch(scratch.path());
  open();
  ASSERT_TRUE(house.until([&] { return house.intake.arrived == 1; }));
  house.driver().stop();
  house.pump(20ms);
  EXPECT_FALSE(house.outcome.has_value());
  house.intake.release();
  ASSERT_TRUE(house.until([&] { return house.outcome.has_value(); }));
  EXPECT_EQ(house.intake.frames.size(), 1U);
}

}  // namespace
}  // namespace jieding::drivers::test
