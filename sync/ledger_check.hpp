#pragma once
// Whether the database still holds what was signed: asked at each start, before anything is added.

#include "sync/database.hpp"
#include "sync/verifier_key.hpp"

namespace jieding::sync::ledger {

/// Hashes every leaf anew and compares with the stored nodes and with each stored checkpoint; the
/// last one must be signed by `key` (null: not looked at). Internal: names the first leaf that is
/// not as it was signed. Some seconds for a million leaves.
Result<void> check(Database& database, const VerifierKey* key);

}  // namespace jieding::sync::ledger
