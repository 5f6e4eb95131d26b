#include "firmware-tools/recording.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "firmware-tools/recording_file.hpp"

namespace jieding::tools {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

std::string written(const std::vector<Event>& events) {
  std::string text = first_line() + header_line("device", "dust station");
  for (const Event& event : events)
    text += event_line(event);
  return text;
}

std::string complaint_about(const std::string& lines) {
  const auto read = parse_recording(first_line() + lines);
  return read ? "nothing" : read.error().text();
}

TEST(Recording, EveryByteComesBackAsItWas) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    all += static_cast<char>(byte);
  std::string frame = "##0101QN=1;CP=&&\"\\\t&&1C80\r\n";
  frame += '\0';  // among so much text it stays text
  const std::vector<Event> events{{0ms, Happening::Opened, ""},
                                  {12ms, Happening::FromDevice, all},
                                  {12'345ms, Happening::ToDevice, frame},
                                  {std::nullopt, Happening::FromDevice, ""},
                                  {3'600'000ms, Happening::Closed, ""}};
  const auto read = parse_recording(written(events));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->events, events);
  EXPECT_EQ(read->value("device"), "dust station");
  EXPECT_FALSE(read->torn);
}

TEST(Recording, TextIsWrittenAsTextAndBytesAsBytes) {
  EXPECT_EQ(event_line({1500ms, Happening::FromDevice, "##0101QN\r\n"}),
            "1.500 < \"##0101QN\\r\\n\"\n");
  EXPECT_EQ(event_line({std::nullopt, Happening::ToDevice, std::string("\x01\x03\x00\xff", 4)}),
            "- > 01 03 00 ff\n");
}

TEST(Recording, TornLastLineIsLeftOutAndTold) {
  const std::string whole = written({{1ms, Happening::FromDevice, "first"}});
  const std::string last = event_line({2ms, Happening::FromDevice, "second"});
  for (std::size_t kept = 1; kept < last.size(); ++kept) {
    const auto read = parse_recording(whole + last.substr(0, kept));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_TRUE(read->torn);
    ASSERT_EQ(read->events.size(), 1);
    EXPECT_EQ(read->events.front().bytes, "first");
  }
}

TEST(Recording, WhatIsWrongIsToldWithItsLine) {
  EXPECT_FALSE(parse_recording(""));
  EXPECT_THAT(parse_recording("# hj212\n").error().text(), HasSubstr("line 1"));
  EXPECT_THAT(complaint_about("device: x\n1.000 < \"open\n"), HasSubstr("line 3"));
  EXPECT_THAT(complaint_about("1.000 < \"a\\q\"\n"), HasSubstr("escape"));
  EXPECT_THAT(complaint_about("1.000 < 0g\n"), HasSubstr("hexadecimal"));
  EXPECT_THAT(complaint_about("1.000 < 012\n"), HasSubstr("hexadecimal"));
  EXPECT_THAT(complaint_about("1.000 ? 01\n"), HasSubstr("offset stands"));
  EXPECT_THAT(complaint_about("1.000 <\n"), HasSubstr("offset stands"));
  EXPECT_THAT(complaint_about("1.000 = gone\n"), HasSubstr("opened or closed"));
  EXPECT_THAT(complaint_about("1.5 < 01\n"), HasSubstr("12.345"));
  EXPECT_THAT(complaint_about("99999999999.000 < 01\n"), HasSubstr("12.345"));
  EXPECT_THAT(complaint_about("Device x\n"), HasSubstr("KEY: VALUE"));
  EXPECT_THAT(complaint_about("- < 01\ndevice: x\n"), HasSubstr("on top"));
  EXPECT_THAT(complaint_about("2.000 < 01\n1.999 < 01\n"), HasSubstr("earlier"));
  EXPECT_THAT(complaint_about("- < " + std::string(longest_line, '0') + "\n"), HasSubstr("64 KiB"));
  EXPECT_EQ(complaint_about("# a comment\n\n- < 01\n# another\n- > 02\n"), "nothing");
}

TEST(Recording, HeaderValueStaysOneLine) {
  const auto read = parse_recording(first_line() + header_line("who", "a\n1.000 < 01\r"));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->value("who"), "a 1.000 < 01 ");
  EXPECT_TRUE(read->events.empty());
}

class RecordingFileTest : public testing::Test {
 protected:
  RecordingFileTest() { fs::remove(path_); }
  ~RecordingFileTest() override { fs::remove(path_); }
  fs::path path_ =
      fs::path(testing::TempDir()) / ("recording-" + std::to_string(::getpid()) + ".log");
};

TEST_F(RecordingFileTest, NothingIsOverwrittenUnasked) {
  std::ofstream(path_) << "precious";
  const auto refused = RecordingFile::create(path_, false, 1000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), Fault::Conflict);
  EXPECT_EQ(fs::file_size(path_), 8);
  auto replaced = RecordingFile::create(path_, true, 1000);
  ASSERT_TRUE(replaced) << replaced.error().text();
  ASSERT_TRUE(replaced->append(first_line()));
  EXPECT_TRUE(read_recording(path_));
}

TEST_F(RecordingFileTest, GrowsNoLargerThanItMay) {
  auto file = RecordingFile::create(path_, false, 64);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->append(first_line()));
  Result<void> appended;
  while (appended)
    appended = file->append("- < 01\n");
  EXPECT_EQ(appended.error().kind(), Fault::TooMuch);
  EXPECT_LE(fs::file_size(path_), 64);
  const auto read = read_recording(path_);
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->torn);
}

}  // namespace
}  // namespace jieding::tools
