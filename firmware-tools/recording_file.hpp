#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "firmware-tools/recording.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::tools {

/// A recording being written. Each line goes to the file at once and whole: killed at any instant,
/// what was written before can be read. Only its owner may read it.
class RecordingFile {
 public:
  /// Conflict: the file is there and may not be replaced.
  static Result<RecordingFile> create(const std::filesystem::path& path, bool replace,
                                      std::size_t most_bytes);
  RecordingFile(RecordingFile&& other) noexcept;
  RecordingFile(const RecordingFile&) = delete;
  RecordingFile& operator=(RecordingFile&&) = delete;
  ~RecordingFile();

  /// TooMuch: the file would become larger than it may; Full: the disk is.
  Result<void> append(std::string_view line);
  /// On the disk.
  Result<void> sync();
  std::size_t size() const { return size_; }

 private:
  RecordingFile(std::filesystem::path path, int descriptor, std::size_t most_bytes);
  Error fault() const;

  std::filesystem::path path_;
  int descriptor_;
  std::size_t most_bytes_;
  std::size_t size_ = 0;
};

/// The file's bytes, at most `longest_recording`.
Result<Recording> read_recording(const std::filesystem::path& path);

}  // namespace jieding::tools
