// What an installer writes down, and what becomes of it.

#include "config/answers.hpp"

#include <gmock/gmock.h>

namespace {

using namespace jieding;
using ::testing::HasSubstr;
using ::testing::Not;

config::Complaints complaints_about(const std::string& text) {
  config::Complaints complaints;
  (void)config::read_answers(text, "answers.toml", complaints);
  return complaints;
}

std::string completed(const std::string& text) {
  config::Complaints complaints;
  const auto answers = config::read_answers(text, "answers.toml", complaints);
  EXPECT_TRUE(answers) << (complaints.empty() ? "" : complaints.front());
  return answers ? answers->configuration : "";
}

constexpr auto box = "[box]\nnames = [\"a.example\"]\n";

TEST(Answers, WhatTheBoxDecidesIsFilledIn) {
  const std::string text = completed(std::string(box) + "[site]\nid = \"x\"\n");
  EXPECT_THAT(text, HasSubstr("\n[storage]\nstate = \"state\"\n"));
  EXPECT_THAT(text, HasSubstr("\n[web]\nlisten = \"0.0.0.0:8443\"\n"));
  EXPECT_THAT(text, HasSubstr("tls_key = \"tls/box.key\"\n"));
}

TEST(Answers, ASectionThatIsThereIsAddedTo) {
  const std::string text = completed(std::string(box) + "[web]   # mine\nopen_to_viewers = true\n");
  EXPECT_THAT(text, HasSubstr("[web]   # mine\nlisten = "));
  EXPECT_THAT(text, HasSubstr("\nopen_to_viewers = true\n"));
  EXPECT_EQ(text.find("[web]"), text.rfind("[web]"));
}

TEST(Answers, CommentsStayAndTheBoxSectionBecomesOne) {
  const std::string text =
      completed("# of the east gate\n[box]\nnames = [\"a.example\",\n  \"10.0.0.1\"]\n[site]\n");
  EXPECT_THAT(text, HasSubstr("# of the east gate\n# [box]\n# names = [\"a.example\",\n#   \"10"));
  EXPECT_THAT(text, HasSubstr("\n[site]\n"));
}

TEST(Answers, WhatTheBoxDecidesNobodyElseMay) {
  const auto wrong = complaints_about(std::string(box) + "[web]\nlisten = \"0.0.0.0:1\"\n");
  ASSERT_EQ(wrong.size(), 1U);
  EXPECT_THAT(wrong[0], HasSubstr("answers.toml:4: web.listen"));
}

TEST(Answers, NamesMustBeNames) {
  for (const char* names : {"[]", "[\"\"]", "[\"a b\"]", "[\"a,DNS:b\"]", "[\"-a\"]", "\"a\"", "3"})
    EXPECT_EQ(complaints_about("[box]\nnames = " + std::string(names) + "\n").size(), 1U) << names;
}

TEST(Answers, ASectionMustBeWrittenAsOne) {
  const auto wrong = complaints_about("web = { open_to_viewers = true }\n" + std::string(box));
  ASSERT_EQ(wrong.size(), 1U);
  EXPECT_THAT(wrong[0], HasSubstr("write [web] on a line of its own"));
}

TEST(Answers, AFileWithoutABoxIsNone) {
  EXPECT_THAT(complaints_about("[site]\nid = \"x\"\n").at(0), HasSubstr("box"));
  EXPECT_THAT(complaints_about("[box]\n").at(0), HasSubstr("names"));
  EXPECT_THAT(complaints_about("[box").at(0), HasSubstr("not TOML"));
}

}  // namespace
