#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "drivers/driver.hpp"

namespace jieding::drivers {
namespace {

TEST(Registry, EveryDriverSaysWhatItIs) {
  std::set<std::string_view> names;
  for (const DriverType* type : registry()) {
    EXPECT_TRUE(names.insert(type->name).second) << type->name << " stands there twice";
    EXPECT_FALSE(type->purpose.empty());
    EXPECT_NE(type->make, nullptr);
    for (const auto keys : {type->settings, type->unit_settings}) {
      for (const config::Key& key : keys)
        EXPECT_FALSE(key.help.empty()) << key.name;
    }
  }
}

TEST(Registry, ConfigurationSeesEveryDriver) {
  ASSERT_EQ(schemas().size(), registry().size());
  for (std::size_t i = 0; i < schemas().size(); ++i) {
    EXPECT_EQ(schemas()[i].name, registry()[i]->name);
    EXPECT_EQ(schemas()[i].unit_settings.size(), registry()[i]->unit_settings.size());
  }
}

/// A driver's recordings stand under its name, or under that of the format it brings in.
TEST(Registry, EveryDriverHasRecordings) {
  const std::map<std::string, std::string> formats{{"http", "senml"},
                                                   {"folder", "timelapse"},
                                                   {"push", "timelapse"},
                                                   {"snapshot", "timelapse"},
                                                   {"rtsp", "timelapse"}};
  for (const DriverType* type : registry()) {
    const std::string name(type->name);
    if (name == "simulated") continue;  // no bytes: nothing could be recorded
    const auto format = formats.find(name);
    const auto folder = std::filesystem::path(JIEDING_TEST_DATA) /
                        (format == formats.end() ? name : format->second);
    EXPECT_TRUE(std::filesystem::is_directory(folder) && !std::filesystem::is_empty(folder))
        << "driver " << name << " has no recordings; put some into " << folder;
  }
}

/// A row of README's table of drivers begins with the driver's name.
TEST(Registry, ReadmeListsEveryDriverAndNoOther) {
  std::ifstream file(std::filesystem::path(JIEDING_TEST_DATA) / "../../README.md");
  std::set<std::string> listed;
  bool in_table = false;
  for (std::string line; std::getline(file, line);) {
    in_table = line.starts_with("| driver ") || (in_table && line.starts_with("|"));
    if (in_table && line.starts_with("| `")) listed.insert(line.substr(3, line.find('`', 3) - 3));
  }
  std::set<std::string> known;
  for (const DriverType* type : registry())
    known.insert(std::string(type->name));
  EXPECT_EQ(listed, known);
}

}  // namespace
}  // namespace jieding::drivers
