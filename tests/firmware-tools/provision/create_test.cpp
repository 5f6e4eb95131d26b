// A box is made whole or not at all, wherever it is stopped.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "firmware-tools/provision/box.hpp"
#include "firmware-tools/provision/commands.hpp"
#include "sync/ledger_key.hpp"

namespace {

using namespace jieding;
namespace fs = std::filesystem;
namespace provision = tools::provision;

/// Kills the process before one step, or after it.
class KillingFiles final : public sync::FileSystem {
 public:
  explicit KillingFiles(int steps) : left_(steps) {}

  Result<bool> create_directory(const fs::path& path) override {
    step();
    return sync::real_files().create_directory(path);
  }
  Result<void> write_synced(const fs::path& path, std::string_view bytes) override {
    step();
    if (auto half = sync::real_files().write_synced(path, bytes.substr(0, bytes.size() / 2)); !half)
      return half;
    step();
    return sync::real_files().write_synced(path, bytes);
  }
  Result<void> rename(const fs::path& from, const fs::path& to) override {
    step();
    auto done = sync::real_files().rename(from, to);
    step();
    return done;
  }
  Result<void> exchange(const fs::path& one, const fs::path& other) {
    step();
    auto done = provision::exchange(one, other);
    step();
    return done;
  }
  Result<void> sync_directory(const fs::path& path) override {
    step();
    return sync::real_files().sync_directory(path);
  }
  Result<std::string> read(const fs::path& path) override { return sync::real_files().read(path); }
  Result<void> remove(const fs::path& path) override {
    step();
    return sync::real_files().remove(path);
  }
  Result<std::vector<std::string>> list(const fs::path& path) override {
    return sync::real_files().list(path);
  }

 private:
  void step() {
    if (left_-- == 0) ::raise(SIGKILL);
  }
  int left_;
};

class Create : public ::testing::Test {
 protected:
  Create() {
    std::string name = fs::temp_directory_path() / "jieding-provision-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    std::ofstream(folder_ / "answers.toml") << R"([box]
names = ["127.0.0.1"]
[site]
id = "x"
[[device]]
id = "hoist-1"
driver = "http"
token_file = "secrets/hoist-1.token"
[[user]]
id = "wang"
role = "group"
)";
  }
  ~Create() override { fs::remove_all(folder_); }

  fs::path box() const { return folder_ / "box"; }
  Result<void> create(bool force = false) const {
    return provision::create({folder_ / "answers.toml", box(), "", force, false});
  }

  /// In a process of its own, killed at the given step. True: it came to its end before.
  bool create_killed_at(int step, bool force = false) const {
    const pid_t child = ::fork();
    if (child == 0) {
      KillingFiles files(step);
      const auto exchange = [&files](const fs::path& one, const fs::path& other) {
        return files.exchange(one, other);
      };
      const auto done =
          provision::create({folder_ / "answers.toml", box(), "", force, false}, files, exchange);
      ::_exit(done ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  static bool whole(const fs::path& folder) {
    const provision::Box box(folder);
    const auto config = box.load();
    if (!config) return false;
    for (const fs::path& file :
         {config->web.tls_certificate, config->web.tls_key, config->devices.at(0).token_file,
          box.sheet_page(), sync::database_file(box.state())}) {
      if (!fs::exists(file) || fs::file_size(file) == 0) return false;
    }
    return sync::load_signer(sync::key_file(box.state()), "x").has_value();
  }

  static std::string key_of(const fs::path& folder) {
    return sync::real_files().read(sync::key_file(provision::Box(folder).state())).value();
  }
  /// How many whole boxes with this key lie beside the place.
  int aside_with(const std::string& key) const {
    int found = 0;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      const bool aside = entry.path().filename().string().starts_with("box.before-");
      found += aside && key_of(entry.path()) == key && whole(entry.path()) ? 1 : 0;
    }
    return found;
  }

  fs::path folder_;
};

TEST_F(Create, KilledAtAnyStepThereIsNoBoxOrAWholeOne) {
  int step = 0;
  for (; !create_killed_at(step); ++step) {
    ASSERT_LT(step, 1000);
    EXPECT_TRUE(!fs::exists(box()) || whole(box())) << "killed at step " << step;
    fs::remove_all(box());
  }
  EXPECT_TRUE(whole(box()));
  EXPECT_FALSE(fs::exists(folder_ / "box.part"));
  EXPECT_GT(step, 30);
}

TEST_F(Create, KilledAtAnyStepABoxIsAtItsPlaceAndTheOneThatWasThereIsKept) {
  ASSERT_TRUE(create());
  int exchanged = 0;
  for (int step = 0;; ++step) {
    ASSERT_LT(step, 1000);
    const std::string before = key_of(box());
    const bool ended = create_killed_at(step, true);
    ASSERT_TRUE(whole(box())) << "killed at step " << step;
    exchanged += key_of(box()) != before ? 1 : 0;
    if (ended) break;
    // Called again it puts both aside, or one, and leaves nothing half.
    ASSERT_TRUE(create(true)) << "after a kill at step " << step;
    ASSERT_TRUE(whole(box()));
    ASSERT_FALSE(fs::exists(folder_ / "box.part"));
    ASSERT_EQ(aside_with(before), 1) << "killed at step " << step;
  }
  EXPECT_GT(exchanged, 2) << "also killed between the exchange and the end";
}

/// Where names cannot be exchanged, the box that is there stays as it is.
TEST_F(Create, AFileSystemThatExchangesNoNamesKeepsTheBoxThatIsThere) {
  const auto cannot = [](const fs::path&, const fs::path&) {
    return Error{Fault::Internal, "exchange: Invalid argument"};
  };
  ASSERT_TRUE(create());
  const std::string before = key_of(box());
  const auto done = provision::create({folder_ / "answers.toml", box(), "", true, false},
                                      sync::real_files(), cannot);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().text().find("move it away by hand"), std::string::npos);
  EXPECT_EQ(key_of(box()), before);
  EXPECT_TRUE(whole(box()));
  EXPECT_FALSE(fs::exists(box() / "put-aside"));
  EXPECT_FALSE(fs::exists(folder_ / "box.part"));
}

TEST_F(Create, ABoxThatIsThereIsLeftAlone) {
  ASSERT_TRUE(create());
  const std::string key = key_of(box());
  const auto again = create();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind(), Fault::Conflict);
  EXPECT_EQ(key_of(box()), key);
}

TEST_F(Create, ABoxThatRunsIsNotPutAside) {
  ASSERT_TRUE(create());
  const auto running = sync::StateLock::take(provision::Box(box()).state());
  ASSERT_TRUE(running);
  EXPECT_FALSE(create(true));
  EXPECT_TRUE(whole(box()));
}

TEST_F(Create, NobodyElseMayReadIt) {
  ASSERT_TRUE(create());
  EXPECT_EQ(fs::status(box()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(provision::Box(box()).key()).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Create, ASecretThatNobodyBroughtIsAskedFor) {
  std::ofstream(folder_ / "answers.toml", std::ios::app)
      << "[uplink]\nuser = \"a\"\npassword_file = \"secrets/mqtt.password\"\n";
  const auto done = create();
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().text().find("secrets/mqtt.password"), std::string::npos);
  EXPECT_FALSE(fs::exists(box()));
}

}  // namespace
