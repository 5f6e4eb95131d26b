#pragma once
// The words behind hashes in the ledger; they never leave the box with it.

#include <optional>
#include <string>

#include "gateway/domain/time.hpp"
#include "sync/database.hpp"

namespace jieding::sync::private_text {

/// Free functions on journal, in the caller's transaction.

/// Nothing is kept of empty words.
Result<void> put(Database& database, const std::string& sha256, const std::string& words,
                 Instant at);
/// None: no such words are kept.
Result<std::optional<std::string>> find(Database& database, const std::string& sha256);

}  // namespace jieding::sync::private_text
