#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding {

/// Conflict: something is there that may not be replaced, or that is no file.
Result<void> may_make(const std::filesystem::path& path, bool replace);

/// A file that a program makes: it appears under its name whole or not at all. What was not
/// finished leaves nothing behind.
class NewFile {
 public:
  /// Conflict: as may_make.
  static Result<NewFile> begin(std::filesystem::path path, bool replace);
  NewFile(NewFile&& other) noexcept;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  Result<void> write_at(std::uint64_t offset, std::string_view bytes);
  /// On the disk and under its name.
  Result<void> finish();

 private:
  NewFile(std::filesystem::path path, std::filesystem::path unfinished, int descriptor,
          bool replace);
  Error fault(const char* what) const;

  std::filesystem::path path_, unfinished_;
  int descriptor_;
  bool replace_;
};

}  // namespace jieding
