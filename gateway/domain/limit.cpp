#include "gateway/domain/limit.hpp"

#include <algorithm>

namespace jieding {
namespace {

using namespace std::chrono_literals;

/// How far a device's clock may be off, and a reading be under way.
constexpr std::chrono::minutes tolerance = 10min;
/// The same while our own clock runs unsynchronised: it drifts, or still shows 1970.
constexpr std::chrono::minutes unsynced_tolerance = 60min;
/// A device's clock that goes back by more was set; its earlier times no longer count.
constexpr std::chrono::hours clock_was_set{24};

/// The longest time between the beginning of a period, which is what statistics are dated by
/// (DataTime of HJ 212), and its end. Minute data stands for up to half an hour (CN 1063).
std::chrono::minutes length_of(Period period) {
  switch (period) {
    case Period::Realtime:
      return 0min;
    case Period::Minute:
      return 30min;
    case Period::Hour:
      return 1h;
    case Period::Day:
      return 24h;
  }
  return 0min;
}

}  // namespace

std::string_view to_text(AlertLevel level) {
  return level == AlertLevel::Alarm ? "alarm" : "warning";
}

bool Limit::applies_to(const std::string& device) const {
  return devices.empty() || std::find(devices.begin(), devices.end(), device) != devices.end();
}

std::chrono::milliseconds usual_gap(Statistic statistic) {
  return tolerance + 2 * length_of(statistic.period);
}

Timely timeliness(const Reading& reading) {
  if (!reading.flag.empty() && reading.flag != "N") return Timely::Flagged;
  const bool unsynced = reading.received.quality == TimeQuality::Unsynced;
  const auto age = reading.received.at - reading.device_time;
  const auto most =
      length_of(reading.statistic.period) + (unsynced ? unsynced_tolerance : tolerance);
  if (age > most) return Timely::Late;
  return !unsynced && age < -tolerance ? Timely::Ahead : Timely::Now;
}

std::optional<LimitWatch::Turn> LimitWatch::look(const Reading& reading) {
  const Instant at = reading.device_time;
  if (last_ && at < *last_ - clock_was_set) {
    last_.reset();
    turning_since_.reset();
  }
  const auto value = value_of(reading);
  if (!value || (last_ && at <= *last_)) return std::nullopt;
  if (last_ && at - *last_ > limit_->gap) turning_since_.reset();
  last_ = at;
  if (!(raised_ ? back(*value) : beyond(*value))) {
    turning_since_.reset();
    return std::nullopt;
  }
  if (!turning_since_) turning_since_ = at;
  if (at - *turning_since_ < (raised_ ? limit_->clear_after : limit_->raise_after))
    return std::nullopt;
  return Turn{!raised_, *value, *turning_since_};
}

void LimitWatch::take(const Turn& turn) {
  raised_ = turn.raised;
  turning_since_.reset();
}

std::optional<double> LimitWatch::value_of(const Reading& reading) {
  if (reading.statistic != limit_->statistic || reading.unit != limit_->unit) return std::nullopt;
  const bool is_minuend = reading.quantity == limit_->quantity;
  if (limit_->minus.empty())
    return is_minuend ? std::optional<double>(reading.value) : std::nullopt;
  if (is_minuend) minuend_ = Half{reading.device_time, reading.value};
  if (reading.quantity == limit_->minus) subtrahend_ = Half{reading.device_time, reading.value};
  if (!minuend_ || !subtrahend_ || minuend_->at != subtrahend_->at) return std::nullopt;
  return minuend_->value - subtrahend_->value;
}

bool LimitWatch::beyond(double value) const {
  return limit_->side == Limit::Side::Above ? value > limit_->threshold : value < limit_->threshold;
}

bool LimitWatch::back(double value) const {
  return limit_->side == Limit::Side::Above ? value <= limit_->clear : value >= limit_->clear;
}

}  // namespace jieding
