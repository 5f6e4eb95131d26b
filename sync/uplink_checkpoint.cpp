#include "sync/uplink_checkpoint.hpp"

namespace jieding::sync {

void CheckpointLane::begin() {
  sent_.clear();
  underway_ = false;
  hold_ = {};
}

bool CheckpointLane::step() {
  if (underway_ || held() || road_.room() == 0) return false;
  const SignedCheckpoint newest = road_.store.checkpoint();
  if (newest.note.empty() || newest.note == sent_) return false;
  underway_ = true;
  sent_ = newest.note;
  road_.client.publish(checkpoint_message(road_.topics, newest.note), [this](bool ok) {
    underway_ = false;
    if (!ok) {
      sent_.clear();
      hold_ = road_.clock.now() + after_trouble;
    }
    road_.bell.ring();
  });
  return true;
}

RuntimeClock::time_point CheckpointLane::deadline() const {
  return held() ? hold_ : no_deadline;
}

}  // namespace jieding::sync
