#include "drivers/onvif.hpp"

#include <gmock/gmock.h>
#include <openssl/evp.h>

#include "tests/drivers/http_device.hpp"

namespace jieding::drivers::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr Instant device_clock =
    std::chrono::sys_days{std::chrono::year{2015} / 1 / 2} + 3h + 21min + 5s;

std::string content(const std::string& name) {
  std::ifstream file(std::filesystem::path(JIEDING_TEST_DATA) / "onvif" / name);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

std::string in_body(const std::string& xml) {
  return "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body>" + xml +
         "</s:Body></s:Envelope>";
}

TEST(Onvif, PasswordDigestIsThatOfTheStandard) {
  // base64(sha1(nonce + created + password)) of the example in ONVIF's Application Programmer's
  // Guide 1.0, §6.1.1.3.
  std::string nonce(16, '\0');
  const std::string coded = "LKqI6G/AikKCQrN0zqZFlg==";
  EXPECT_EQ(EVP_DecodeBlock(reinterpret_cast<unsigned char*>(nonce.assign(18, '\0').data()),
                            reinterpret_cast<const unsigned char*>(coded.data()),
                            static_cast<int>(coded.size())),
            18);
  nonce.resize(16);
  EXPECT_EQ(onvif::password_digest(nonce, "2010-09-16T07:50:45Z", "userpassword"),
            "tuOSpGlFlIXsozq4HFNeeGeFLEI=");
}

TEST(Onvif, AnswersAreReadInEveryDialect) {
  EXPECT_EQ(*onvif::read_clock(content("camera-clock.xml")), device_clock);
  EXPECT_EQ(*onvif::read_media_capability(content("camera-capabilities.xml")),
            "http://127.0.0.1:PORT/onvif/media_service");
  EXPECT_EQ(*onvif::read_media_service(content("camera-services.xml")),
            "http://127.0.0.1:PORT/onvif/media_service");
  const auto profiles = onvif::read_profiles(content("camera-profiles.xml"));
  ASSERT_TRUE(profiles);
  ASSERT_EQ(profiles->size(), 2U);
  EXPECT_EQ((*profiles)[1].token, "Sub&Stream");
  EXPECT_EQ((*profiles)[0].width, 2560);
  EXPECT_EQ((*profiles)[0].height, 1440);
  EXPECT_EQ(*onvif::read_snapshot_uri(content("camera-snapshot.xml")),
            "http://HOST:PORT/onvif/snapshot.jpg?channel=1&subtype=0");
}

TEST(Onvif, FaultsAreToldInOneLine) {
  const auto refused = onvif::read_profiles(content("not-authorized.xml"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), Fault::Refused);
  const auto missing = onvif::read_clock(content("not-supported.xml"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind(), Fault::Invalid);
  EXPECT_THAT(missing.error().text(),
              AllOf(HasSubstr("Optional Action Not Implemented"), HasSubstr("NoSuchService")));
}

TEST(Onvif, EntitiesAndDepthAndLengthAreRefused) {
  EXPECT_THAT(onvif::read_snapshot_uri(content("entities.xml")).error().text(),
              HasSubstr("DOCTYPE"));
  std::string deep;
  for (int i = 0; i < 40'000; ++i)
    deep += "<a>";
  EXPECT_FALSE(onvif::read_clock(deep));
  deep.resize(300);
  std::string closing;
  for (int i = 0; i < 100; ++i)
    closing += "</a>";
  EXPECT_THAT(onvif::read_clock(in_body(deep + closing)).error().text(), HasSubstr("too deeply"));
  EXPECT_THAT(
      onvif::read_clock(content("camera-clock.xml") + std::string(300'000, ' ')).error().text(),
      HasSubstr("256 KiB"));
}

TEST(Onvif, WhatIsNotAnAnswerIsTold) {
  for (const char* text : {"", "<html><body>404</body></html>", "\x00\x01", "<a", "{}"}) {
    EXPECT_FALSE(onvif::read_snapshot_uri(text)) << text;
  }
  EXPECT_FALSE(onvif::read_clock(in_body("<GetSystemDateAndTimeResponse/>")));
  const std::string clock = content("camera-clock.xml");
  for (const auto& [was, is] :
       std::map<std::string, std::string>{{"<tt:Month>1<", "<tt:Month>13<"},
                                          {"<tt:Hour>03<", "<tt:Hour>24<"},
                                          {"<tt:Day>2<", "<tt:Day>x<"},
                                          {"<tt:Year>2015<", "<tt:Year>99999<"},
                                          {"<tt:Second>5<", "<tt:Second>-5<"}}) {
    EXPECT_FALSE(onvif::read_clock(replaced(clock, was, is))) << is;
  }
  EXPECT_FALSE(onvif::read_profiles(in_body("<GetProfilesResponse/>")));
  EXPECT_FALSE(onvif::read_snapshot_uri(in_body(
      "<GetSnapshotUriResponse><MediaUri><Uri> </Uri></MediaUri></GetSnapshotUriResponse>")));
}

const std::string secret = "S3cret&<of>the gate";

/// A camera whose clock stands in 2015, and that takes a UsernameToken of about its own time only.
class OnvifCamera : public testing::Test {
 protected:
  OnvifCamera() {
    house.on_wall_clock = true;
    config::Camera& added = house.config.cameras.emplace_back();
    added.id = "gate";
    added.driver = "onvif";
    added.settings.set("url", device.url("/onvif/device_service"));
    added.settings.set("every", 1s);
    added.settings.set("user", std::string("viewer"));
    added.settings.set("password_file", scratch.write("p", secret + "\n").string());
  }
  void say(const std::string& key, config::Settings::Value value) {
    house.config.cameras[0].settings.set(key, std::move(value));
  }

  std::string port() const {
    const std::string url = device.url("");
    return url.substr(url.rfind(':') + 1);
  }
  std::string soap(const std::string& name, int status = 200) const {
    const std::string text = replaced(replaced(content(name), "PORT", port()), "HOST", host);
    return http_answer(status, text, "Content-Type: application/soap+xml\r\n");
  }
  static std::string between(const std::string& text, const std::string& from,
                             const std::string& to) {
    const auto at = text.find(from);
    if (at == std::string::npos) return "";
    const auto begin = at + from.size();
    return text.substr(begin, text.find(to, begin) - begin);
  }
  /// As a device checks it, by its own clock.
  bool proves_password(const std::string& body) const {
    const std::string created = between(body, "-utility-1.0.xsd\">", "<");
    const auto at = from_rfc3339(created);
    if (!at || *at < device_clock - 5s || *at > device_clock + 30s) return false;
    const std::string coded = between(body, "#Base64Binary\">", "<");
    std::string nonce(coded.size(), '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(nonce.data()),
                                     reinterpret_cast<const unsigned char*>(coded.data()),
                                     static_cast<int>(coded.size()));
    nonce.resize(static_cast<std::size_t>(size) - 2);  // 16 bytes end in two fill characters
    return between(body, "<w:Username>", "<") == "viewer" &&
           between(body, "#PasswordDigest\">", "<") ==
               onvif::password_digest(nonce, created, secret);
  }
  std::string answer(const Heard& heard) {
    if (heard.line().starts_with("GET /onvif/snapshot.jpg?channel=1&subtype=0 ")) {
      if (proves(heard, Hash::Md5, "viewer", secret, "r")) {
        return http_answer(200, picture + std::to_string(++pictures));
      }
      return http_answer(401, "",
                         "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"n\"\r\n");
    }
    const auto asks = [&](const char* what) { return heard.body.find(what) != std::string::npos; };
    if (asks("<GetSystemDateAndTime ")) return soap("camera-clock.xml");
    if (!proves_password(heard.body)) return soap("not-authorized.xml", 400);
    if (asks("<GetCapabilities ")) {
      return only_services ? soap("not-supported.xml", 500) : soap("camera-capabilities.xml");
    }
    if (asks("<GetServices ")) return soap("camera-services.xml");
    if (asks("<GetProfiles ")) return soap("camera-profiles.xml");
    asked_profile = between(heard.body, "<ProfileToken>", "</ProfileToken>");
    return soap("camera-snapshot.xml");
  }
  bool frames_come(std::size_t count) {
    return house.until([&] { return house.intake.frames.size() >= count; });
  }
  /// The reason of the failure that must come.
  std::string failure() {
    EXPECT_TRUE(house.until([&] { return !house.intake.healths.empty(); }));
    EXPECT_TRUE(house.intake.frames.empty());
    const DeviceHealth health =
        house.intake.healths.empty() ? DeviceHealth{} : house.intake.healths.back();
    EXPECT_EQ(health.health, Health::Failed);
    EXPECT_THAT(health.reason, Not(HasSubstr(secret)));
    return health.reason;
  }

  Scratch scratch{"jieding-onvif"};
  House house;
  std::string host = "127.0.0.1";  ///< that the device thinks it has
  bool only_services = false;
  int pictures = 0;
  std::string asked_profile;
  HttpDevice device{house.io, [this](const Heard& heard) { return answer(heard); }};
};

TEST_F(OnvifCamera, PictureIsFoundWithTheDevicesOwnClock) {
  house.start("onvif");
  ASSERT_TRUE(frames_come(2));
  EXPECT_EQ(house.intake.frames[0].bytes, picture + "1");
  EXPECT_EQ(asked_profile, "MainStream");
  EXPECT_EQ(device.heard.size(), 7U) << "what was found is asked once";
  for (const Heard& each : device.heard)
    EXPECT_THAT(each.head + each.body, Not(HasSubstr(secret)));
}

TEST_F(OnvifCamera, ProfileIsTheOneOfThePicturesSizeOrTheOneNamed) {
  house.config.cameras[0].image_size = {1280, 720};
  house.start("onvif");
  ASSERT_TRUE(frames_come(1));
  EXPECT_EQ(asked_profile, "Sub&amp;Stream");
}

TEST_F(OnvifCamera, NamedProfileMustBeThere) {
  say("profile", std::string("Third"));
  house.start("onvif");
  EXPECT_THAT(failure(), AllOf(HasSubstr("Third"), HasSubstr("MainStream, Sub&Stream")));
}

TEST_F(OnvifCamera, DeviceWithoutCapabilitiesIsAskedForItsServices) {
  only_services = true;
  house.start("onvif");
  EXPECT_TRUE(frames_come(1));
}

TEST_F(OnvifCamera, OtherHostIsNotAskedUnlessItIsSaidSo) {
  host = "192.168.1.64";
  house.start("onvif");
  EXPECT_THAT(failure(), AllOf(HasSubstr("http://192.168.1.64:" + port() + "/onvif/snapshot.jpg"),
                               HasSubstr("replace_host"), HasSubstr("trusted_host")));
  for (const Heard& each : device.heard)
    EXPECT_TRUE(each.line().starts_with("POST ")) << each.line();
}

TEST_F(OnvifCamera, InnerAddressCanBeReplaced) {
  host = "192.168.1.64";
  say("replace_host", true);
  house.start("onvif");
  EXPECT_TRUE(frames_come(1));
}

TEST_F(OnvifCamera, OtherHostCanBeTrusted) {
  host = "localhost";
  say("trusted_host", std::string("localhost"));
  house.start("onvif");
  EXPECT_TRUE(frames_come(1));
}

TEST_F(OnvifCamera, WrongPasswordIsToldAndNotTriedAgainSoon) {
  say("password_file", scratch.write("wrong", "wrong").string());
  house.start("onvif");
  EXPECT_THAT(failure(), HasSubstr("NotAuthorized"));
  const auto asked = device.heard.size();
  house.pump(2500ms);
  EXPECT_EQ(device.heard.size(), asked);
}

TEST_F(OnvifCamera, MovedSnapshotIsFoundAgain) {
  house.start("onvif");
  ASSERT_TRUE(frames_come(1));
  const auto asked = device.heard.size();
  device.fail_next(http_answer(404));
  ASSERT_TRUE(frames_come(2));
  EXPECT_GE(device.heard.size(), asked + 6) << "one in vain, four questions, the picture";
}

}  // namespace
}  // namespace jieding::drivers::test
