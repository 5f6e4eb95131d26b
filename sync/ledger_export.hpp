#pragma once
// The ledger as a folder that anybody can keep, serve and check: the layout of C2SP tlog-tiles, and
// beside it `vkey`, the key that signed the checkpoint.

#include <filesystem>

#include "sync/database.hpp"
#include "sync/ledger.hpp"

namespace jieding::sync {

/// Writes all up to the last stored checkpoint, as it is stored; the checkpoint last, so that a
/// folder with a checkpoint is whole. Beside a running gateway. Conflict: the folder keeps a
/// checkpoint that this ledger contradicts; it is evidence and stays as it is.
Result<SignedCheckpoint> export_ledger(Database& database, const VerifierKey& key,
                                       const std::filesystem::path& folder);

}  // namespace jieding::sync
