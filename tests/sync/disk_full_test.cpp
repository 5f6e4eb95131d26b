// A disk that runs full, for real: a small tmpfs. Needs the right to mount (root or a user
// namespace).

#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>

#include "sync/ledger_check.hpp"
#include "sync/store.hpp"
#include "tests/sync/fixture.hpp"
#include "tests/sync/loop.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;
using test::pm10;
using test::topping_out;

/// A mounted tmpfs of a few MB; empty path when the machine does not let us.
class SmallDisk {
 public:
  explicit SmallDisk(const char* size) {
    if (mount(size)) return;
    const auto user = ::getuid();
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return;
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
    mount(size);
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  const std::filesystem::path& path() const { return folder_.path(); }
  std::uint64_t free_bytes() const {
    struct statvfs room {};
    ::statvfs(path().c_str(), &room);
    return room.f_bavail * room.f_frsize;
  }
  void fill_up() const {
    std::ofstream filler(path() / "filler", std::ios::binary);
    const std::string block(4096, 'f');
    while (filler.write(block.data(), std::streamsize(block.size())).flush()) {
    }
  }
  void make_room() const { std::filesystem::remove(path() / "filler"); }

 private:
  bool mount(const char* size) {
    const std::string options = std::string("size=") + size;
    mounted_ = ::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, options.c_str()) == 0;
    return mounted_;
  }
  test::TempFolder folder_;
  bool mounted_ = false;
};

class DiskFull : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.mounted())
      GTEST_SKIP() << "no small disk: mounting a tmpfs is not permitted: " << std::strerror(errno);
    open();
  }
  void open() {
    Store::Options options;
    options.state = disk_.path() / "state";
    options.site = "hz-demo";
    options.gateway = "gw1";
    options.keep_free_mb = 2;
    options.reserve_bytes = 1 << 20;
    store_.reset();
    store_ = good(Store::open(loop_.executor(), options));
  }
  Result<Accepted> send(int number) {
    Batch batch;
    for (int i = 0; i < 200; ++i)
      batch.push_back(pm10(i, minute(number * 200 + i)));
    return loop_.run(store_->readings(std::move(batch)));
  }
  Result<Recorded> claim(int number) {
    return loop_.run(
        store_->statement(topping_out(Act::Claim, Owner::Contractor,
                                      "hoist-" + std::to_string(number), minute(number)),
                          {}));
  }
  std::int64_t stored() {
    std::function<Result<std::int64_t>(Database&)> work = [](Database& db) {
      return db.integer("select count(*) from reading", -1);
    };
    return good(loop_.run(store_->journal().read<std::int64_t>(work)));
  }
  bool reserve_there() const { return std::filesystem::exists(disk_.path() / "state" / "reserve"); }

  SmallDisk disk_{"16m"};
  test::Loop loop_;
  std::unique_ptr<Store> store_;
};

TEST_F(DiskFull, ReadingsAreRefusedMilestonesStillGoAndAllRecovers) {
  good(send(0));
  good(claim(0));
  EXPECT_TRUE(reserve_there());

  disk_.fill_up();
  std::this_thread::sleep_for(
      std::chrono::milliseconds(300));  // what was asked is 250 ms old at most
  const std::int64_t before = stored();
  const Result<Accepted> refused = send(1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), Fault::Full);
  EXPECT_NE(refused.error().text().find("keep_free_mb"), std::string::npos);
  FrameCommit frame;
  frame.camera = "mast";
  frame.report.pictures = {{"masked", "", "jpeg"}};
  EXPECT_EQ(loop_.run(store_->frame(frame)).error().kind(), Fault::Full);
  EXPECT_EQ(stored(), before) << "refused means: nothing stored";

  for (int i = 1; i <= 150; ++i) {
    const Result<Recorded> recorded = claim(i);
    ASSERT_TRUE(recorded) << i << ": " << recorded.error().text();
  }
  EXPECT_FALSE(reserve_there()) << "it was given up for the milestones";
  EXPECT_FALSE(send(1));

  disk_.make_room();
  std::this_thread::sleep_for(
      std::chrono::milliseconds(2500));  // low-water cache, then the reserve
  EXPECT_EQ(good(send(1)).stored, 200u);
  EXPECT_TRUE(reserve_there());
  open();
  EXPECT_EQ(stored(), before + 200);
  std::function<Result<int>(Database&)> verify = [](Database& db) -> Result<int> {
    if (auto verified = ledger::check(db, nullptr); !verified) return verified.error();
    return 0;
  };
  good(loop_.run(store_->journal().read<int>(verify)));
  EXPECT_EQ(store_->checkpoint().size, 151u);
}

TEST_F(DiskFull, FullDiskWithoutLowWaterMarkIsAClearError) {
  good(send(0));
  std::function<Result<int>(Database&)> huge = [](Database& db) -> Result<int> {
    const std::string words(24 << 20, 'x');
    if (auto done = db.run("insert into private_text values ('a', ?, 0)", words); !done)
      return done.error();
    return 0;
  };
  const Result<int> refused = loop_.run(store_->journal().write<int>(huge));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), Fault::Full) << refused.error().text();
  // The log has grown over the whole disk; housekeeping cuts it back.
  Result<Accepted> again = send(1);
  for (int i = 0; i < 100 && !again; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    again = send(1);
  }
  EXPECT_EQ(good(again).stored, 200u);
  good(claim(0));
  EXPECT_EQ(stored(), 400);
}

}  // namespace
}  // namespace jieding::sync
