// Laws of the configuration reader: what it takes, and that every refusal says where and what to
// do.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "config/answers.hpp"
#include "config/load.hpp"
#include "config/toml_file.hpp"
#include "config/words.hpp"
#include "drivers/driver.hpp"

namespace jieding::config {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// Drivers of the test's own, so that the laws do not hang on what a driver happens to ask for.
constexpr std::array dust_keys{
    Key{"listen", KeyKind::Text, true, "HOST:PORT"},
    Key{"idle_timeout", KeyKind::Duration, false, "default 5m"},
    Key{"max_connections", KeyKind::Integer, false, "default 64"},
};
constexpr std::array dust_unit_keys{
    Key{"mn", KeyKind::Text, true, "24 digits"},
    Key{"pw", KeyKind::Text, false, "6 digits"},
    Key{"allow", KeyKind::TextList, false, "tolerances"},
    Key{"units", KeyKind::TextTable, false, "quantity = unit"},
};
constexpr std::array push_keys{Key{"readings_per_second", KeyKind::Number, false, "default 200"}};
std::string beyond_ten(const Settings& point, const Config&) {
  return point.get<std::int64_t>("address") > 10 ? "is beyond 10; write 10 at most" : "";
}
std::string strange_line(const Settings& unit, const Config& before) {
  return unit.get<std::string>("line") == before.driver("bus").get<std::string>("line")
             ? ""
             : "is not the line of [driver.bus]; write that one";
}
constexpr std::array point_keys{
    Key{"address", KeyKind::Integer, true, "of the register", beyond_ten},
    Key{"scale", KeyKind::Number, false, "default 1"},
};
std::span<const Key> keys_of_points() {
  return point_keys;
}
constexpr std::array bus_keys{Key{"line", KeyKind::Text, false, "the line"}};
constexpr std::array bus_unit_keys{
    Key{"line", KeyKind::Text, true, "that of the driver", strange_line},
    Key{"point", KeyKind::Tables, true, "what to read", nullptr, keys_of_points},
};
constexpr std::array folder_unit_keys{
    Key{"folder", KeyKind::Path, true, "pictures"},
    Key{"every", KeyKind::Duration, false, "default 1s"},
    Key{"loop", KeyKind::Boolean, false, "default false"},
};
constexpr std::array<DriverSchema, 4> local_drivers{{
    {"hj212", false, dust_keys, dust_unit_keys},
    {"http", false, push_keys, {}},
    {"folder", true, {}, folder_unit_keys},
    {"bus", false, bus_keys, bus_unit_keys},
}};

constexpr std::string_view plain = R"([site]
id = "hz-demo"
[[building]]
id = "b1"
storeys = 18
[driver.hj212]
listen = "127.0.0.1:0"
[[camera]]
id = "mast"
driver = "folder"
folder = "frames"
image_size = [1280, 720]
[[camera.facade]]
building = "b1"
corners = [[504.5, 647.8], [780.1, 655.0], [769.5, 133.9], [510.2, 134.4]]
[[device]]
id = "dust-1"
driver = "hj212"
mn = "010000A8900016F000169DC0"
)";

struct Outcome {
  Result<Config> config = Error(Fault::Internal, "not read");
  Complaints complaints;
};

Outcome read(std::string text, std::vector<std::string> overrides = {}) {
  Outcome outcome;
  outcome.config = load_text(text, "/etc/site.toml", local_drivers, overrides, outcome.complaints);
  return outcome;
}

/// The plain file with one piece of it replaced.
std::string with(std::string_view piece, std::string_view replacement) {
  std::string text(plain);
  const auto at = text.find(piece);
  EXPECT_NE(at, std::string::npos) << piece;
  return text.replace(at, piece.size(), replacement);
}

std::string with(std::string_view more) {
  return std::string(plain) + std::string(more);
}

testing::AssertionResult refused(const Outcome& outcome, std::string_view where,
                                 std::string_view what) {
  for (const auto& complaint : outcome.complaints) {
    if (complaint.starts_with(where) && complaint.find(what) != std::string::npos) {
      return testing::AssertionSuccess();
    }
  }
  auto failure = testing::AssertionFailure() << "no complaint \"" << where << "..." << what << "\"";
  for (const auto& complaint : outcome.complaints)
    failure << "\n  " << complaint;
  return failure;
}

TEST(Config, PlainFileLoads) {
  const auto outcome = read(std::string(plain));
  ASSERT_TRUE(outcome.config) << outcome.config.error().text();
  const auto& config = *outcome.config;
  EXPECT_EQ(config.site.name, "hz-demo");
  EXPECT_EQ(config.building("b1")->storeys, 18);
  EXPECT_EQ(config.camera("mast")->facades.at(0).corners[2].x, 769.5);
  EXPECT_EQ(config.camera("mast")->settings.get<std::string>("folder"), "/etc/frames");
  EXPECT_EQ(config.device("dust-1")->owner, Owner::Contractor);
  EXPECT_EQ(config.driver("hj212").get<std::string>("listen"), "127.0.0.1:0");
  EXPECT_EQ(config.device("nobody"), nullptr);
  EXPECT_FALSE(config.driver("http").has("readings_per_second"));
}

TEST(Config, EveryGroupOfKeysIsRead) {
  const auto outcome = read(with(R"([clock]
mode = "playback"
camera = "mast"
[storage]
state = "/var/lib/jieding"
keep_free_mb = 32
[web]
listen = "[::1]:0"
open_to_viewers = true
[uplink]
enabled = true
host = "platform.example"
ca_file = "ca.pem"
user = "gw1"
password_file = "secrets/mqtt.password"
backoff_most = "2m"
[milestones]
quorum = 2
[findings]
due_days = 30
[vision]
executable = "/opt/vision"
frame_timeout = "5s"
[[user]]
id = "wang"
role = "group"
[[device]]
id = "hoist-1"
driver = "http"
owner = "operator"
building = "b1"
token_file = "secrets/hoist-1.token"
[[device]]
id = "dust-2"
driver = "hj212"
mn = "1"
allow = ["modbus_crc"]
units = { pm10 = "mg/m3" }
)"));
  ASSERT_TRUE(outcome.config) << outcome.config.error().text();
  const auto& config = *outcome.config;
  EXPECT_EQ(config.clock.mode, ClockMode::Playback);
  EXPECT_EQ(config.storage.keep_free_mb, 32);
  EXPECT_EQ(config.uplink.backoff_most, 120s);
  EXPECT_EQ(config.uplink.ca_file, "/etc/ca.pem");
  EXPECT_EQ(config.uplink.password_file, "/var/lib/jieding/secrets/mqtt.password");
  EXPECT_EQ(config.findings.due_days, 30);
  EXPECT_EQ(config.vision.frame_timeout, 5s);
  EXPECT_EQ(config.user("wang")->role, Owner::Group);
  EXPECT_EQ(config.device("hoist-1")->owner, Owner::Operator);
  EXPECT_EQ(config.device("hoist-1")->token_file, "/var/lib/jieding/secrets/hoist-1.token");
  const auto& settings = config.device("dust-2")->settings;
  EXPECT_EQ(settings.get<std::vector<std::string>>("allow").at(0), "modbus_crc");
  EXPECT_EQ(settings.get<TextTable>("units").at("pm10"), "mg/m3");
}

TEST(Config, UnknownKeyIsRefusedWithLineAndSuggestion) {
  EXPECT_TRUE(refused(read(with("storeys = 18", "storeys = 18\nstorey_hight_m = 3.0")),
                      "/etc/site.toml:6: building.b1.storey_hight_m",
                      "unknown key; did you mean \"storey_height_m\"?"));
  EXPECT_TRUE(refused(read(with("folder = \"frames\"", "folder = \"frames\"\nevry = \"1s\"")),
                      "/etc/site.toml:12: camera.mast.evry", "did you mean \"every\"?"));
  EXPECT_TRUE(refused(read(with("[wbe]\nlisten = \"127.0.0.1:1\"\n")), "/etc/site.toml:20: wbe",
                      "did you mean \"web\"?"));
  EXPECT_TRUE(refused(read(with("[web]\nzzzzzzzzz = 1\n")), "/etc/site.toml:21: web.zzzzzzzzz",
                      "known here: listen, open_to_viewers"));
  EXPECT_TRUE(refused(read(with("driver = \"hj212\"", "driver = \"hj211\"")),
                      "/etc/site.toml:18: device.dust-1.driver", "did you mean \"hj212\"?"));
}

TEST(Config, WrongTypeSaysWhatToWrite) {
  EXPECT_TRUE(refused(read(with("storeys = 18", "storeys = \"18\"")),
                      "/etc/site.toml:5:", "a whole number from 1 to 120, without quotes"));
  EXPECT_TRUE(
      refused(read(with("storeys = 18", "storeys = 121")), "/etc/site.toml:5:", "1 to 120"));
  EXPECT_TRUE(refused(read(with("folder = \"frames\"", "folder = \"frames\"\nevery = 5")),
                      "/etc/site.toml:12:", "such as \"500ms\", \"10s\", \"2m\""));
  EXPECT_TRUE(refused(read(with("[web]\nopen_to_viewers = \"yes\"\n")),
                      "/etc/site.toml:21:", "true or false, without quotes"));
  EXPECT_TRUE(refused(read(with("[web]\nlisten = \"8080\"\n")),
                      "/etc/site.toml:21:", "write \"HOST:PORT\""));
  EXPECT_TRUE(refused(read(with("id = \"hz-demo\"", "id = \"Hz Demo\"")),
                      "/etc/site.toml:2:", "1 to 32 of a-z, 0-9 and -"));
  EXPECT_TRUE(refused(read(with("[[user]]\nid = \"wang\"\nrole = \"king\"\n")),
                      "/etc/site.toml:22:", "one of group, contractor, operator"));
  EXPECT_TRUE(refused(read(with("[[building]]\nid = \"b1\"", "[building]\nid = \"b1\"")),
                      "/etc/site.toml:3:", "[[building]] with two brackets"));
  EXPECT_TRUE(refused(read(with("[building]\nname = nan\n")), "/etc/site.toml:", "not TOML"));
  EXPECT_TRUE(refused(read(with("storeys = 18", "storeys = 18\nstorey_height_m = nan")),
                      "/etc/site.toml:6:", "a number from 2 to 10"));
}

TEST(Config, MissingKeyIsToldAtItsTable) {
  EXPECT_TRUE(refused(read(with("storeys = 18\n", "")), "/etc/site.toml:3: building.b1.storeys",
                      "missing; add storeys ="));
  EXPECT_TRUE(refused(read(with("mn = \"010000A8900016F000169DC0\"\n", "")),
                      "/etc/site.toml:16: device.dust-1.mn", "missing; add mn = ... (24 digits)"));
  EXPECT_TRUE(
      refused(read("[web]\nlisten = \"127.0.0.1:0\"\n"), "/etc/site.toml:1: site", "missing"));
  EXPECT_TRUE(refused(read(with("[driver.hj212]\nlisten = \"127.0.0.1:0\"\n", "")),
                      "/etc/site.toml:16: device.dust-1.driver", "add [driver.hj212]"));
}

TEST(Config, AllComplaintsAreCollected) {
  const auto outcome = read(R"([site]
id = "A"
color = 1
[[building]]
id = "b1"
storeys = 0
[[device]]
id = "d1"
driver = "http"
building = "b9"
[web]
listen = "0.0.0.0:80"
)");
  ASSERT_FALSE(outcome.config);
  ASSERT_EQ(outcome.complaints.size(), 5u) << testing::PrintToString(outcome.complaints);
  EXPECT_EQ(outcome.config.error().text(), outcome.complaints.front());
  EXPECT_TRUE(std::is_sorted(outcome.complaints.begin(), outcome.complaints.begin() + 3));
  for (const auto& complaint : outcome.complaints) {
    EXPECT_TRUE(complaint.starts_with("/etc/site.toml:")) << complaint;
    EXPECT_NE(complaint.find("; "), std::string::npos) << complaint;
  }
}

TEST(Config, ReplayContractLoads) {
  const auto outcome = read(R"([site]
id = "hz-demo"
time_zone = "Asia/Shanghai"

[[building]]
id = "b1"
storeys = 18              # planned, above ground
storey_height_m = 2.9

[[camera]]
id = "mast"
image_size = [1280, 720]

[[camera.facade]]
building = "b1"
scaffold = "climbing"
storeys_at_start = 0
corners = [[504.5, 647.8], [780.1, 655.0], [769.5, 133.9], [510.2, 134.4]]
)");
  ASSERT_TRUE(outcome.config) << outcome.config.error().text();
  const auto& camera = outcome.config->cameras.at(0);
  EXPECT_EQ(camera.driver, "");
  EXPECT_EQ(camera.facades.at(0).scaffold, Scaffold::Climbing);
  EXPECT_EQ(camera.image_size[1], 720);
}

TEST(Config, FacadeOutsidePictureIsRefused) {
  const std::string_view outside = "outside the picture of 1280 x 720";
  EXPECT_TRUE(refused(read(with("[769.5, 133.9], [510.2, 134.4]", "[769.5, -721], [510.2, -721]")),
                      "/etc/site.toml:15:", outside))
      << "further away than the picture is high";
  EXPECT_TRUE(refused(read(with("[504.5, 647.8], [780.1, 655.0], [769.5, 133.9]",
                                "[-90, 647.8], [1300, 655.0], [769.5, -90]")),
                      "/etc/site.toml:15:", outside))
      << "three corners out of sight";
  EXPECT_TRUE(
      refused(read(with("[769.5, 133.9], ", "")), "/etc/site.toml:15:", "3 points; write four"));
  EXPECT_TRUE(
      refused(read(with("image_size = [1280, 720]\n", "")), "/etc/site.toml:8:", "image_size"));
  EXPECT_TRUE(refused(read(with("building = \"b1\"\ncorners", "building = \"b2\"\ncorners")),
                      "/etc/site.toml:14:", "no [[building]] has this id"));
}

TEST(Config, EachCameraSaysTheSizeOfItsPictures) {
  const auto size = [](std::string_view text) {
    return read(with("image_size = [1280, 720]", "image_size = " + std::string(text)));
  };
  EXPECT_TRUE(
      refused(read(with("[[camera]]\nid = \"roof\"\ndriver = \"folder\"\nfolder = \"r\"\n")),
              "/etc/site.toml:20: camera.roof.image_size", "missing; add image_size ="))
      << "also one without a facade: vision looks at nothing of another size";
  for (const auto* wrong : {"[63, 720]", "[1280, 8193]", "[1280.5, 720]", "[1280]", "[1e300, 720]"})
    EXPECT_TRUE(refused(size(wrong), "/etc/site.toml:12:", "64 to 8192 each")) << wrong;
}

TEST(Config, MoreFacadesThanVisionLooksAtAreRefused) {
  std::string buildings, facades;
  for (int i = 2; i <= 17; ++i) {
    const std::string id = "\"b" + std::to_string(i) + "\"";
    buildings += "[[building]]\nid = " + id + "\nstoreys = 3\n";
    facades += "[[camera.facade]]\nbuilding = " + id +
               "\ncorners = [[0, 90], [60, 90], [60, 0], [0, 0]]\n";
  }
  const std::string text = buildings + with("[[device]]", facades + "[[device]]");
  EXPECT_TRUE(
      refused(read(text), "/etc/site.toml:61: camera.mast.facade", "17 of them; write at most 16"));
}

TEST(Config, RoofMayLieOutsideThePicture) {
  const auto outcome = read(with("[769.5, 133.9], [510.2, 134.4]", "[769.5, -700], [510.2, -700]"));
  ASSERT_TRUE(outcome.config) << outcome.config.error().text();
  EXPECT_EQ(outcome.config->camera("mast")->facades.at(0).corners[2].y, -700);
}

TEST(Config, OutsideIsHiddenUnlessTheFileShowsIt) {
  const auto camera = [](std::string_view more) {
    return read(
        with("image_size = [1280, 720]\n", "image_size = [1280, 720]\n" + std::string(more)));
  };
  EXPECT_TRUE(camera("").config->camera("mast")->outside_hidden);
  EXPECT_TRUE(camera("outside = \"hidden\"\n").config->camera("mast")->outside_hidden);
  EXPECT_FALSE(camera("outside = \"shown\"\n").config->camera("mast")->outside_hidden);
  EXPECT_TRUE(refused(camera("outside = \"blurred\"\n"), "/etc/site.toml:13:", "outside"));
}

TEST(Config, FacadeInWrongOrderIsRefused) {
  const auto corners = [](std::string_view list) {
    return read(with("[[504.5, 647.8], [780.1, 655.0], [769.5, 133.9], [510.2, 134.4]]", list));
  };
  for (const auto* list : {
           "[[780.1, 655.0], [504.5, 647.8], [510.2, 134.4], [769.5, 133.9]]",  // mirrored
           "[[510.2, 134.4], [769.5, 133.9], [780.1, 655.0], [504.5, 647.8]]",  // upside down
           "[[780.1, 655.0], [769.5, 133.9], [510.2, 134.4], [504.5, 647.8]]",  // begun elsewhere
           "[[504.5, 647.8], [780.1, 655.0], [510.2, 134.4], [769.5, 133.9]]",  // crossed
           "[[504.5, 647.8], [780.1, 655.0], [560.0, 500.0], [510.2, 134.4]]",  // dented
           "[[504.5, 647.8], [504.5, 647.8], [769.5, 133.9], [510.2, 134.4]]",  // a point twice
       }) {
    EXPECT_TRUE(refused(corners(list),
                        "/etc/site.toml:15:", "ground left, ground right, roof right, roof left"))
        << list;
  }
}

TEST(Config, MaskThatHidesNothingIsRefused) {
  const auto mask = [](std::string_view polygon) {
    return read(with("[[camera.facade]]",
                     "[[camera.mask]]\npolygon = " + std::string(polygon) + "\n[[camera.facade]]"));
  };
  EXPECT_TRUE(mask("[[0, 0], [200, 0], [0, 90]]").config);
  EXPECT_TRUE(refused(mask("[[0, 0], [200, 0]]"), "/etc/site.toml:14:", "hides nothing"));
  EXPECT_TRUE(refused(mask("[[0, 0], [200, 0], [100, 0]]"), "/etc/site.toml:14:", "hides nothing"));
  EXPECT_TRUE(refused(mask("[[0, 0], [1281, 0], [0, 90]]"), "/etc/site.toml:14:", "outside"));
  EXPECT_TRUE(
      refused(mask("[[0, 0], [\"a\", 0], [0, 90]]"), "/etc/site.toml:14:", "points in pixels"));
}

TEST(Config, APlanIsTwoDaysInOrder) {
  const auto planned = [](std::string_view plan) {
    return read(with("storeys = 18", "storeys = 18\nplan = { " + std::string(plan) + " }"));
  };
  EXPECT_FALSE(read(std::string(plain)).config->building("b1")->plan) << "nobody wrote it down";
  const auto outcome = planned("zero_level = \"2024-07-01\", topping_out = \"2024-10-25\"");
  ASSERT_TRUE(outcome.config) << outcome.config.error().text();
  const auto plan = outcome.config->building("b1")->plan;
  ASSERT_TRUE(plan);
  EXPECT_EQ(jieding::to_text(plan->zero_level), "2024-07-01");
  EXPECT_EQ(jieding::to_text(plan->topping_out), "2024-10-25");
  EXPECT_TRUE(refused(planned("zero_level = \"2024-10-25\", topping_out = \"2024-10-25\""),
                      "/etc/site.toml:6:", "is not after zero_level; write the later day"));
  EXPECT_TRUE(refused(planned("zero_level = \"2024-07-01\""),
                      "/etc/site.toml:6:", "missing; add topping_out ="));
  EXPECT_TRUE(refused(planned("zero_level = 2024-07-01, topping_out = \"2024-10-25\""),
                      "/etc/site.toml:6:", "a date in quotes"));
  EXPECT_TRUE(
      refused(planned("zero_level = \"2024-07-01\", topping_out = \"2024-10-25\", roof = 1"),
              "/etc/site.toml:6:", "unknown key"));
}

TEST(Config, DuplicateIdsAreRefused) {
  EXPECT_TRUE(refused(read(with("[[building]]\nid = \"b1\"\nstoreys = 3\n")),
                      "/etc/site.toml:21:", "another [[building]] has this id"));
  EXPECT_TRUE(refused(read(with("[[device]]\nid = \"mast\"\ndriver = \"http\"\n")),
                      "/etc/site.toml:21:", "a [[camera]] has this id"));
  EXPECT_TRUE(refused(read(with("[[device]]\nid = \"dust-1\"\ndriver = \"http\"\n")),
                      "/etc/site.toml:21:", "another [[device]] has this id"));
  EXPECT_TRUE(
      refused(read(with("[[device]]\nid = \"a\"\ndriver = \"http\"\ntoken_file = \"t\"\n"
                        "[[device]]\nid = \"b\"\ndriver = \"http\"\ntoken_file = \"./t\"\n")),
              "/etc/site.toml:27:", "give each its own file"));
}

TEST(Config, OverrideReplacesAValue) {
  const auto outcome = read(std::string(plain), {
                                                    "web.listen=127.0.0.1:0",
                                                    "camera.mast.every=200ms",
                                                    "camera.mast.folder=pictures",
                                                    "driver.hj212.listen=127.0.0.1:9212",
                                                    "building.b1.storeys=11",
                                                    "uplink.port=1883",
                                                    "site.name=2024-01-01",
                                                    "storage.state=/tmp/state",
                                                });
  ASSERT_TRUE(outcome.config) << outcome.config.error().text();
  const auto& config = *outcome.config;
  EXPECT_EQ(config.web.listen, "127.0.0.1:0");
  EXPECT_EQ(config.camera("mast")->settings.get<std::chrono::milliseconds>("every"), 200ms);
  EXPECT_EQ(config.camera("mast")->settings.get<std::string>("folder"),
            (fs::current_path() / "pictures").string());
  EXPECT_EQ(config.driver("hj212").get<std::string>("listen"), "127.0.0.1:9212");
  EXPECT_EQ(config.building("b1")->storeys, 11);
  EXPECT_EQ(config.uplink.port, 1883);
  EXPECT_EQ(config.site.name, "2024-01-01");
}

TEST(Config, WrongOverrideIsRefusedByItsName) {
  EXPECT_TRUE(refused(read(std::string(plain), {"uplink.port=many"}),
                      "--set uplink.port:", "a whole number from 1 to 65535"));
  EXPECT_TRUE(refused(read(std::string(plain), {"camera.roof.every=1s"}),
                      "--set camera.roof.every:", "leads nowhere"));
  EXPECT_TRUE(refused(read(std::string(plain), {"web.lissten=127.0.0.1:0"}),
                      "--set web.lissten:", "did you mean \"listen\"?"));
  EXPECT_TRUE(refused(read(std::string(plain), {"web.listen"}), "--set web.listen:", "no value"));
  EXPECT_TRUE(refused(read(std::string(plain), {"camera=1"}), "--set camera:", "two brackets"));
  EXPECT_TRUE(
      refused(read(std::string(plain), {"site.name=a\nb = 1"}), "--set site.name:", "one line"));
  for (const auto* text : {"=", ".=1", "a..b=1", "camera.=1", "camera.mast=1", "site.id.x=1"}) {
    EXPECT_FALSE(read(std::string(plain), {text}).config) << text;
  }
}

TEST(Config, PlainUplinkOffLoopbackIsRefused) {
  EXPECT_TRUE(refused(read(with("[uplink]\nenabled = true\nhost = \"platform.example\"\n")),
                      "/etc/site.toml:22:", "add ca_file"));
  EXPECT_TRUE(refused(read(with("[uplink]\nenabled = true\nhost = \"127.0.0.1.example\"\n")),
                      "/etc/site.toml:22:", "add ca_file"));
  EXPECT_TRUE(read(with("[uplink]\nenabled = true\nhost = \"127.0.0.1\"\n")).config);
  EXPECT_TRUE(refused(read(with("[uplink]\nenabled = true\n")), "/etc/site.toml:20: uplink.host",
                      "missing"));
  EXPECT_TRUE(refused(read(with("[uplink]\nenabled = false\nuser = \"gw1\"\n")),
                      "/etc/site.toml:22:", "user and password_file"));
  EXPECT_TRUE(
      refused(read(with("[uplink]\nhost = \"a\"\nca_file = \"a\"\ncertificate_file = \"b\"\n")),
              "/etc/site.toml:23:", "certificate_file and key_file"));
}

TEST(Config, PlainPageOffLoopbackIsRefused) {
  for (const auto* listen : {"0.0.0.0:80", "[::]:80", "192.0.2.1:80", "127.example.org:80"}) {
    EXPECT_TRUE(refused(read(with("[web]\nlisten = \"" + std::string(listen) + "\"\n")),
                        "/etc/site.toml:21:", "without TLS"))
        << listen;
  }
  EXPECT_TRUE(read(with("[web]\nlisten = \"0.0.0.0:443\"\ntls_certificate = \"c.pem\"\n"
                        "tls_key = \"k.pem\"\n"))
                  .config);
  EXPECT_TRUE(refused(read(with("[web]\ntls_key = \"k.pem\"\n")), "/etc/site.toml:21:", "both"));
}

TEST(Config, ClockFollowsAKnownCameraOnly) {
  EXPECT_TRUE(refused(read(with("[clock]\nmode = \"playback\"\n")),
                      "/etc/site.toml:20: clock.camera", "missing"));
  EXPECT_TRUE(refused(read(with("[clock]\nmode = \"playback\"\ncamera = \"roof\"\n")),
                      "/etc/site.toml:22:", "no [[camera]] has this id"));
  EXPECT_TRUE(
      refused(read(with("[clock]\ncamera = \"mast\"\n")), "/etc/site.toml:21:", "remove it"));
}

TEST(Config, ForeignTimeZoneIsRefused) {
  EXPECT_TRUE(
      refused(read(with("id = \"hz-demo\"", "id = \"hz-demo\"\ntime_zone = \"Europe/Rome\"")),
              "/etc/site.toml:3:", "write \"Asia/Shanghai\""));
}

TEST(Config, DriverOfTheWrongKindIsRefused) {
  EXPECT_TRUE(refused(
      read(with("[[device]]\nid = \"x\"\ndriver = \"folder\"\nfolder = \"f\"\n")),
      "/etc/site.toml:22:", "serves [[camera]], not devices; write one of hj212, http, bus"));
  EXPECT_TRUE(refused(read(with("[[camera]]\nid = \"x\"\ndriver = \"hj212\"\n")),
                      "/etc/site.toml:22:", "serves [[device]], not cameras; write one of folder"));
  EXPECT_TRUE(refused(read(with("[driver.htpp]\n")), "/etc/site.toml:20: driver.htpp",
                      "did you mean \"http\"?"));
}

constexpr std::string_view bus = R"([driver.bus]
line = "east"
[[device]]
id = "wind"
driver = "bus"
line = "east"
[[device.point]]
address = 7
scale = 0.1
[[device.point]]
address = 9
)";

std::string bus_with(std::string_view piece, std::string_view replacement) {
  std::string text(bus);
  return with(text.replace(text.find(piece), piece.size(), replacement));
}

TEST(Config, TablesOfADeviceAreReadWithTheirOwnKeys) {
  const auto outcome = read(with(bus));
  ASSERT_TRUE(outcome.config) << outcome.config.error().text();
  const auto points = outcome.config->device("wind")->settings.get<std::vector<Settings>>("point");
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].get<std::int64_t>("address"), 7);
  EXPECT_EQ(points[0].get<double>("scale"), 0.1);
  EXPECT_EQ(points[1].get<std::int64_t>("address"), 9);
}

constexpr std::string_view witness = R"([[device]]
id = "hoist"
driver = "http"
building = "b1"
[[device.witness]]
quantity = "hoist_floor"
shows = "floor"
zero = -1
)";

TEST(Config, AnyDeviceMayBeAWitnessOfItsBuilding) {
  const auto outcome = read(with(witness));
  ASSERT_TRUE(outcome.config) << outcome.config.error().text();
  const auto read_back =
      outcome.config->device("hoist")->settings.get<std::vector<Settings>>("witness");
  ASSERT_EQ(read_back.size(), 1u);
  EXPECT_EQ(read_back[0].get<std::string>("quantity"), "hoist_floor");
  EXPECT_EQ(read_back[0].get<double>("zero"), -1);
}

TEST(Config, WitnessOfNothingIsRefused) {
  const auto changed = [](std::string_view piece, std::string_view replacement) {
    std::string text(witness);
    return read(with(text.replace(text.find(piece), piece.size(), replacement)));
  };
  EXPECT_TRUE(refused(changed("building = \"b1\"\n", ""), "/etc/site.toml:23: device.hoist.witness",
                      "add building"));
  EXPECT_TRUE(refused(changed("\"floor\"", "\"roof\""),
                      "/etc/site.toml:26: device.hoist.witness.shows", "write \"floor\""));
  EXPECT_TRUE(refused(changed("shows = \"floor\"\n", ""), "/etc/site.toml:24:", "missing"));
}

TEST(Config, WhatADriverFindsWrongIsToldAtItsLine) {
  EXPECT_TRUE(refused(read(bus_with("address = 9", "address = 11")),
                      "/etc/site.toml:30: device.wind.point.address: is beyond 10", "write 10"));
  EXPECT_TRUE(refused(read(bus_with("address = 9", "scale = 2")),
                      "/etc/site.toml:29: device.wind.point.address", "missing; add address ="));
  EXPECT_TRUE(refused(read(bus_with("scale = 0.1", "scalc = 0.1")),
                      "/etc/site.toml:28: device.wind.point.scalc", "did you mean \"scale\"?"));
  EXPECT_TRUE(refused(read(bus_with("\"bus\"\nline = \"east\"", "\"bus\"\nline = \"west\"")),
                      "/etc/site.toml:25: device.wind.line", "is not the line"));
  EXPECT_TRUE(refused(read(bus_with("[[device.point]]\naddress = 7\nscale = 0.1\n[[device.point]]",
                                    "[device.point]")),
                      "/etc/site.toml:26: device.wind.point", "with two brackets"));
}

TEST(Config, SilenceIsTheSitesUnlessADeviceHasItsOwn) {
  const auto text = with("id = \"hz-demo\"", "id = \"hz-demo\"\nsilent_after = \"20m\"");
  const auto outcome = read(text + "silent_after = \"1h\"\n");
  ASSERT_TRUE(outcome.config) << outcome.config.error().text();
  EXPECT_EQ(outcome.config->device("dust-1")->silent_after, 1h);
  EXPECT_EQ(outcome.config->camera("mast")->silent_after, 20min);
  EXPECT_EQ(read(std::string(plain)).config->device("dust-1")->silent_after, 10min);
}

TEST(Config, WhatIsAskedSeldomIsSilentAfterTwoOfItsBeats) {
  const auto load = [](std::string_view site, std::string_view camera) {
    Outcome outcome;
    const std::string text = "[site]\nid = \"s\"\n" + std::string(site) +
                             "[[camera]]\nid = \"mast\"\ndriver = \"snapshot\"\n"
                             "url = \"http://10.0.0.5/\"\n" +
                             std::string(camera) + "image_size = [1280, 720]\n";
    outcome.config = load_text(text, "/etc/site.toml", drivers::schemas(), {}, outcome.complaints);
    return outcome;
  };
  const auto silence = [&](std::string_view site, std::string_view camera) {
    return load(site, camera).config->camera("mast")->silent_after;
  };
  EXPECT_EQ(silence("", "every = \"1m\"\n"), 10min) << "the site's, which is longer";
  EXPECT_EQ(silence("", "every = \"1h\"\n"), 2h);
  EXPECT_EQ(silence("silent_after = \"0s\"\n", "every = \"1h\"\n"), 0s) << "nothing is watched";
  EXPECT_EQ(silence("", "every = \"1h\"\nsilent_after = \"90m\"\n"), 90min);
  EXPECT_EQ(silence("", "every = \"1h\"\nsilent_after = \"0s\"\n"), 0s);
  EXPECT_TRUE(refused(load("", "every = \"1h\"\nsilent_after = \"30m\"\n"),
                      "/etc/site.toml:8: camera.mast.silent_after", "shorter than every"));
}

constexpr std::string_view a_limit = R"(
[[limit]]
id = "pm10-hour"
quantity = "pm10"
statistic = "hour.mean"
unit = "ug/m3"
above = 150
clear = 120
)";

TEST(Config, ALimitIsRead) {
  const auto outcome = read(with(a_limit) + R"(zh = "扬尘"
level = "alarm"
devices = ["dust-1"]
minus = "pm25"
raise_after = "1h"
[[limit]]
id = "oxygen"
quantity = "o2"
unit = "%"
below = 20
clear = 20.5
)");
  ASSERT_TRUE(outcome.config) << outcome.config.error().text();
  const Limit& limit = outcome.config->limits.at(0);
  EXPECT_EQ(limit.zh, "扬尘");
  EXPECT_EQ(limit.en, "pm10-hour");
  EXPECT_EQ(limit.level, AlertLevel::Alarm);
  EXPECT_EQ(to_text(limit.statistic), "hour.mean");
  EXPECT_EQ(limit.minus, "pm25");
  EXPECT_EQ(limit.raise_after, 1h);
  EXPECT_EQ(limit.gap, 130min) << "two periods and what a station may be late";
  EXPECT_TRUE(limit.applies_to("dust-1"));
  EXPECT_FALSE(limit.applies_to("dust-2"));
  EXPECT_EQ(outcome.config->limits.at(1).side, Limit::Side::Below);
  EXPECT_EQ(outcome.config->limits.at(1).threshold, 20);
}

TEST(Config, AWrongLimitIsToldAtItsLine) {
  const auto line = [](std::string_view more) { return read(with(a_limit) + std::string(more)); };
  EXPECT_TRUE(refused(line("below = 100\n"), "/etc/site.toml:28: limit.pm10-hour.below", "either"));
  EXPECT_TRUE(refused(line("devices = [\"dust-9\"]\n"), "/etc/site.toml:28:", "\"dust-9\""));
  EXPECT_TRUE(refused(line("raise_afetr = \"1m\"\n"), "/etc/site.toml:28:", "raise_after"));
  EXPECT_TRUE(refused(line("minus = \"PM 2.5\"\n"), "/etc/site.toml:28:", "a-z"));
  const std::string long_name(65, 'a');
  EXPECT_TRUE(refused(line("minus = \"" + long_name + "\"\n"), "/etc/site.toml:28:", "64"));
  EXPECT_TRUE(refused(line(a_limit), "/etc/site.toml:30: limit.pm10-hour.id", "another"));
  const auto changed = [](std::string_view from, std::string_view to) {
    std::string text = with(a_limit);
    return read(text.replace(text.find(from), from.size(), to));
  };
  EXPECT_TRUE(refused(changed("clear = 120", "clear = 151"), "/etc/site.toml:27:", "above"));
  EXPECT_TRUE(refused(changed("hour.mean", "hourly"), "/etc/site.toml:24:", "hour.mean"));
  EXPECT_TRUE(refused(changed("above = 150\n", ""), "/etc/site.toml:21:", "one of them"));
  EXPECT_TRUE(refused(changed("unit = \"ug/m3\"\n", ""), "/etc/site.toml:21:", "unit"));
}

TEST(Config, ALimitMayHoldForAPartOfEachDay) {
  const auto hours = [](std::string_view lines) {
    return read(with(a_limit) + std::string(lines));
  };
  const auto night = hours("from = \"22:00\"\nuntil = \"06:30\"\n");
  ASSERT_TRUE(night.config) << night.config.error().text();
  const auto& limit = night.config->limits.at(0);
  ASSERT_TRUE(limit.hours);
  EXPECT_EQ(limit.hours->from, 22h);
  EXPECT_EQ(limit.hours->until, 6h + 30min);
  EXPECT_FALSE(hours("").config->limits.at(0).hours);
  EXPECT_TRUE(refused(hours("from = \"22:00\"\n"), "/etc/site.toml:21: limit.pm10-hour", "until"));
  for (const char* wrong : {"24:00", "22:60", "22", "6:00", "22:0x"})
    EXPECT_TRUE(refused(hours("until = \"06:00\"\nfrom = \"" + std::string(wrong) + "\"\n"),
                        "/etc/site.toml:29: limit.pm10-hour.from", "time of day"))
        << wrong;
  EXPECT_TRUE(refused(hours("from = \"22:00\"\nuntil = \"22:00\"\n"),
                      "/etc/site.toml:29: limit.pm10-hour.until", "same"));
}

TEST(Config, ALimitMayBeOnAChange) {
  const auto change = [](std::string_view lines) {
    return read(with(a_limit) + std::string(lines));
  };
  const auto day = change("over = \"24h\"\n");
  ASSERT_TRUE(day.config) << day.config.error().text();
  EXPECT_EQ(day.config->limits.at(0).over, 24h);
  EXPECT_TRUE(refused(change("over = \"1s\"\n"), "/etc/site.toml:28: limit.pm10-hour.over", "1m"));
  EXPECT_TRUE(refused(change("minus = \"pm25\"\nover = \"24h\"\n"),
                      "/etc/site.toml:29: limit.pm10-hour.over", "difference"));
}

TEST(Config, WordsOfAnHj212StationAreToldAtTheirLine) {
  const auto station = [](std::string_view key) {
    Outcome outcome;
    const std::string text =
        "[site]\nid = \"s\"\n[[device]]\nid = \"dust-1\"\ndriver = \"hj212\"\n"
        "mn = \"1\"\n" +
        std::string(key) + "\n";
    outcome.config = load_text(text, "/etc/site.toml", drivers::schemas(), {}, outcome.complaints);
    return outcome;
  };
  const std::string_view where = "/etc/site.toml:7: device.dust-1.";
  EXPECT_TRUE(station("tolerate = [\"field\", \"modbus_crc\"]").config);
  EXPECT_TRUE(station("reply = \"qnrtn_exertn\"").config);
  EXPECT_TRUE(
      refused(station("tolerate = [\"blanks\", \"modbus-crc\"]"), where,
              "tolerate: \"modbus-crc\" is none of its words; did you mean \"modbus_crc\""));
  EXPECT_TRUE(
      refused(station("tolerate = [\"everything\"]"), where, "write one of field, no_line"));
  EXPECT_TRUE(refused(station("reply = \"qnrnt\""), where, "did you mean \"qnrtn\""));
  EXPECT_TRUE(refused(station("answer_parts = \"all\""), where, "write one of each, whole"));
  EXPECT_TRUE(refused(station("sm4_wire = \"base64\""), where, "write one of raw, hex"));
}

TEST(Config, TextThatIsNotTomlIsRefusedWithItsLine) {
  EXPECT_TRUE(refused(read("[site]\nid = \n"), "/etc/site.toml:2:", "not TOML"));
  EXPECT_TRUE(refused(read("[site]\nid = \"a\"\nid = \"b\"\n"), "/etc/site.toml:3:", "not TOML"));
  EXPECT_FALSE(read(std::string("\xff\xfe\0[", 4)).config);
  EXPECT_FALSE(read("a = " + std::string(100'000, '[')).config);
  EXPECT_FALSE(read("").config);
}

TEST(Config, MissingFileIsTold) {
  Complaints complaints;
  const auto missing = load("/nowhere/site.toml", local_drivers, {}, complaints);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind(), Fault::NotFound);
  EXPECT_EQ(complaints.at(0),
            "/nowhere/site.toml: No such file or directory; name a file that can be read");
  EXPECT_FALSE(load("/tmp", local_drivers, {}, complaints));
}

TEST(Config, DurationsAreWholeNumbersWithAUnit) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("2m"), 120s);
  EXPECT_EQ(parse_duration("0s"), 0s);
  for (const auto* text : {"", "s", "5", "5 s", "-5s", "1.5s", "5sec", "99999999999999999999s",
                           "9223372036854775807d"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
  EXPECT_EQ(to_text(90s), "90s");
  EXPECT_EQ(to_text(1h), "1h");
}

std::vector<fs::path> shipped_files() {
  const fs::path root(JIEDING_SOURCE_DIR);
  std::vector<fs::path> files{root / "tests/data/timelapse/site-a/site.toml"};
  for (const auto& entry : fs::directory_iterator(root / "config")) {
    const bool is_answers = entry.path().filename() == "answers.toml";  // see below
    if (entry.path().extension() == ".toml" && !is_answers) files.push_back(entry.path());
  }
  return files;
}

TEST(Config, ShippedConfigsLoad) {
  for (const auto& file : shipped_files()) {
    Complaints complaints;
    EXPECT_TRUE(load(file, drivers::schemas(), {}, complaints))
        << testing::PrintToString(complaints);
  }
}

TEST(Config, ShippedAnswersBecomeAConfigurationThatLoads) {
  const fs::path file = fs::path(JIEDING_SOURCE_DIR) / "config/answers.toml";
  Complaints complaints;
  const auto answers = read_answers(read_file(file).value(), file, complaints);
  ASSERT_TRUE(answers) << testing::PrintToString(complaints);
  EXPECT_TRUE(load_text(answers->configuration, file, drivers::schemas(), {}, complaints))
      << testing::PrintToString(complaints);
}

}  // namespace
}  // namespace jieding::config
