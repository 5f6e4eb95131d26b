#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>

#include "gateway/domain/result.hpp"

namespace jieding::sync {

/// How much room the state folder has. Readings and frames stop at the low-water mark; milestones
/// go on, at the very end in the room of a reserve file that is given up for them.
/// check(): thread-safe; the reserve: journal.
class DiskRoom {
 public:
  DiskRoom(std::filesystem::path state, std::int64_t keep_free_bytes, std::int64_t reserve_bytes);

  /// Full below the low-water mark. Asks the system at most every 250 ms.
  Result<void> check();
  /// Gives the reserve up when hardly anything is free; false when it is already gone.
  bool release_reserve_if_tight();
  /// Allocates the reserve again once there is room for it above the mark. Asks at most every
  /// second.
  void restore_reserve();
  /// It was given up for milestones and is not back yet: every byte counts.
  bool reserve_given_up() const { return given_up_; }

 private:
  std::int64_t free_bytes() const;

  std::filesystem::path state_;
  std::filesystem::path reserve_;
  std::int64_t keep_free_bytes_;
  std::int64_t reserve_bytes_;
  bool reserve_there_ = false;
  bool given_up_ = false;
  std::chrono::steady_clock::time_point next_restore_{};

  std::mutex mutex_;
  std::chrono::steady_clock::time_point asked_{};
  std::int64_t free_ = -1;  ///< bytes at asked_
};

}  // namespace jieding::sync
