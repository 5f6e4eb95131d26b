#include "vision/replay.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>

#include "tests/vision/site.hpp"

namespace jieding::vision {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class ReplayTest : public ::testing::Test {
 protected:
  // A Chinese folder name must work like any other.
  ReplayTest() : folder_(fs::temp_directory_path() / ("回放-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_ / "画面");
  }
  ~ReplayTest() override { fs::remove_all(folder_); }

  std::vector<json::object> lines(const fs::path& file) {
    std::vector<json::object> out;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
      out.push_back(json::parse(line).as_object());
    return out;
  }

  fs::path folder_;
};

TEST_F(ReplayTest, WritesOneLinePerFrameInNameOrder) {
  for (const auto& file : pictures_of(JIEDING_SITE_A, 22, 4))
    fs::copy_file(file, folder_ / "画面" / file.filename());
  std::ofstream(folder_ / "画面" / "notes.txt") << "no picture";
  fs::copy_file(pictures_of(JIEDING_SITE_A, 1, 1).at(0),
                folder_ / "画面" / "20241301T000000Z.jpg");  // no such month
  const auto summary = replay(read_site(JIEDING_SITE_A), folder_ / "画面", folder_ / "out.jsonl",
                              folder_ / "out.ms", JIEDING_VISION);
  ASSERT_TRUE(summary) << summary.error().text();
  EXPECT_EQ(summary->frames, 4);
  EXPECT_EQ(summary->skipped, (std::vector<std::string>{"20241301T000000Z.jpg", "notes.txt"}));
  const auto out = lines(folder_ / "out.jsonl");
  ASSERT_EQ(out.size(), 4U);
  EXPECT_EQ(out[0].at("frame").as_string(), "20240822T042400Z.jpg");
  EXPECT_EQ(out[0].at("at").as_string(), "2024-08-22T04:24:00Z");
  EXPECT_FALSE(out[2].at("usable").as_bool()) << "torn";
  const auto& building = out[2].at("buildings").as_array().at(0).as_object();
  EXPECT_EQ(building.at("id").as_string(), "b1");
  EXPECT_EQ(building.at("bands").as_array().size(), 18U);
  EXPECT_TRUE(out[2].at("measures").as_object().empty()) << "a torn picture has nothing to measure";
  const auto& seen = out[0].at("measures").as_object();
  for (const char* name : {"brightness", "sharpness", "likeness", "shift_x_px"})
    EXPECT_TRUE(seen.contains(name)) << name;
  EXPECT_GT(seen.at("sharpness").to_number<double>(), 1);
  EXPECT_TRUE(building.at("grounds").as_object().contains("top_edge"));
}

TEST_F(ReplayTest, MissingFolderIsOneLine) {
  const auto summary = replay(read_site(JIEDING_SITE_A), folder_ / "nowhere", folder_ / "o.jsonl",
                              {}, JIEDING_VISION);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().kind(), Fault::NotFound);
}

}  // namespace
}  // namespace jieding::vision
