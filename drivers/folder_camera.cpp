// A camera that is a folder: pictures copied from a memory card, sent by FTP, or a recording.
// Names are instants, `YYYYMMDDThhmmssZ.jpg` in UTC, and pictures are handed in in their order. One
// that arrives with a name older than the last one handed in comes too late and stays unread; one
// from the future would make all that follow too late, so it waits for its time. Both are told.

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <list>
#include <optional>
#include <stdexcept>

#include "drivers/driver.hpp"
#include "drivers/picture.hpp"
#include "drivers/picture_folder.hpp"
#include "drivers/tally.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr std::size_t names_at_once = 256;
/// How long to wait before the same picture is tried again while vision or the disk is away.
constexpr milliseconds first_retry{500};
constexpr milliseconds last_retry{15'000};

/// A camera that names its pictures in local time is up to fourteen hours ahead.
constexpr auto most_ahead = std::chrono::hours{24};

using Listing = Result<PictureFolder::Listing>;

/// Of a name that could not be read; it may hold any bytes.
std::string printable(std::string name) {
  name.resize(std::min<std::size_t>(name.size(), 60));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return name;
}

Instant instant_of(const std::string& name) {
  return *from_basic_utc(std::string_view(name).substr(0, name.size() - 4));
}

asio::awaitable<Listing> list(PictureFolder folder, std::string last) {
  co_return folder.after(last, names_at_once);
}
asio::awaitable<PictureFolder::Picture> read(PictureFolder folder, std::string name) {
  co_return folder.read(name);
}

/// One camera: its folder is walked from the last committed picture on, for ever. Thread-bound to
/// io, but for the disk, which is asked on `disk`.
class Walker {
 public:
  struct Pace {
    milliseconds every;   ///< between pictures
    milliseconds poll;    ///< between looks into a folder without new ones
    milliseconds settle;  ///< a picture without an end must be unchanged for so long
  };

  Walker(const DriverContext& context, const config::Camera& camera, asio::thread_pool& disk,
         Pace pace)
      : camera_(camera.id),
        folder_(camera.settings.get<std::string>("folder")),
        pace_(pace),
        clock_(context.clock),
        follows_pictures_(context.config.clock.mode == config::ClockMode::Playback),
        intake_(context.intake),
        disk_(disk),
        timer_(context.io),
        stillness_(camera.settings.get("stuck_after", default_stuck_after)) {}

  /// Makes `walk` possible again after `stop`.
  void reset() { stopping_ = false; }

  asio::awaitable<void> walk() {
    last_ = intake_.last_frame(camera_);
    passed_.reset();
    while (!stopping_) {
      const Listing found =
          co_await asio::co_spawn(disk_, list(folder_, last_), asio::use_awaitable);
      if (found) notice(*found);
      if (!found) report(Health::Failed, found.error().text());
      bool all_done = !found || found->names.empty();
      for (std::size_t i = 0; found && i < found->names.size() && !stopping_; ++i) {
        all_done = comes_too_early(found->names[i]);
        if (all_done) break;
        co_await pass(found->names[i]);
      }
      if (all_done) co_await pause(pace_.poll);
    }
  }

  void stop() {
    stopping_ = true;
    timer_.cancel();
  }

 private:
  /// Tells of pictures that nobody will look at, once, when they come.
  void notice(const PictureFolder::Listing& found) {
    if (found.misnamed > misnamed_)
      refuse(printable(found.a_misnamed_one), "misnamed",
             "has a name that is no time; name pictures YYYYMMDDThhmmssZ.jpg (UTC)");
    misnamed_ = found.misnamed;
    if (passed_ && found.passed > *passed_)
      refuse(std::to_string(found.passed - *passed_), "too_late",
             "picture(s) came that were taken before " + last_ + ", and stay unread");
    passed_ = found.passed;
  }

  /// Only where the time of day is known for sure.
  bool comes_too_early(const std::string& name) {
    const Stamp now = clock_.now();
    if (follows_pictures_ || now.quality == TimeQuality::Unsynced) return false;
    if (instant_of(name) <= now.at + most_ahead) return false;
    if (early_ != name)
      refuse(name, "from_the_future",
             "was taken more than a day from now; it waits, correct the camera's clock");
    early_ = name;
    return true;
  }

  asio::awaitable<void> pass(std::string name) {
    auto bytes = co_await whole(name);
    if (stopping_) co_return;
    if (bytes) co_await hand_in(name, std::move(*bytes));
    if (stopping_) co_return;
    last_ = name;
    if (passed_) ++*passed_;
  }

  /// The picture's bytes; nothing when it is unfit (told to the intake) or we are stopping. One
  /// that stays without an end is handed in as it is: vision says what is wrong with it.
  asio::awaitable<std::optional<std::string>> whole(std::string name) {
    std::optional<PictureFolder::Look> seen;
    auto unchanged_since = runtime_.now();
    while (!stopping_) {
      auto picture = co_await asio::co_spawn(disk_, read(folder_, name), asio::use_awaitable);
      if (auto* fit = std::get_if<PictureFolder::Whole>(&picture)) co_return std::move(fit->bytes);
      if (const auto* unfit = std::get_if<PictureFolder::Unfit>(&picture)) {
        refuse(name, unfit->reason, unfit->detail);
        co_return std::nullopt;
      }
      auto& unfinished = std::get<PictureFolder::Unfinished>(picture);
      if (seen != unfinished.look) unchanged_since = runtime_.now();
      seen = unfinished.look;
      if (runtime_.now() - unchanged_since >= pace_.settle) {
        if (!unfinished.bytes.empty()) co_return std::move(unfinished.bytes);
        refuse(name, "empty", "is empty");
        co_return std::nullopt;
      }
      co_await pause(std::min(pace_.settle, pace_.poll) / 2);
    }
    co_return std::nullopt;
  }

  /// Offers the picture until it is committed or found wrong for good.
  asio::awaitable<void> hand_in(std::string name, std::string bytes) {
    co_await pause_until(next_);
    const auto begun = runtime_.now();
    next_ = (begun - next_ < pace_.every ? next_ : begun) + pace_.every;
    const Instant taken = instant_of(name);
    milliseconds retry = first_retry;
    while (!stopping_) {
      Frame frame{camera_, name, taken, bytes};  // named: GCC 12 destroys a braced argument twice
      const auto accepted = co_await intake_.frame(std::move(frame));
      if (accepted || accepted.error().kind() == Fault::Invalid) {
        // Each file is a picture of its own; whether it shows anything new, vision says.
        if (accepted) stillness_.note(name, is_frozen(*accepted), taken);
        const auto stuck = stillness_.trouble(camera_);
        report(stuck ? stuck->health : Health::Ok, stuck ? stuck->reason : "");
        co_return;
      }
      report(Health::Warning, accepted.error().text());
      co_await pause(retry);
      retry = std::min(retry * 2, last_retry);
    }
  }

  void refuse(const std::string& name, const std::string& reason, const std::string& detail) {
    refused_.count(camera_ + ": " + name + " " + detail);
    intake_.refuse({"folder", "", camera_, reason, name + " " + detail, ""});
    report(Health::Warning, name + " " + detail);
  }

  /// Tells the intake what is new; the same again is not news.
  void report(Health health, const std::string& reason) {
    if (told_ && told_->health == health && told_->reason == reason) return;
    told_ = DeviceHealth{camera_, health, reason};
    intake_.health(*told_);
  }

  asio::awaitable<void> pause(milliseconds length) { return pause_until(runtime_.now() + length); }
  asio::awaitable<void> pause_until(RuntimeClock::time_point when) {
    if (stopping_ || when <= runtime_.now()) co_return;
    timer_.expires_at(when);
    co_await timer_.async_wait(as_result);
  }

  std::string camera_;
  PictureFolder folder_;
  Pace pace_;
  const BusinessClock& clock_;
  bool follows_pictures_;
  Intake& intake_;
  asio::thread_pool& disk_;
  asio::steady_timer timer_;
  RuntimeClock runtime_;
  RuntimeClock::time_point next_{};  ///< not before then is the next picture handed in
  std::string last_;
  std::optional<std::size_t> passed_;  ///< pictures in the folder that were handed in or let pass
  std::size_t misnamed_ = 0;           ///< as many were told of
  std::string early_;                  ///< the same
  std::optional<DeviceHealth> told_;
  Stillness stillness_;
  Tally refused_{"folder", "pictures refused"};
  bool stopping_ = false;
};

class FolderCameras final : public Driver {
 public:
  explicit FolderCameras(const DriverContext& context)
      : io_(context.io), changed_(io_, asio::steady_timer::time_point::max()) {
    const config::Settings& shared = context.config.driver("folder");
    for (const config::Camera& camera : context.config.cameras) {
      if (camera.driver != "folder") continue;
      if (camera.settings.get<std::string>("order", "name") != "name") {
        throw std::runtime_error("camera " + camera.id + ": order can only be \"name\"");
      }
      const Walker::Pace pace{camera.settings.get("every", milliseconds{0}),
                              shared.get("poll", milliseconds{3000}),
                              shared.get("settle", milliseconds{5000})};
      walkers_.emplace_back(context, camera, disk_, pace);
    }
  }

  asio::awaitable<Result<void>> run() override {
    if (stopping_) co_return Result<void>{};
    walking_ = walkers_.size();
    std::exception_ptr broken;
    for (Walker& walker : walkers_) {
      walker.reset();
      asio::co_spawn(io_, walker.walk(), [this, &broken](const std::exception_ptr& error) {
        if (error) {
          broken = error;
          stop_walkers();
        }
        --walking_;
        changed_.cancel();
      });
    }
    while (walking_ > 0 || !(stopping_ || broken))
      co_await changed_.async_wait(as_result);
    if (broken) std::rethrow_exception(broken);
    co_return Result<void>{};
  }

  void stop() override {
    stopping_ = true;
    stop_walkers();
    changed_.cancel();
  }

 private:
  void stop_walkers() {
    for (Walker& walker : walkers_)
      walker.stop();
  }

  asio::any_io_executor io_;
  asio::steady_timer changed_;
  asio::thread_pool disk_{1};
  std::list<Walker> walkers_;
  std::size_t walking_ = 0;
  bool stopping_ = false;
};

using config::KeyKind;

constexpr std::array settings{
    config::Key{"poll", KeyKind::Duration, false, "between looks for new pictures; 3s"},
    config::Key{"settle", KeyKind::Duration, false,
                "a picture that seems half written must be unchanged for so long; 5s"},
};

constexpr std::array unit_settings{
    config::Key{"folder", KeyKind::Path, true,
                "where pictures named YYYYMMDDThhmmssZ.jpg (UTC) are"},
    config::Key{"every", KeyKind::Duration, false, "least time between two pictures; 0s"},
    config::Key{"stuck_after", KeyKind::Duration, false, stuck_after_help},
    config::Key{"order", KeyKind::Text, false, "\"name\", the only order there is"},
};

std::unique_ptr<Driver> make(const DriverContext& context) {
  return std::make_unique<FolderCameras>(context);
}

}  // namespace

extern const DriverType folder_camera_driver{
    "folder", "pictures that appear in a folder", true, settings, unit_settings, make};

}  // namespace jieding::drivers
