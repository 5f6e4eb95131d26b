#include "gateway/runtime/new_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace jieding {
namespace {

namespace fs = std::filesystem;

class NewFileTest : public ::testing::Test {
 protected:
  NewFileTest() : folder_(fs::temp_directory_path() / ("new-file-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~NewFileTest() override { fs::remove_all(folder_); }
  std::string content() const {
    std::ifstream in(folder_ / "out");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::ptrdiff_t files() const {
    return std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  }
  void write(bool replace, std::string_view bytes) const {
    auto file = NewFile::begin(folder_ / "out", replace);
    ASSERT_TRUE(file) << file.error().text();
    ASSERT_TRUE(file->write_at(0, bytes));
    ASSERT_TRUE(file->finish());
  }

  fs::path folder_;
};

TEST_F(NewFileTest, AppearsOnlyWhenFinished) {
  auto file = NewFile::begin(folder_ / "out", false);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write_at(4, "film"));
  ASSERT_TRUE(file->write_at(0, "head"));
  EXPECT_FALSE(fs::exists(folder_ / "out"));
  ASSERT_TRUE(file->finish());
  EXPECT_EQ(content(), "headfilm");
  EXPECT_EQ(files(), 1);
}

TEST_F(NewFileTest, UnfinishedOneLeavesNothing) {
  { ASSERT_TRUE(NewFile::begin(folder_ / "out", false)); }
  EXPECT_EQ(files(), 0);
}

TEST_F(NewFileTest, WhatIsThereIsReplacedOnlyWhenAsked) {
  write(false, "first");
  const auto second = NewFile::begin(folder_ / "out", false);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind(), Fault::Conflict);
  write(true, "third");
  EXPECT_EQ(content(), "third");
}

TEST_F(NewFileTest, WhatIsNoFileIsNeverReplaced) {
  ASSERT_EQ(::mkfifo((folder_ / "out").c_str(), 0600), 0);
  const auto file = NewFile::begin(folder_ / "out", true);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind(), Fault::Conflict);
  EXPECT_TRUE(fs::is_fifo(folder_ / "out"));
}

TEST_F(NewFileTest, WhatCameMeanwhileIsNotReplaced) {
  auto file = NewFile::begin(folder_ / "out", false);
  ASSERT_TRUE(file);
  std::ofstream(folder_ / "out") << "theirs";
  const auto finished = file->finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind(), Fault::Conflict);
  EXPECT_EQ(content(), "theirs");
}

TEST_F(NewFileTest, FolderThatIsNotThereIsOneLine) {
  const auto file = NewFile::begin(folder_ / "nowhere" / "out", false);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().text().find('\n'), std::string::npos);
}

}  // namespace
}  // namespace jieding
