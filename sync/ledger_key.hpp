#pragma once
// The key that signs the ledger: where it lies, and how another takes its place. Blocking; at start
// and from the command line only.

#include <filesystem>
#include <string>

#include "gateway/domain/time.hpp"
#include "sync/database.hpp"
#include "sync/signed_note.hpp"

namespace jieding::sync {

/// What names key and origin of a box's ledger.
std::string ledger_origin(const std::string& site, const std::string& gateway);

/// The key in the state folder; made for a ledger that is still empty. Finishes a change of keys
/// that a power cut stopped after its commit. Conflict: the last checkpoint is signed by another
/// key, or the key is gone.
Result<Signer> ledger_signer(Database& database, const std::filesystem::path& state,
                             const std::string& origin);

struct KeyRotation {
  std::uint64_t index = 0;  ///< of the event that tells of it
  VerifierKey key;          ///< from there on
};

/// Makes a new key and records it in the ledger of a stopped gateway: endorsed by the old key, or,
/// when that is `lost`, by nobody. Takes the state folder's lock. Killed anywhere, either the old
/// key or the new one is in force at the next start.
Result<KeyRotation> rotate_ledger_key(const std::filesystem::path& state, const std::string& site,
                                      const std::string& gateway, Stamp now, bool lost);

}  // namespace jieding::sync
