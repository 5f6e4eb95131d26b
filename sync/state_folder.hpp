#pragma once

#include <filesystem>
#include <memory>

#include "gateway/domain/result.hpp"

namespace jieding::sync {

/// Makes the state folder and `secrets` in it, mode 0700, durably.
Result<void> make_state_folder(const std::filesystem::path& state);

inline std::filesystem::path database_file(const std::filesystem::path& state) {
  return state / "jieding.db";
}
inline std::filesystem::path key_file(const std::filesystem::path& state) {
  return state / "secrets" / "ledger.key";
}

/// Holds `STATE/lock` for the life of the process, so that two gateways cannot share a folder.
/// The kernel lets go of it however the process ends.
class StateLock {
 public:
  /// Conflict: another gateway holds it.
  static Result<std::unique_ptr<StateLock>> take(const std::filesystem::path& state);
  ~StateLock();
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;

 private:
  explicit StateLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace jieding::sync
