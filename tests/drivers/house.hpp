#pragma once
// A gateway that only pretends: what drivers hand in is kept, and acknowledged when the test says.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "drivers/digest.hpp"
#include "drivers/driver.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers::test {

/// What a camera sends: a JPEG's marks around a few words.
inline const std::string picture = "\xFF\xD8\xFF a picture \xFF\xD9";

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;

inline constexpr Instant noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 15} + 4h;

/// Commits at once, or holds every completion back until `release`.
class FakeIntake : public Intake {
 public:
  explicit FakeIntake(asio::any_io_executor io)
      : gate_(io, asio::steady_timer::time_point::max()) {}

  asio::awaitable<Result<Accepted>> readings(Batch batch) override {
    ++arrived;
    co_await pass_gate();
    if (fault) co_return *fault;
    Accepted accepted;
    for (const Reading& each : batch) {
      const auto identity =
          std::tuple(each.device, each.quantity, to_text(each.statistic), each.device_time);
      const auto [known, added] = identities_.emplace(identity, each.value);
      ++(added                         ? accepted.stored
         : known->second == each.value ? accepted.repeated
                                       : accepted.conflicting);
    }
    batches.push_back(std::move(batch));
    co_return accepted;
  }
  asio::awaitable<Result<Accepted>> readings_once(Batch batch, OnceKey key) override {
    const auto known = once.find(key.device + " " + key.key);
    if (known != once.end()) {
      if (known->second.first == key.fingerprint) co_return known->second.second;
      co_return Error{Fault::Conflict, "another request"};
    }
    const auto accepted = co_await readings(std::move(batch));
    if (accepted) once[key.device + " " + key.key] = {key.fingerprint, *accepted};
    co_return accepted;
  }
  asio::awaitable<Result<DocumentKept>> document(Document document) override {
    co_await pass_gate();
    if (fault) co_return *fault;
    const DocumentKept kept{sha256_hex(document.bytes), true};
    documents.push_back(std::move(document));
    co_return kept;
  }
  asio::awaitable<Result<FrameAccepted>> frame(Frame frame) override {
    ++arrived;
    co_await pass_gate();
    if (frame_fault) {
      if (auto wrong = frame_fault(frame)) co_return *wrong;
    }
    last[frame.camera] = frame.name;
    const FrameAccepted accepted{frame_reasons.empty(), frame_reasons, "e1", frame.taken};
    answers_[{frame.camera, frame.name}] = accepted;
    frames.push_back(std::move(frame));
    co_return accepted;
  }
  asio::awaitable<Result<std::optional<FrameAccepted>>> frame_answer(std::string camera,
                                                                     std::string name) override {
    const auto found = answers_.find({camera, name});
    std::optional<FrameAccepted> answer;
    if (found != answers_.end()) answer = found->second;
    co_return answer;
  }
  asio::awaitable<Result<ClaimAccepted>> claim(Claim claim) override {
    co_await pass_gate();
    if (fault) co_return *fault;
    claims.push_back(std::move(claim));
    co_return ClaimAccepted{Status::Corroborated, 41};
  }
  void refuse(Refusal refusal) override { refusals.push_back(std::move(refusal)); }
  void health(DeviceHealth health) override { healths.push_back(std::move(health)); }
  void heard(const std::string& device) override { signs_of_life.push_back(device); }
  void count(const std::string& device, const std::string& what) override {
    ++counts[device + " " + what];
  }
  std::string last_frame(const std::string& camera) const override {
    const auto found = last.find(camera);
    return found == last.end() ? "" : found->second;
  }

  void hold() { held_ = true; }
  void release() {
    held_ = false;
    gate_.cancel();
  }
  std::vector<std::string> reasons() const {
    std::vector<std::string> list;
    for (const Refusal& each : refusals)
      list.push_back(each.reason);
    return list;
  }

  std::size_t arrived = 0;
  std::optional<Error> fault;
  std::function<std::optional<Error>(const Frame&)> frame_fault;
  std::string frame_reasons;  ///< what vision says of every picture
  std::vector<Batch> batches;
  std::vector<Frame> frames;
  std::vector<Claim> claims;
  std::vector<Document> documents;
  std::map<std::string, std::pair<std::string, Accepted>> once;  ///< by device and key
  std::vector<Refusal> refusals;
  std::vector<DeviceHealth> healths;
  std::vector<std::string> signs_of_life;
  std::map<std::string, int> counts;  ///< by `device word`
  std::map<std::string, std::string> last;

 private:
  asio::awaitable<void> pass_gate() {
    while (held_)
      co_await gate_.async_wait(as_result);
  }

  asio::steady_timer gate_;
  bool held_ = false;
  std::map<std::tuple<std::string, std::string, std::string, Instant>, double> identities_;
  std::map<std::pair<std::string, std::string>, FrameAccepted> answers_;  ///< by camera and name
};

/// A wall clock that tests set.
class SetClock final : public BusinessClock {
 public:
  Stamp now() const override { return stamp; }
  Stamp stamp{noon, TimeQuality::Synced};
};

/// A folder that goes when the test does.
class Scratch {
 public:
  explicit Scratch(std::string_view name)
      : path_(std::filesystem::temp_directory_path() /
              (std::string(name) + "-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

/// One driver at work in a site that the test configures.
class House {
 public:
  asio::io_context io;
  PlaybackClock clock{noon};
  SetClock wall;
  bool on_wall_clock = false;  ///< else the driver goes by `clock`
  FakeIntake intake{io.get_executor()};
  http::Routes routes;
  config::Config config;

  House() { config.site.id = "hz-demo"; }
  ~House() {
    if (driver_) stop();
  }

  void make(std::string_view name) {
    for (const DriverType* type : registry()) {
      if (type->name == name) {
        const BusinessClock& chosen = on_wall_clock ? static_cast<BusinessClock&>(wall) : clock;
        driver_ = type->make({io.get_executor(), config, chosen, intake, routes});
      }
    }
  }
  void start(std::string_view name) {
    make(name);
    running_ = true;
    asio::co_spawn(io, driver_->run(), [this](std::exception_ptr broken, Result<void> result) {
      EXPECT_FALSE(broken);
      outcome = std::move(result);
    });
    io.restart();
    io.poll();  // as far as it comes without waiting, however busy the machine
  }
  void stop() {
    intake.release();
    driver_->stop();
    EXPECT_TRUE(!running_ || until([this] { return outcome.has_value(); }));
    driver_.reset();
  }
  Driver& driver() { return *driver_; }

  void pump(std::chrono::milliseconds length) {
    io.restart();
    io.run_for(length);
  }
  /// Turns the wheel until something is so; false when it never comes.
  bool until(const std::function<bool()>& so, std::chrono::milliseconds patience = 10s) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!so()) {
      if (std::chrono::steady_clock::now() > end) return false;
      pump(2ms);
    }
    return true;
  }

  std::optional<Result<void>> outcome;

 private:
  bool running_ = false;
  std::unique_ptr<Driver> driver_;
};

}  // namespace jieding::drivers::test
