#include "gateway/silence_watch.hpp"

namespace jieding {
namespace {

/// Looked at every second; a pause longer than this means that the box was stopped, swapped out or
/// asleep, and could hear nobody.
constexpr std::chrono::seconds longest_pause{10};

}  // namespace

SilenceWatch::SilenceWatch(const config::Config& config, const RuntimeClock& clock)
    : clock_(clock), looked_(clock.now()) {
  for (const auto& device : config.devices)
    units_[device.id] = {false, device.silent_after, looked_};
  for (const auto& camera : config.cameras)
    if (!camera.driver.empty()) units_[camera.id] = {true, camera.silent_after, looked_};
}

void SilenceWatch::recall_silent(const std::string& unit) {
  const auto known = units_.find(unit);
  if (known != units_.end()) known->second.told_silent = true;
}

void SilenceWatch::heard(const std::string& unit) {
  const auto known = units_.find(unit);
  if (known == units_.end()) return;
  known->second.heard = clock_.now();
  known->second.heard_since = true;
}

std::vector<SilenceWatch::Change> SilenceWatch::changes() {
  const auto now = clock_.now();
  discount_deaf_time(now);
  std::vector<Change> found;
  for (auto& [id, unit] : units_) {
    const bool watched = unit.silent_after > std::chrono::milliseconds{0};
    const bool silent = watched && now - unit.heard > unit.silent_after;
    if (!unit.told_silent && silent) {
      unit.heard_since = false;
      found.push_back({id, unit.camera, true, unit.silent_after});
    } else if (unit.told_silent && (unit.heard_since || !watched)) {
      found.push_back({id, unit.camera, false, unit.silent_after});
    }
  }
  return found;
}

void SilenceWatch::told(const Change& change) {
  units_.at(change.unit).told_silent = change.silent;
}

void SilenceWatch::discount_deaf_time(RuntimeClock::time_point now) {
  const auto pause = now - looked_;
  if (pause > longest_pause)
    for (auto& [id, unit] : units_)
      unit.heard = std::min(now, unit.heard + pause);
  looked_ = now;
}

}  // namespace jieding
