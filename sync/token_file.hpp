#pragma once
// The file that holds the token of a pushing device or camera. Its first word is the token; a
// second word `revoked` says that nobody was ever given it.

#include <filesystem>
#include <optional>
#include <string>

#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"

namespace jieding::sync {

struct TokenFile {
  bool revoked = false;
  Instant since;  ///< when the file was written
};

namespace token_file {

/// None: there is no such file, or it cannot be read.
std::optional<TokenFile> look(const std::filesystem::path& file);
/// Another token takes the place of the old one; told once, here.
Result<std::string> issue(const std::filesystem::path& file);
/// One that nobody was ever given takes its place: a missing file would stop the driver for all
/// devices, and so would an empty one.
Result<void> revoke(const std::filesystem::path& file);
/// What a revoked token's file holds.
std::string revoked_text();

}  // namespace token_file
}  // namespace jieding::sync
