// What `jieding check --deep` makes of what the kernel tells of a disk.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>

#include "gateway/commands/deep_check.hpp"

namespace jieding::commands {
namespace {

namespace fs = std::filesystem;

/// A state folder, and a /sys in which it lies on the first partition of an eMMC.
class DiskCheck : public ::testing::Test {
 protected:
  DiskCheck() {
    std::string name = fs::temp_directory_path() / "jieding-disk-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    fs::create_directories(state());
    fs::create_directories(emmc() / "device");
    fs::create_directories(emmc() / "mmcblk0p1");
    fs::create_directories(sys() / "dev/block");
    fs::create_directories(sys() / "fs/ext4/mmcblk0p1");
    struct stat about {};
    ::stat(state().c_str(), &about);
    fs::create_symlink(emmc() / "mmcblk0p1", sys() / "dev/block" /
                                                 (std::to_string(major(about.st_dev)) + ":" +
                                                  std::to_string(minor(about.st_dev))));
    told("0x01 0x02", "0");
  }
  ~DiskCheck() override { fs::remove_all(folder_); }

  fs::path state() const { return folder_ / "state"; }
  fs::path sys() const { return folder_ / "sys"; }
  fs::path emmc() const { return sys() / "devices/mmc0/mmcblk0"; }

  void told(const std::string& life_time, const std::string& errors) const {
    std::ofstream(emmc() / "device/life_time") << life_time << '\n';
    std::ofstream(sys() / "fs/ext4/mmcblk0p1/errors_count") << errors << '\n';
  }
  std::string said() {
    ::testing::internal::CaptureStdout();
    Findings findings;
    check_disk(findings, state(), sys());
    all_fine_ = findings.all_fine();
    return ::testing::internal::GetCapturedStdout();
  }
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  fs::path folder_;
  bool all_fine_ = false;
};

TEST_F(DiskCheck, ASoundDiskIsFine) {
  const std::string text = said();
  EXPECT_TRUE(has(text, " MB/s, a commit takes ")) << text;
  EXPECT_TRUE(has(text, "ok    disk: 20 % of its life is used")) << text;
  EXPECT_TRUE(has(text, "ok    disk: its file system has met no error")) << text;
  EXPECT_TRUE(all_fine_);
}

TEST_F(DiskCheck, AWornDiskIsToBeReplacedWhicheverOfItsMemoriesIsWorn) {
  for (const char* life : {"0x0b 0x01", "0x01 0x09"}) {
    told(life, "0");
    const std::string text = said();
    EXPECT_TRUE(has(text, "BAD   disk: ")) << text;
    EXPECT_TRUE(has(text, "replace it, after `jieding ledger export`")) << text;
    EXPECT_FALSE(all_fine_);
  }
}

TEST_F(DiskCheck, ErrorsOfTheFileSystemAreBad) {
  told("0x01 0x01", "3");
  const std::string text = said();
  EXPECT_TRUE(has(text, "BAD   disk: its file system has met 3 errors")) << text;
  EXPECT_FALSE(all_fine_);
}

TEST_F(DiskCheck, NothingIsSaidOfWhatTheKernelDoesNotTell) {
  told("0x00 0x00", "0");
  fs::remove_all(sys() / "fs");
  const std::string text = said();
  EXPECT_FALSE(has(text, "life")) << text;
  EXPECT_FALSE(has(text, "file system")) << text;
  fs::remove_all(sys());
  EXPECT_FALSE(has(said(), "life"));
}

TEST_F(DiskCheck, AStateFolderThatTakesNoWritesIsBad) {
  // As on a file system that went read-only: not even root may write to /proc.
  ::testing::internal::CaptureStdout();
  Findings findings;
  check_disk(findings, "/proc/self", sys());
  EXPECT_TRUE(has(::testing::internal::GetCapturedStdout(), "takes no writes"));
  EXPECT_FALSE(findings.all_fine());
}

}  // namespace
}  // namespace jieding::commands
