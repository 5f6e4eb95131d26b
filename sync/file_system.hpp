#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding::sync {

/// The few file operations that durability of evidence hangs on, so that a test can cut the power
/// between any two of them. Used on journal.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// True: it was made now (its parent is not synced yet).
  virtual Result<bool> create_directory(const std::filesystem::path& path) = 0;
  /// Creates or truncates, writes, fsyncs.
  virtual Result<void> write_synced(const std::filesystem::path& path, std::string_view bytes) = 0;
  virtual Result<void> rename(const std::filesystem::path& from,
                              const std::filesystem::path& to) = 0;
  virtual Result<void> sync_directory(const std::filesystem::path& path) = 0;
  virtual Result<std::string> read(const std::filesystem::path& path) = 0;
  virtual Result<void> remove(const std::filesystem::path& path) = 0;
  /// Names in a folder, without `.` and `..`; empty when there is no such folder.
  virtual Result<std::vector<std::string>> list(const std::filesystem::path& path) = 0;
};

/// The machine's own.
FileSystem& real_files();

/// Temp file in the same folder, write, fsync, rename, fsync the folder.
Result<void> write_atomically(FileSystem& files, const std::filesystem::path& path,
                              std::string_view bytes);

}  // namespace jieding::sync
