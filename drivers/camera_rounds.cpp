#include "drivers/camera_rounds.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <random>

#include "drivers/beat.hpp"
#include "drivers/tally.hpp"
#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/backoff.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds default_every = std::chrono::minutes{5};
constexpr milliseconds least_every{1000};
constexpr milliseconds first_retry{2000};
/// Cameras lock an account for half an hour after some five wrong passwords.
constexpr milliseconds after_wrong_password = std::chrono::minutes{15};
/// How long to wait before the same picture is offered again while vision is away.
constexpr milliseconds first_offer_again{500};
constexpr milliseconds last_offer_again{15'000};

milliseconds every_of(const config::Camera& camera) {
  return camera.settings.get("every", default_every);
}

/// One camera. Thread-bound to io.
class Round {
 public:
  Round(const DriverContext& context, const config::Camera& camera, Tally& troubles,
        std::unique_ptr<PictureSource> source, std::uint64_t seed)
      : camera_(camera.id),
        driver_(camera.driver),
        source_(std::move(source)),
        clock_(context.clock),
        intake_(context.intake),
        troubles_(troubles),
        timer_(context.io),
        beat_(runtime_.now(), every_of(camera)),
        backoff_({first_retry, every_of(camera), every_of(camera)}, runtime_, seed),
        stillness_(camera.settings.get("stuck_after", default_stuck_after)) {}

  asio::awaitable<void> run() {
    auto next = beat_.due();
    while (!stopping_) {
      co_await pause_until(next);
      if (stopping_) break;
      if (runtime_.now() >= beat_.due()) beat_.next(runtime_.now());
      const auto done = co_await one_picture();
      if (stopping_) break;
      next = done ? beat_.due() : next_try(done.error());
      tell(done);
    }
  }

  void stop() {
    stopping_ = true;
    timer_.cancel();
    source_->cancel();
  }

 private:
  using Time = RuntimeClock::time_point;

  asio::awaitable<Result<void>> one_picture() {
    auto bytes = co_await source_->fetch();
    if (!bytes) co_return bytes.error();
    if (!is_jpeg(*bytes)) {
      const std::string why = "sends what is no JPEG; correct its address or its settings";
      // Once, and without its bytes: a picture that no mask has covered is kept nowhere.
      if (told_ != why) intake_.refuse({driver_, "", camera_, "not_a_jpeg", why, ""});
      co_return Error(Fault::Invalid, why);
    }
    const Instant taken = clock_.now().at;  // camera clocks are not asked
    const std::string sha256 = sha256_of(*bytes);
    if (sha256 == last_) {
      intake_.heard(camera_);
      stillness_.note(sha256, false, taken);
      co_return Result<void>{};
    }
    const auto accepted = co_await offer(std::move(*bytes), taken);
    if (!accepted) co_return accepted.error();
    last_ = sha256;
    stillness_.note(sha256, is_frozen(*accepted), taken);
    co_return Result<void>{};
  }

  /// Until it is taken, or the next picture is due.
  asio::awaitable<Result<FrameAccepted>> offer(std::string bytes, Instant taken) {
    milliseconds wait = first_offer_again;
    while (true) {
      Frame frame{camera_, to_basic_utc(taken) + ".jpg", taken, bytes};
      auto accepted = co_await intake_.frame(std::move(frame));
      const bool passes = !accepted && accepted.error().kind() == Fault::Unavailable;
      if (!passes || stopping_ || runtime_.now() + wait > beat_.due()) co_return accepted;
      intake_.health({camera_, Health::Warning, accepted.error().text()});
      co_await pause_until(runtime_.now() + wait);
      wait = std::min(wait * 2, last_offer_again);
    }
  }

  Time next_try(const Error& error) {
    const Time now = runtime_.now();
    if (error.kind() == Fault::Refused) return std::max(beat_.due(), now + after_wrong_password);
    return std::min(beat_.due(), now + backoff_.next());
  }

  /// What is ok again is told once; what is not, after every round.
  void tell(const Result<void>& done) {
    if (done) backoff_.connected();
    std::optional<DeviceHealth> trouble = stillness_.trouble(camera_);
    if (!done) {
      if (!failing_since_) failing_since_ = clock_.now().at;
      trouble = DeviceHealth{camera_, Health::Failed, done.error().text(), failing_since_};
    } else {
      failing_since_.reset();
    }
    const std::string reason = trouble ? trouble->reason : "";
    if (!done && reason != told_) troubles_.count(camera_ + ": " + reason);
    if (trouble || !told_.empty()) {
      intake_.health(trouble ? *trouble : DeviceHealth{camera_, Health::Ok, ""});
    }
    told_ = reason;
  }

  asio::awaitable<void> pause_until(Time when) {
    if (stopping_ || when <= runtime_.now()) co_return;
    timer_.expires_at(when);
    co_await timer_.async_wait(as_result);
  }

  std::string camera_;
  std::string driver_;
  std::unique_ptr<PictureSource> source_;
  const BusinessClock& clock_;
  Intake& intake_;
  Tally& troubles_;
  asio::steady_timer timer_;
  RuntimeClock runtime_;
  Beat beat_;
  Backoff backoff_;
  Stillness stillness_;
  std::string last_;  ///< SHA-256 of the last picture that was taken
  std::optional<Instant> failing_since_;
  std::string told_;  ///< the trouble; the same again is not logged
  bool stopping_ = false;
};

class CameraRounds final : public Driver {
 public:
  CameraRounds(const DriverContext& context, std::string_view name, MakeSource make_source)
      : io_(context.io),
        changed_(io_, asio::steady_timer::time_point::max()),
        troubles_(name, "pictures not fetched") {
    std::random_device random;
    for (const config::Camera& camera : context.config.cameras) {
      if (camera.driver != name) continue;
      rounds_.emplace_back(context, camera, troubles_, make_source(context, camera), random());
    }
  }

  asio::awaitable<Result<void>> run() override {
    running_ = rounds_.size();
    std::exception_ptr broken;
    for (Round& round : rounds_) {
      asio::co_spawn(io_, round.run(), [this, &broken](const std::exception_ptr& error) {
        if (error) broken = error;
        if (error) stop_rounds();
        --running_;
        changed_.cancel();
      });
    }
    while (running_ > 0 || !(stopping_ || broken))
      co_await changed_.async_wait(as_result);
    troubles_.flush();
    if (broken) std::rethrow_exception(broken);
    co_return Result<void>{};
  }

  void stop() override {
    stopping_ = true;
    stop_rounds();
    changed_.cancel();
  }

 private:
  void stop_rounds() {
    for (Round& round : rounds_)
      round.stop();
  }

  asio::any_io_executor io_;
  asio::steady_timer changed_;
  Tally troubles_;
  std::list<Round> rounds_;
  std::size_t running_ = 0;
  bool stopping_ = false;
};

}  // namespace

std::string wrong_round(const config::Settings& camera, const config::Config&) {
  const auto every = camera.get<milliseconds>("every");
  return every >= least_every ? "" : "wrong value; write \"1s\" at least";
}

std::unique_ptr<Driver> make_camera_rounds(const DriverContext& context, std::string_view name,
                                           MakeSource make_source) {
  return std::make_unique<CameraRounds>(context, name, make_source);
}

}  // namespace jieding::drivers
