#pragma once
// Stored pictures for commands that only read, beside a gateway that may be running.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

/// One masked picture of a camera.
struct StoredPicture {
  Instant taken;
  std::string sha256;
};

/// The database of a state folder, without the right to write. NotFound: there is none. Conflict:
/// made by another version.
Result<std::unique_ptr<Database>> open_to_read(const std::filesystem::path& state);

/// Oldest first; `from` is within, `until` is not.
Result<std::vector<StoredPicture>> masked_pictures(Database& database, const std::string& camera,
                                                   Instant from, Instant until);

/// The bytes of one, checked by their hash. The error says what is wrong with the file.
Result<std::string> read_picture(Database& database, const std::filesystem::path& state,
                                 const std::string& sha256);

}  // namespace jieding::sync
