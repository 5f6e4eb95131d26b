#include "tests/drivers/recordings.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "firmware-tools/recording_file.hpp"

namespace jieding::drivers::test {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

std::string describe(const Batch& batch) {
  std::ostringstream text;
  for (const Reading& each : batch) {
    text << "reading " << each.quantity << ' ' << to_text(each.statistic) << ' ' << each.value
         << ' ' << (each.unit.empty() ? "-" : each.unit) << ' ' << to_rfc3339(each.device_time)
         << ' ' << (each.flag.empty() ? "-" : each.flag) << '\n';
  }
  return text.str();
}

std::string said_by_device(const tools::Recording& recording) {
  std::string all;
  for (const tools::Event& event : recording.events) {
    if (event.what == tools::Happening::FromDevice) all += event.bytes;
  }
  return all;
}

void play_all(const std::string& folder, Player play) {
  int played = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(JIEDING_TEST_DATA) / folder)) {
    if (entry.path().extension() != ".log") continue;
    ++played;
    const auto recording = tools::read_recording(entry.path());
    ASSERT_TRUE(recording) << recording.error().text();
    EXPECT_FALSE(recording->torn) << entry.path();
    for (const char* key : {"device", "who", "when"})
      EXPECT_NE(recording->value(key), "") << entry.path() << " does not say its " << key;
    const fs::path expected = fs::path(entry.path()).replace_extension(".expected");
    const std::string outcome = play(*recording);
    if (std::getenv("JIEDING_WRITE_EXPECTED") != nullptr && !fs::exists(expected)) {
      std::ofstream(expected, std::ios::binary) << outcome;
    }
    EXPECT_EQ(outcome, contents(expected)) << entry.path();
  }
  EXPECT_GT(played, 0) << folder;
}

}  // namespace jieding::drivers::test
