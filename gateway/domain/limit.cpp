#include "gateway/domain/limit.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "gateway/domain/site_time.hpp"

namespace jieding {
namespace {

using namespace std::chrono_literals;

/// How far a device's clock may be off, and a reading be under way.
constexpr std::chrono::minutes tolerance = 10min;
/// The same while our own clock runs unsynchronised: it drifts, or still shows 1970.
constexpr std::chrono::minutes unsynced_tolerance = 60min;
/// A device's clock that goes back by more was set; its earlier times no longer count.
constexpr std::chrono::hours clock_was_set{24};

/// Values that a limit on changes keeps within its time: a change is measured over that time and up
/// to one part in so many more.
constexpr int kept_samples = 48;

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

bool DailyHours::contain(Instant at) const {
  const auto now = time_of_day(at);
  return from < until ? from <= now && now < until : from <= now || now < until;
}

std::string clock_text(std::chrono::minutes since_midnight) {
  const std::chrono::hh_mm_ss time{since_midnight};
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d", static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()));
  return text.data();
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
    past_.clear();
  }
  const auto value = value_of(reading);
  if (!value || (last_ && at <= *last_)) return std::nullopt;
  if (last_ && at - *last_ > limit_->gap) turning_since_.reset();
  last_ = at;
  const auto held = limit_->over.count() > 0 ? change_to({at, *value}) : value;
  if (!held) return std::nullopt;
  if (!(raised_ ? back(*held, at) : beyond(*held, at))) {
    turning_since_.reset();
    return std::nullopt;
  }
  if (!turning_since_) turning_since_ = at;
  if (at - *turning_since_ < (raised_ ? limit_->clear_after : limit_->raise_after))
    return std::nullopt;
  return Turn{!raised_, *held, *turning_since_};
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
  if (is_minuend) minuend_ = Sample{reading.device_time, reading.value};
  if (reading.quantity == limit_->minus) subtrahend_ = Sample{reading.device_time, reading.value};
  if (!minuend_ || !subtrahend_ || minuend_->at != subtrahend_->at) return std::nullopt;
  return minuend_->value - subtrahend_->value;
}

/// Against the youngest value that is old enough; none: there is none, or only one much older.
std::optional<double> LimitWatch::change_to(Sample now) {
  const auto age = [&](const Sample& past) { return now.at - past.at; };
  while (past_.size() > 1 && age(past_[1]) >= limit_->over)
    past_.erase(past_.begin());
  const auto oldest = limit_->over + limit_->over / 8;
  while (!past_.empty() && age(past_.front()) > oldest)
    past_.erase(past_.begin());
  std::optional<double> change;
  if (!past_.empty() && age(past_.front()) >= limit_->over)
    change = now.value - past_.front().value;
  keep(now);
  return change;
}

void LimitWatch::keep(Sample now) {
  if (past_.empty() || now.at - past_.back().at >= limit_->over / kept_samples)
    past_.push_back(now);
}

void LimitWatch::recall(Instant at, double value) {
  keep({at, value});
}

bool LimitWatch::beyond(double value, Instant at) const {
  if (limit_->hours && !limit_->hours->contain(at)) return false;
  return limit_->side == Limit::Side::Above ? value > limit_->threshold : value < limit_->threshold;
}

bool LimitWatch::back(double value, Instant at) const {
  if (limit_->hours && !limit_->hours->contain(at)) return true;
  return limit_->side == Limit::Side::Above ? value <= limit_->clear : value >= limit_->clear;
}

}  // namespace jieding
