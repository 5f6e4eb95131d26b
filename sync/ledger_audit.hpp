#pragma once
// Checks a folder in the layout of C2SP tlog-tiles: no gateway, no database, no configuration.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sync/key_change.hpp"
#include "sync/signed_note.hpp"

namespace jieding::sync {

struct AuditWishes {
  std::string key;                   ///< vkey or fingerprint to trust; empty: the folder's own
  std::optional<std::string> older;  ///< a checkpoint's note that the folder must be a growth of
};

/// What was found to be sound.
struct Audit {
  Checkpoint checkpoint;
  VerifierKey key;                 ///< that signed it
  std::vector<KeyChange> changes;  ///< of keys, oldest first
  std::optional<Checkpoint> older;
};

/// Reads every file once. The error names the first wrong leaf where there is one; of many faults
/// the first of: signature, leaves, tiles above them, root, keys, older checkpoint.
Result<Audit> audit(const std::filesystem::path& folder, const AuditWishes& wishes);

}  // namespace jieding::sync
