#include "gateway/gateway_intake.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <fstream>
#include <iterator>

#include "gateway/vision_process.hpp"
#include "sync/file_system.hpp"
#include "tests/sync/fixture.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// The machine's disk, which can be slow or full.
class Disk final : public sync::FileSystem {
 public:
  std::atomic<bool> slow = false;  ///< writing waits until it is not
  std::atomic<bool> full = false;
  std::atomic<bool> writing = false;  ///< is or was waited for

  Result<void> write_synced(const fs::path& path, std::string_view bytes) override {
    writing = true;
    slow.wait(true);
    if (full) return Error(Fault::Full, "no room");
    return real_.write_synced(path, bytes);
  }
  Result<bool> create_directory(const fs::path& path) override {
    return real_.create_directory(path);
  }
  Result<void> rename(const fs::path& from, const fs::path& to) override {
    return real_.rename(from, to);
  }
  Result<void> sync_directory(const fs::path& path) override { return real_.sync_directory(path); }
  Result<std::string> read(const fs::path& path) override { return real_.read(path); }
  Result<void> remove(const fs::path& path) override { return real_.remove(path); }
  Result<std::vector<std::string>> list(const fs::path& path) override { return real_.list(path); }

 private:
  sync::FileSystem& real_ = sync::real_files();
};

config::Config site_a() {
  config::Complaints complaints;
  return config::load(fs::path(JIEDING_SITE_A) / "site.toml", {}, {}, complaints).value();
}

Frame picture(const std::string& name) {
  std::ifstream file(fs::path(JIEDING_SITE_A) / "frames" / name, std::ios::binary);
  return {"mast",
          name,
          from_basic_utc(fs::path(name).stem().string()).value(),
          {std::istreambuf_iterator<char>(file), {}}};
}

class GatewayIntakeTest : public testing::Test {
 protected:
  GatewayIntakeTest() {
    sync::Store::Options options;
    options.state = folder_.path();
    options.site = config_.site.id;
    options.gateway = config_.site.gateway;
    options.files = &disk_;
    store_ = sync::Store::open(io_.get_executor(), options).value();
    vision::LinkOptions link;
    link.program = JIEDING_VISION;
    link.cameras = vision_setups(config_);
    link.state_of = [this](const std::string& camera) { return intake_->vision_state(camera); };
    link.first_pause = 1ms;
    link_ = vision::Link::create(io_.get_executor(), std::move(link));
    alerts_ = std::make_unique<GatewayAlerts>(GatewayAlerts::Parts{
        io_.get_executor(), config_, clock_, runtime_clock_, *store_, state_, [] {}});
    intake_ = std::make_unique<GatewayIntake>(
        GatewayIntake::Parts{io_.get_executor(), config_, clock_, nullptr, *store_, link_.get(),
                             state_, *alerts_, [] {}});
  }
  ~GatewayIntakeTest() override {
    link_->stop();
    run_for(100ms);
    store_->close();
    run_for(100ms);
  }

  std::future<Result<FrameAccepted>> offer(Frame frame) {
    return asio::co_spawn(io_, intake_->frame(std::move(frame)), asio::use_future);
  }
  Result<FrameAccepted> wait(std::future<Result<FrameAccepted>> answer) {
    while (answer.wait_for(0s) != std::future_status::ready)
      run_for(10ms);
    return answer.get();
  }
  Result<FrameAccepted> offer_and_wait(Frame frame) { return wait(offer(std::move(frame))); }
  void run_for(std::chrono::milliseconds time) {
    io_.restart();
    io_.run_for(time);
  }

  sync::test::TempFolder folder_;
  Disk disk_;
  asio::io_context io_;
  config::Config config_ = site_a();
  PlaybackClock clock_{Instant{}};
  RuntimeClock runtime_clock_;
  SiteState state_{config_, clock_};
  std::unique_ptr<sync::Store> store_;
  std::shared_ptr<vision::Link> link_;
  std::unique_ptr<GatewayAlerts> alerts_;
  std::unique_ptr<GatewayIntake> intake_;
};

TEST_F(GatewayIntakeTest, VisionBegunAnewDuringACommitKnowsItsFrame) {
  disk_.writing = false;
  disk_.slow = true;
  auto first = offer(picture("20240325T022400Z.jpg"));
  while (!disk_.writing)
    run_for(10ms);
  const std::string state = intake_->vision_state("mast");
  EXPECT_FALSE(state.empty()) << "another camera's picture may start the process now";
  disk_.slow = false;
  disk_.slow.notify_all();
  EXPECT_TRUE(wait(std::move(first)));
  EXPECT_TRUE(intake_->vision_state("mast") == state);
}

TEST_F(GatewayIntakeTest, FrameThatWasNotKeptIsSeenForTheFirstTimeAgain) {
  ASSERT_TRUE(offer_and_wait(picture("20240325T022400Z.jpg")));
  const std::string state = intake_->vision_state("mast");
  disk_.full = true;
  EXPECT_EQ(offer_and_wait(picture("20240405T060600Z.jpg")).error().kind(), Fault::Full);
  EXPECT_TRUE(intake_->vision_state("mast") == state);
  disk_.full = false;
  const auto again = offer_and_wait(picture("20240405T060600Z.jpg"));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->reasons, "") << "not frozen";
}

}  // namespace
}  // namespace jieding
