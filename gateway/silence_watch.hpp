#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "gateway/runtime/clock.hpp"

namespace jieding {

/// Which devices and cameras are silent: measured by the runtime clock alone, so no jump of the
/// wall clock makes one. What is silent is told once, and once more when it is heard again; time in
/// which the box itself did not run or listen does not count. Pure but for the clock.
class SilenceWatch {
 public:
  SilenceWatch(const config::Config& config, const RuntimeClock& clock);

  struct Change {
    std::string unit;
    bool camera = false;
    bool silent = false;  ///< false: heard again, or no longer watched
    std::chrono::milliseconds silent_after{0};
  };

  /// It was told as silent before this start; it stays so until it is heard.
  void recall_silent(const std::string& unit);
  void heard(const std::string& unit);
  /// What is to be told now. To be asked every second or so; says a change again until it is told.
  std::vector<Change> changes();
  void told(const Change& change);

 private:
  struct Unit {
    bool camera = false;
    std::chrono::milliseconds silent_after{0};  ///< zero: not watched
    RuntimeClock::time_point heard;             ///< or when the watch began
    bool heard_since = false;                   ///< since its silence was found
    bool told_silent = false;
  };
  void discount_deaf_time(RuntimeClock::time_point now);

  const RuntimeClock& clock_;
  RuntimeClock::time_point looked_;
  std::map<std::string, Unit> units_;
};

}  // namespace jieding
