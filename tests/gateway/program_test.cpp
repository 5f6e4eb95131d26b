#include "gateway/runtime/program.hpp"

#include <gtest/gtest.h>

namespace jieding {
namespace {

using namespace std::chrono_literals;

ProgramEnd shell(const std::string& script) {
  const auto ended = run_program({"/bin/sh", "-c", script}, 20s);
  EXPECT_TRUE(ended) << ended.error().text();
  return ended ? *ended : ProgramEnd{};
}

/// RAUC writes JSON and notes: who reads the one must not stumble over the other.
TEST(Program, WhatItSaysAndWhatItComplainsOfAreKeptApart) {
  const ProgramEnd ended = shell("echo said; echo complained >&2; exit 3");
  EXPECT_EQ(ended.output, "said\n");
  EXPECT_EQ(ended.complaints, "complained\n");
  EXPECT_EQ(ended.status, 3);
}

TEST(Program, MoreThanIsKeptIsReadAllTheSame) {
  const ProgramEnd ended = shell("yes | head -c 300000; yes | head -c 300000 >&2; echo end >&2");
  EXPECT_EQ(ended.output.size(), 64u * 1024);
  EXPECT_EQ(ended.complaints.size(), 64u * 1024);
  EXPECT_EQ(ended.status, 0);
}

TEST(Program, OneThatHangsIsEndedWithWhatItStarted) {
  const auto ended = run_program({"/bin/sh", "-c", "sleep 600 & sleep 600"}, 100ms);
  ASSERT_FALSE(ended);
  EXPECT_NE(ended.error().text().find("took too long"), std::string::npos);
}

TEST(Program, WholeLinesAreHeardAsTheyCome) {
  std::vector<std::string> heard;
  ProgramWatch watch;
  watch.line = [&](std::string_view line) { heard.emplace_back(line); };
  const auto ended =
      run_program({"/bin/sh", "-c", "printf 'one\ntw'; printf 'o\nrest'; echo no >&2"}, 20s, watch);
  ASSERT_TRUE(ended) << ended.error().text();
  EXPECT_EQ(heard, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(ended->output, "one\ntwo\nrest");
}

TEST(Program, ToldToStopItEndsLongBeforeItsTime) {
  std::stop_source stop;
  ProgramWatch watch;
  watch.stop = stop.get_token();
  watch.line = [&](std::string_view) { stop.request_stop(); };
  const auto ended = run_program({"/bin/sh", "-c", "echo begun; sleep 600"}, 500s, watch);
  ASSERT_FALSE(ended);
  EXPECT_NE(ended.error().text().find("told to stop"), std::string::npos);
}

TEST(Program, ItBeginsWithThreeDescriptorsAndNoInput) {
  // One more than three: that with which `ls` reads the folder.
  EXPECT_EQ(shell("ls /proc/self/fd | wc -l").output, "4\n");
  EXPECT_EQ(shell("cat; echo end").output, "end\n");
}

TEST(Program, OneThatIsNotThereIsNamed) {
  const auto ended = run_program({"/no/such"}, 1s);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().text(), "start /no/such: No such file or directory");
}

}  // namespace
}  // namespace jieding
