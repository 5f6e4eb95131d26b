#pragma once

#include "sync/uplink_road.hpp"

namespace jieding::sync {

/// The newest checkpoint, retained: one at a time, each newer than the last. Driven by the uplink,
/// io.
class CheckpointLane {
 public:
  explicit CheckpointLane(Road& road) : road_(road) {}
  /// A new connection: the broker may have lost it.
  void begin();
  /// Sends what is newer than the broker has; false: nothing.
  bool step();
  RuntimeClock::time_point deadline() const;

 private:
  bool held() const { return road_.clock.now() < hold_; }
  Road& road_;
  std::string sent_;  ///< the note that the broker has, or that is on its way
  bool underway_ = false;
  RuntimeClock::time_point hold_{};  ///< after trouble: nothing before
};

}  // namespace jieding::sync
