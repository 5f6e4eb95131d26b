#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "sync/uplink_road.hpp"

namespace jieding::sync {

/// Rows of the outbox on their way: which are open with the broker, which it has acknowledged and
/// are still to be struck out. Part of a lane, io.
class RowsUnderway {
 public:
  explicit RowsUnderway(Road& road) : road_(road) {}

  void begin() {
    open_.clear();
    hold_ = {};
  }
  bool open(std::int64_t id) const { return open_.contains(id) || acknowledged_.contains(id); }
  std::size_t count() const { return open_.size(); }
  bool anything_to_strike() const { return !acknowledged_.empty(); }
  bool held() const { return road_.clock.now() < hold_; }
  RuntimeClock::time_point deadline() const { return held() ? hold_ : no_deadline; }
  void hold();
  /// Whether the broker refused a row since it was asked last: look again.
  bool take_refused() { return std::exchange(refused_, false); }

  void send(std::int64_t id, Message message);
  /// A row that can never be sent: struck out like one that was.
  void give_up(std::int64_t id) { acknowledged_.insert(id); }
  /// Strikes out what the broker has, in one transaction.
  boost::asio::awaitable<void> strike();

 private:
  Road& road_;
  std::set<std::int64_t> open_;
  std::set<std::int64_t> acknowledged_;
  RuntimeClock::time_point hold_{};
  bool refused_ = false;
};

/// The newest state of each building, retained by the broker. Driven by the uplink, io.
class StateLane {
 public:
  explicit StateLane(Road& road) : road_(road), rows_(road) {}
  void begin();
  void look() { look_ = true; }  ///< something may have been committed
  boost::asio::awaitable<bool> step();
  RuntimeClock::time_point deadline() const { return rows_.deadline(); }

 private:
  Road& road_;
  RowsUnderway rows_;
  bool look_ = true;
};

/// Masked pictures, oldest first, a few at a time: they are large and milestones must not queue
/// behind them. Driven by the uplink, io.
class EvidenceLane {
 public:
  explicit EvidenceLane(Road& road) : road_(road), rows_(road) {}
  void begin();
  void look() { look_ = true; }
  boost::asio::awaitable<bool> step();
  RuntimeClock::time_point deadline() const { return rows_.deadline(); }
  /// True: nothing is waiting that could be sent now, so lesser lanes may go.
  bool clear() const { return rows_.held() || (!look_ && rows_.count() == 0); }

 private:
  boost::asio::awaitable<void> send(PendingEvidence row);
  Road& road_;
  RowsUnderway rows_;
  bool look_ = true;
};

}  // namespace jieding::sync
