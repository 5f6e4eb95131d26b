#pragma once
// Passwords, who sits where, and what happened at the door. Private: nothing of it is in the
// ledger.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/time.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

struct DoorRow {
  Instant at;
  /// `sign_in_failed`, `signed_in`, `password_set`, `session_ended`, `link_made`, `user_added`,
  /// `user_changed`, `user_disabled`, `token_issued`, `token_revoked`
  std::string what;
  std::string user;  ///< whom, or which device, it is about; empty: not known
  std::string peer;  ///< from where, or by which operator
};

/// A person's session.
struct SeatRow {
  std::string session_sha256;
  std::string user;
  std::int64_t expires = 0;  ///< seconds of the runtime clock
};

/// Free functions on journal, in the caller's transaction.
namespace seats {

/// None: this user has no password.
Result<std::optional<std::string>> password_hash(Database& database, const std::string& user);
Result<void> set_password(Database& database, const std::string& user, const std::string& hash);

/// Unexpired sessions of one person, of all persons where `user` is empty.
Result<std::vector<SeatRow>> sessions(Database& database, const std::string& user,
                                      std::int64_t now);

/// Keeps the newest 5000.
Result<void> note(Database& database, const DoorRow& row);
/// Newest first.
Result<std::vector<DoorRow>> notes(Database& database, std::size_t count);

}  // namespace seats
}  // namespace jieding::sync
