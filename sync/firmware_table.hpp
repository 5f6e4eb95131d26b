#pragma once
// Images that may be rolled out. Private to the box, like their files.

#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/rollout.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

struct KeptFirmware {
  Firmware image;
  std::int64_t bytes = 0;
  Instant kept{};
};

/// Free functions on journal, in the caller's transaction.
namespace firmware_table {

/// So many are kept; the oldest make room.
inline constexpr std::size_t most_kept = 8;

/// Keeps it, if it is not here already; returns the hashes of those that made room, none of which
/// an open rollout wants.
Result<std::vector<std::string>> keep(Database& database, const KeptFirmware& firmware);
Result<std::optional<KeptFirmware>> find(Database& database, const std::string& sha256);
/// Newest first.
Result<std::vector<KeptFirmware>> all(Database& database);

}  // namespace firmware_table
}  // namespace jieding::sync
