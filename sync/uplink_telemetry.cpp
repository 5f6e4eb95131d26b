#include "sync/uplink_telemetry.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace jieding::sync {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::hours long_time{1};

}  // namespace

asio::awaitable<Result<void>> TelemetryLane::load() {
  std::function<Result<std::int64_t>(Database&)> work = [](Database& db) {
    return outbox::telemetry_cursor(db);
  };
  const auto cursor = co_await road_.store.journal().read<std::int64_t>(std::move(work));
  if (!cursor) co_return cursor.error();
  acknowledged_ = saved_ = *cursor;
  start_over();
  co_return Result<void>();
}

void TelemetryLane::begin() {
  open_ = 0;
  hold_ = {};
  start_over();
}

/// Back to what the broker surely has.
void TelemetryLane::start_over() {
  ++round_;
  buffer_.clear();
  first_number_ += underway_.size();
  underway_.clear();
  refused_ = false;
  read_ = acknowledged_;
  linger_until_ = {};
  look();
}

void TelemetryLane::look() {
  dry_ = false;
  hungry_.ring();
}

void TelemetryLane::stop() {
  stopped_ = true;
  hungry_.ring();
}

bool TelemetryLane::step() {
  if (refused_ && open_ == 0) start_over();
  if (refused_ || held() || buffer_.empty()) return false;
  const auto window = static_cast<std::size_t>(road_.config.telemetry_window);
  bool sent = false;
  while (!buffer_.empty() && open_ < window && road_.room_for_bulk() > 0) {
    if (buffer_.size() < most_per_pack()) {
      const auto now = road_.clock.now();
      if (linger_until_ == RuntimeClock::time_point{}) linger_until_ = now + terms_.linger;
      if (now < linger_until_) break;
    }
    send_pack(std::min(most_per_pack(), buffer_.size()));
    sent = true;
  }
  if (starved()) hungry_.ring();
  return sent;
}

RuntimeClock::time_point TelemetryLane::deadline() const {
  if (held()) return hold_;
  const bool lingering =
      !buffer_.empty() && buffer_.size() < most_per_pack() && linger_until_ > road_.clock.now();
  return lingering ? linger_until_ : no_deadline;
}

void TelemetryLane::send_pack(std::size_t rows) {
  const auto end = buffer_.begin() + static_cast<std::ptrdiff_t>(rows);
  const std::int64_t last_id = std::prev(end)->id;
  TelemetryPack pack(road_.topics, rows);
  for (auto row = buffer_.begin(); row != end; ++row)
    pack.add(row->reading, row->conflicting);
  buffer_.erase(buffer_.begin(), end);
  linger_until_ = {};
  const std::uint64_t number = first_number_ + underway_.size();
  underway_.push_back({last_id, false});
  ++open_;
  // Two words: std::function keeps them without allocating.
  road_.client.publish(pack.finish(), [this, number](bool ok) { answered(number, ok); });
}

void TelemetryLane::answered(std::uint64_t number, bool ok) {
  if (open_ > 0) --open_;
  if (number < first_number_) return;  // of a round that is over
  if (!ok) {
    refused_ = true;
    hold_ = road_.clock.now() + after_trouble;
  } else {
    underway_[number - first_number_].acknowledged = true;
    while (!underway_.empty() && underway_.front().acknowledged) {
      acknowledged_ = underway_.front().last_id;
      underway_.pop_front();
      ++first_number_;
    }
  }
  road_.bell.ring();
}

asio::awaitable<void> TelemetryLane::read_ahead() {
  while (!stopped_) {
    if (!starved() || !road_.client.connected()) {
      co_await hungry_.wait(held() ? hold_ - road_.clock.now() : long_time);
      continue;
    }
    dry_ = true;  // unless there is more, or a commit says so while we read
    const std::uint64_t round = round_;
    std::function<Result<std::vector<PendingReading>>(Database&)> work =
        [after = read_, rows = terms_.piece](Database& db) {
          return outbox::telemetry(db, after, rows);
        };
    reading_ = true;
    auto piece = co_await road_.store.journal().read<std::vector<PendingReading>>(std::move(work));
    reading_ = false;
    if (round != round_) continue;
    if (!piece) {
      if (stopped_) break;
      road_.complaints.warning("read telemetry: " + piece.error().text());
      hold_ = road_.clock.now() + after_trouble;
      dry_ = false;
    } else if (!piece->empty()) {
      if (piece->size() == terms_.piece) dry_ = false;
      read_ = piece->back().id;
      std::move(piece->begin(), piece->end(), std::back_inserter(buffer_));
    }
    road_.bell.ring();
  }
}

asio::awaitable<void> TelemetryLane::save() {
  const std::int64_t id = acknowledged_;
  if (id <= saved_) co_return;
  std::function<Result<bool>(Database&)> work = [id](Database& db) -> Result<bool> {
    if (auto done = outbox::advance_telemetry(db, id); !done) return done.error();
    return true;
  };
  const auto stored =
      co_await road_.store.journal().write<bool>(std::move(work), Importance::Record);
  if (stored) {
    saved_ = std::max(saved_, id);
  } else {
    road_.complaints.warning("store the telemetry cursor: " + stored.error().text());
  }
}

}  // namespace jieding::sync
