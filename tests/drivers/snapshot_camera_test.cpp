#include <gmock/gmock.h>

#include "tests/drivers/http_device.hpp"

namespace jieding::drivers::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string secret = "S3cret-of-the-gate";

/// Every picture is another one.
std::string picture_no(int number = 0) {
  return "\xFF\xD8\xFF picture " + std::to_string(number) + " \xFF\xD9";
}

class SnapshotCamera : public testing::Test {
 protected:
  SnapshotCamera() { house.on_wall_clock = true; }

  config::Camera& camera(const std::string& url, std::chrono::milliseconds every = 1s) {
    config::Camera& added = house.config.cameras.emplace_back();
    added.id = "gate";
    added.driver = "snapshot";
    added.settings.set("url", url);
    added.settings.set("every", every);
    added.settings.set("timeout", 500ms);
    return added;
  }
  void with_password(config::Camera& of) {
    of.settings.set("user", "viewer");
    of.settings.set("password_file", scratch.write("gate.password", secret + "\n").string());
  }
  bool frames_come(std::size_t count) {
    return house.until([&] { return house.intake.frames.size() >= count; });
  }
  bool health_comes(Health health) {
    return house.until([&] {
      return !house.intake.healths.empty() && house.intake.healths.back().health == health;
    });
  }
  const DeviceHealth& health() const { return house.intake.healths.back(); }

  Scratch scratch{"jieding-snapshot"};
  House house;
};

TEST_F(SnapshotCamera, PicturesComeAtTheirBeatWithTheGatewaysTime) {
  int number = 0;
  HttpDevice device(house.io, [&](const Heard&) { return http_answer(200, picture_no(++number)); });
  camera(device.url());
  house.start("snapshot");
  ASSERT_TRUE(frames_come(1));
  house.wall.stamp.at += 5min;
  ASSERT_TRUE(frames_come(2));
  EXPECT_EQ(house.intake.frames[0].camera, "gate");
  EXPECT_EQ(house.intake.frames[0].bytes, picture_no(1));
  EXPECT_EQ(house.intake.frames[0].taken, noon);
  EXPECT_EQ(house.intake.frames[0].name, "20260315T040000Z.jpg");
  EXPECT_EQ(house.intake.frames[1].name, "20260315T040500Z.jpg");
  EXPECT_TRUE(house.intake.healths.empty()) << "what is well is not told";
}

TEST_F(SnapshotCamera, PasswordComesFromItsFileAndAppearsNowhere) {
  testing::internal::CaptureStderr();
  bool right = false;
  HttpDevice device(house.io, [&](const Heard& heard) {
    right = proves(heard, Hash::Sha256, "viewer", secret, "r");
    if (right) return http_answer(500);
    return http_answer(401, "",
                       "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"n\", "
                       "algorithm=SHA-256\r\n");
  });
  with_password(camera(device.url("/a.jpg?token=" + secret)));
  house.start("snapshot");
  ASSERT_TRUE(health_comes(Health::Failed));
  EXPECT_TRUE(right);
  house.stop();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("HTTP status 500"));
  EXPECT_THAT(log, Not(HasSubstr(secret)));
  for (const DeviceHealth& each : house.intake.healths)
    EXPECT_THAT(each.reason, Not(HasSubstr(secret)));
}

TEST_F(SnapshotCamera, WhatIsNoPictureIsHealthWithItsReason) {
  const std::map<std::string, std::string> answers{
      {http_answer(404, "gone"), "404"},
      {http_answer(200, "<html>", "Content-Type: text/html; charset=x\r\n"), "text/html"},
      {http_answer(200, "<html>"), "no JPEG"},
      {http_answer(200, ""), "no JPEG"},
      {http_answer(200, "--b\r\n", "Content-Type: multipart/x-mixed-replace; boundary=b\r\n"),
       "multipart/x-mixed-replace"},
  };
  for (const auto& [answer, reason] : answers) {
    House site;
    HttpDevice device(site.io, [&](const Heard&) { return answer; });
    camera(device.url());
    site.config = house.config;
    site.start("snapshot");
    EXPECT_TRUE(site.until([&] { return !site.intake.healths.empty(); })) << answer;
    EXPECT_EQ(site.intake.healths.back().health, Health::Failed);
    EXPECT_THAT(site.intake.healths.back().reason, HasSubstr(reason));
    EXPECT_EQ(site.intake.arrived, 0U);
    house.config.cameras.clear();
  }
}

TEST_F(SnapshotCamera, SilenceIsHealthWithSinceAndOneLineOfLog) {
  testing::internal::CaptureStderr();
  bool up = false;
  HttpDevice device(house.io,
                    [&](const Heard&) { return up ? http_answer(200, picture_no()) : silence; });
  camera(device.url());
  house.start("snapshot");
  ASSERT_TRUE(house.until([&] { return house.intake.healths.size() >= 2; }));
  house.wall.stamp.at += 10min;
  ASSERT_TRUE(house.until([&] { return house.intake.healths.size() >= 4; }));
  EXPECT_EQ(health().health, Health::Failed);
  EXPECT_THAT(health().reason, HasSubstr("no answer in time"));
  EXPECT_EQ(health().since, noon) << "since the first time";
  up = true;
  ASSERT_TRUE(frames_come(1));
  ASSERT_TRUE(health_comes(Health::Ok));
  house.stop();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
}

TEST_F(SnapshotCamera, WrongPasswordIsNotTriedAgainSoon) {
  HttpDevice device(house.io, [](const Heard&) {
    return http_answer(401, "", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n");
  });
  with_password(camera(device.url()));
  house.start("snapshot");
  ASSERT_TRUE(health_comes(Health::Failed));
  house.pump(2500ms);
  EXPECT_EQ(device.heard.size(), 2U) << "cameras lock an account after five";
}

TEST_F(SnapshotCamera, CameraThatShowsOnePictureIsStuckAndItIsSeenOnce) {
  HttpDevice device(house.io, [](const Heard&) { return http_answer(200, picture_no()); });
  camera(device.url()).settings.set("stuck_after", 1h);
  house.start("snapshot");
  ASSERT_TRUE(frames_come(1));
  ASSERT_TRUE(house.until([&] { return device.heard.size() >= 3; }));
  EXPECT_TRUE(house.intake.healths.empty());
  house.wall.stamp.at += 1h;
  ASSERT_TRUE(health_comes(Health::Warning));
  EXPECT_THAT(health().reason, HasSubstr("the same picture"));
  EXPECT_EQ(health().since, noon);
  EXPECT_EQ(house.intake.frames.size(), 1U);
  EXPECT_FALSE(house.intake.signs_of_life.empty());
}

TEST_F(SnapshotCamera, SamePictureIsOfferedAgainWhileVisionIsAway) {
  int away = 2;
  house.intake.frame_fault = [&](const Frame&) -> std::optional<Error> {
    if (away-- > 0) return Error{Fault::Unavailable, "vision is starting"};
    return std::nullopt;
  };
  HttpDevice device(house.io, [](const Heard&) { return http_answer(200, picture_no()); });
  camera(device.url(), 1min);
  house.start("snapshot");
  ASSERT_TRUE(frames_come(1));
  EXPECT_EQ(device.heard.size(), 1U);
  EXPECT_EQ(house.intake.healths.at(0).reason, "vision is starting");
}

TEST_F(SnapshotCamera, OneCameraDoesNotHoldUpTheOthers) {
  HttpDevice dead(house.io, [](const Heard&) { return silence; });
  HttpDevice alive(house.io,
                   [n = 0](const Heard&) mutable { return http_answer(200, picture_no(++n)); });
  camera(dead.url()).id = "mast";
  camera(alive.url());
  house.start("snapshot");
  EXPECT_TRUE(frames_come(2));
}

TEST_F(SnapshotCamera, StopEndsAFetchUnderWay) {
  HttpDevice device(house.io, [](const Heard&) { return silence; });
  camera(device.url()).settings.set("timeout", std::chrono::milliseconds{60'000});
  house.start("snapshot");
  ASSERT_TRUE(house.until([&] { return device.heard.size() == 1; }));
  const auto before = std::chrono::steady_clock::now();
  house.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
}

TEST_F(SnapshotCamera, MissingPasswordIsToldAtStart) {
  config::Camera& gate = camera("http://127.0.0.1:1/");
  gate.settings.set("user", "viewer");
  gate.settings.set("password_file", (scratch.path() / "none").string());
  EXPECT_THROW(house.make("snapshot"), std::runtime_error);
}

class SnapshotFile : public testing::Test {
 protected:
  /// The complaint about a file with this line in its camera; empty: there is none.
  static std::string complaint(const std::string& line) {
    const Scratch scratch("jieding-snapshot-file");
    const auto file = scratch.write("site.toml", R"([site]
id = "hz-demo"
[[camera]]
id = "gate"
driver = "snapshot"
)" + line + "\nimage_size = [2560, 1440]\n");
    config::Complaints complaints;
    const auto config = config::load(file, schemas(), {}, complaints);
    return config ? "" : config.error().text();
  }
};

TEST_F(SnapshotFile, ExampleOfAllCamerasIsRight) {
  config::Complaints complaints;
  const auto config =
      config::load(std::filesystem::path(JIEDING_TEST_DATA) / "../../config/cameras.toml",
                   schemas(), {}, complaints);
  EXPECT_TRUE(config) << complaints.at(0);
}

TEST_F(SnapshotFile, WrongKeysAreToldWithTheirLine) {
  const std::string url = "url = \"http://10.0.0.5/snapshot.jpg\"\n";
  EXPECT_EQ(complaint(url), "");
  EXPECT_EQ(complaint(url + "every = \"10m\"\nuser = \"v\"\npassword_file = \"secrets/p\""), "");
  EXPECT_THAT(complaint(""), HasSubstr("url"));
  EXPECT_THAT(complaint("url = \"http://u:p@10.0.0.5/\""), HasSubstr("password_file"));
  EXPECT_THAT(complaint("url = \"rtsp://10.0.0.5/\""), HasSubstr(":6: "));
  EXPECT_THAT(complaint(url + "every = \"10ms\""), HasSubstr("every"));
  EXPECT_THAT(complaint(url + "user = \"v\""), HasSubstr("password_file"));
  EXPECT_THAT(complaint(url + "fingerprint = \"abc\""), HasSubstr("fingerprint"));
  EXPECT_THAT(complaint(url + "timeout = \"1h\""), HasSubstr("timeout"));
  EXPECT_THAT(complaint(url + "password = \"x\""), HasSubstr("password"));
}

}  // namespace
}  // namespace jieding::drivers::test
