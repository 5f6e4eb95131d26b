// Rules of the house that a compiler does not hold.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path root = JIEDING_SOURCE;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> sources_below(const std::string& folder) {
  std::vector<fs::path> found;
  for (auto entry = fs::recursive_directory_iterator(root / folder); entry != fs::end(entry);
       ++entry) {
    if (entry->path().filename() == "node_modules") entry.disable_recursion_pending();
    const auto extension = entry->path().extension();
    if (extension == ".cpp" || extension == ".hpp") found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> includes_of(const fs::path& file) {
  static const std::regex include(R"(#\s*include\s*[<"]([^>"]+)[>"])");
  const std::string text = content_of(file);
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), include), end; match != end; ++match) {
    found.push_back((*match)[1]);
  }
  return found;
}

/// The room a file or an included header belongs to; empty for third-party headers.
std::string room_of(const std::string& path) {
  for (const char* room : {"gateway/domain/", "gateway/milestones/", "gateway/policy/",
                           "gateway/runtime/", "gateway/web/", "gateway/", "config/", "drivers/",
                           "vision/", "sync/", "firmware-tools/image/", "firmware-tools/node/",
                           "firmware-tools/provision/", "firmware-tools/"}) {
    if (path.rfind(room, 0) == 0) return room;
  }
  return {};
}

const std::map<std::string, std::set<std::string>> may_include{
    {"gateway/domain/", {}},
    {"gateway/milestones/", {"gateway/domain/"}},
    {"gateway/policy/", {"gateway/domain/"}},
    {"gateway/runtime/", {"gateway/domain/"}},
    {"config/", {"gateway/domain/"}},
    {"drivers/", {"gateway/domain/", "gateway/runtime/", "gateway/milestones/", "config/"}},
    {"vision/", {"gateway/domain/", "gateway/runtime/", "gateway/milestones/", "config/"}},
    {"sync/",
     {"gateway/domain/", "gateway/runtime/", "gateway/milestones/", "gateway/policy/", "config/"}},
    {"gateway/web/", {"gateway/domain/", "gateway/runtime/", "gateway/milestones/", "config/"}},
    {"gateway/",
     {"gateway/domain/", "gateway/runtime/", "gateway/milestones/", "gateway/policy/",
      "gateway/web/", "config/", "drivers/", "vision/", "sync/"}},
    // Looks at devices through the gateway's own drivers and door, but is no part of it.
    {"firmware-tools/",
     {"gateway/domain/", "gateway/runtime/", "gateway/web/", "config/", "drivers/"}},
    // Knows images and files, no device.
    {"firmware-tools/image/", {"gateway/domain/", "gateway/runtime/", "firmware-tools/"}},
    // A node at the end of a port, and what may be sent to it.
    {"firmware-tools/node/",
     {"gateway/domain/", "gateway/runtime/", "config/", "drivers/", "firmware-tools/",
      "firmware-tools/image/"}},
    // Makes what the gateway will read: its configuration, state folder and keys.
    {"firmware-tools/provision/",
     {"gateway/domain/", "gateway/runtime/", "config/", "drivers/", "sync/", "firmware-tools/"}},
};

/// Folders of what is built into programs.
const std::vector<std::string> product{"gateway", "config", "drivers",
                                       "vision",  "sync",   "firmware-tools"};

TEST(Repository, IncludesOnlyPointTowardsTheDomain) {
  for (const std::string& folder : product) {
    for (const fs::path& file : sources_below(folder)) {
      const std::string path = fs::relative(file, root).string();
      const std::string room = room_of(path);
      for (const std::string& header : includes_of(file)) {
        const std::string other = room_of(header);
        if (other.empty() || other == room) continue;
        EXPECT_TRUE(may_include.at(room).contains(other)) << path << " must not include " << header;
      }
    }
  }
}

TEST(Repository, EachLibraryStaysInItsRoom) {
  const std::vector<std::pair<std::regex, std::regex>> rooms{
      {std::regex("^opencv2/"), std::regex("^vision/")},
      {std::regex("^turbojpeg.h"), std::regex("^vision/")},
      {std::regex("^ft2build"), std::regex("^vision/draw_glyphs\\.cpp$")},
      {std::regex("^wels/"), std::regex("^vision/film_encoder\\.cpp$")},
      {std::regex("^mqtt/|^MQTT"), std::regex("^sync/mqtt_client\\.cpp$")},
      {std::regex("^sqlite3.h"), std::regex("^sync/database\\.cpp$")},
      {std::regex("^toml\\+\\+/|^toml.hpp"), std::regex("^config/")},
      {std::regex("^boost/beast"),
       std::regex("^gateway/web/|^gateway/runtime/beast\\.cpp$|^drivers/http_client\\.cpp$")},
      {std::regex("^pugixml"), std::regex("^drivers/onvif\\.cpp$")},
      {std::regex("^spdlog/"), std::regex("^gateway/runtime/log\\.cpp$")},
      {std::regex("^qrencode"), std::regex("^firmware-tools/provision/qr\\.cpp$")},
      {std::regex("^cbor\\.h"), std::regex("^firmware-tools/cbor\\.cpp$")},
      {std::regex("^CLI/"),
       std::regex("^gateway/main\\.cpp$|^firmware-tools/(\\w+/)?main\\.cpp$|^gateway/commands/")},
  };
  for (const std::string& folder : product) {
    for (const fs::path& file : sources_below(folder)) {
      const std::string path = fs::relative(file, root).string();
      for (const std::string& header : includes_of(file)) {
        for (const auto& [library, room] : rooms) {
          if (!std::regex_search(header, library)) continue;
          EXPECT_TRUE(std::regex_search(path, room)) << path << " must not include " << header;
        }
      }
    }
  }
}

/// Headers of the house and of libraries that a source needs, those of its headers included.
void gather_includes(const fs::path& file, std::set<std::string>& found) {
  for (const std::string& header : includes_of(file))
    if (found.insert(header).second && fs::exists(root / header))
      gather_includes(root / header, found);
}

// What is believed of a building is reckoned from numbers. Whoever reads or tests it needs to know
// nothing of pixels.
TEST(Repository, BeliefsOfABuildingAreReckonedWithoutOpenCv) {
  for (const char* belief :
       {"beyond_plan", "grounds", "groundworks", "hypotheses", "landscape", "leap_watch", "pace",
        "parapet", "pit_rim", "roof_watch", "row_evidence", "storey_filter"}) {
    std::set<std::string> headers;
    gather_includes(root / "vision" / (std::string(belief) + ".cpp"), headers);
    EXPECT_TRUE(headers.contains("vision/" + std::string(belief) + ".hpp")) << belief;
    for (const std::string& header : headers)
      EXPECT_FALSE(header.starts_with("opencv2/")) << belief << " comes to include " << header;
  }
}

/// What stands between the parentheses that open at `open`.
std::string in_parentheses(const std::string& text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return text.substr(open, i - open);
  }
  return {};
}

// GCC 12 miscompiles a co_await inside a condition at -O2 (it traps), and destroys twice what is
// built with braces inside a co_await expression.
TEST(Repository, AwaitedValuesGetANameFirst) {
  static const std::regex condition(R"(\b(if|while)\s*\()");
  for (const std::string& folder : product) {
    for (const fs::path& file : sources_below(folder)) {
      const std::string text = content_of(file);
      for (std::sregex_iterator match(text.begin(), text.end(), condition), end; match != end;
           ++match) {
        const auto open = static_cast<std::size_t>(match->position() + match->length() - 1);
        const std::string inside = in_parentheses(text, open);
        EXPECT_EQ(inside.find("co_await"), std::string::npos)
            << fs::relative(file, root) << ": " << inside;
      }
    }
  }
}

TEST(Repository, ThePageHasWordsForEveryTolerance) {
  static const std::regex row(R"(\{\w+,\s+\"(\w+)\",\s+(true|false),)");
  const std::string page = content_of(root / "gateway/web/page/src/counted_words.ts");
  const std::string words = content_of(root / "drivers/hj212_tolerance.cpp");
  int found = 0;
  for (std::sregex_iterator word(words.begin(), words.end(), row), end; word != end; ++word) {
    ++found;
    const std::string key = "'tolerated." + (*word)[1].str() + "':";
    const auto zh = page.find(key);
    ASSERT_NE(zh, std::string::npos) << key;
    EXPECT_NE(page.find(key, zh + 1), std::string::npos) << key << " in English";
  }
  EXPECT_GE(found, 21);
}

TEST(Repository, EachRefusalCodeIsDescribedAndHasWords) {
  static const std::regex line(R"(string_view \w+ = \"(\w+)\";)");
  const std::string codes = content_of(root / "gateway/domain/refusal.hpp");
  const std::string described = content_of(root / "gateway/web/openapi.yaml");
  const std::string page = content_of(root / "gateway/web/page/src/refusal_words.ts");
  int found = 0;
  for (std::sregex_iterator code(codes.begin(), codes.end(), line), end; code != end; ++code) {
    ++found;
    const std::string name = (*code)[1].str();
    EXPECT_NE(described.find("- " + name + "\n"), std::string::npos) << name;
    const std::string key = "  " + name + ": ";
    const auto zh = page.find(key);
    ASSERT_NE(zh, std::string::npos) << name;
    EXPECT_NE(page.find(key, zh + 1), std::string::npos) << name << " in English";
  }
  EXPECT_GE(found, 13);
}

/// Recordings lie in the folder of the driver's name, or of the format that it shares with others.
const std::map<std::string, std::string> shared_recordings{
    {"http_push", "senml"},           {"mqtt_push", "mqtt"},
    {"folder_camera", "timelapse"},   {"push_camera", "timelapse"},
    {"snapshot_camera", "timelapse"}, {"onvif_camera", "onvif"},
    {"rtsp_camera", "timelapse"}};

TEST(Repository, EveryDriverHasARecording) {
  static const std::regex line(R"(DRIVER\((\w+)\))");
  std::istringstream list(content_of(root / "drivers/drivers.def"));
  int drivers = 0;
  for (std::string text; std::getline(list, text);) {
    std::smatch name;
    if (text.rfind("//", 0) == 0 || !std::regex_search(text, name, line)) continue;
    ++drivers;
    if (name[1] == "simulated") continue;  // no bytes: nothing could be recorded
    const auto shared = shared_recordings.find(name[1]);
    const fs::path folder =
        root / "tests/data" / (shared == shared_recordings.end() ? name[1].str() : shared->second);
    ASSERT_TRUE(fs::is_directory(folder)) << name[1] << " has no recording in " << folder;
    EXPECT_FALSE(fs::is_empty(folder)) << folder;
  }
  EXPECT_GE(drivers, 3);
}

/// Else a recording would lie there and hold nothing.
TEST(Repository, EveryRecordingIsPlayed) {
  std::string players;
  for (const fs::path& file : sources_below("tests/drivers"))
    players += content_of(file);
  int folders = 0;
  for (const auto& folder : fs::directory_iterator(root / "tests/data")) {
    const auto entries = fs::directory_iterator(folder);
    const bool has_recordings = std::any_of(begin(entries), end(entries), [](const auto& file) {
      return file.path().extension() == ".log";
    });
    if (!has_recordings) continue;
    ++folders;
    const std::string name = folder.path().filename().string();
    EXPECT_NE(players.find("play_all(\"" + name + "\""), std::string::npos)
        << "nothing in tests/drivers plays the recordings of tests/data/" << name;
  }
  EXPECT_GE(folders, 4);
}

TEST(Repository, LinksInTheDocumentsResolve) {
  static const std::regex link(R"(\]\(([^)#:]+)(#[^)]*)?\))");
  for (const char* name : {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"}) {
    ASSERT_TRUE(fs::exists(root / name)) << name;
    const std::string text = content_of(root / name);
    for (std::sregex_iterator match(text.begin(), text.end(), link), end; match != end; ++match) {
      EXPECT_TRUE(fs::exists(root / (*match)[1].str())) << name << " points to " << (*match)[1];
    }
  }
}

TEST(Repository, ReadmeOpensWithTheTwoCommands) {
  const std::string text = content_of(root / "README.md").substr(0, 2500);
  EXPECT_NE(text.find("script/demo"), std::string::npos);
  EXPECT_NE(text.find("script/test"), std::string::npos);
}

}  // namespace
