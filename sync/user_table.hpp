#pragma once
// Who may sign in, as the operator set it on the page: it stands before the configuration file.
// Who speaks for whom is in the ledger (`user` events, people by their public names); names are
// kept here only.

#include <string>
#include <vector>

#include "gateway/domain/milestone.hpp"
#include "gateway/domain/time.hpp"
#include "sync/database.hpp"
#include "sync/ledger.hpp"

namespace jieding::sync {

struct UserRow {
  std::string user;
  std::string name;
  Owner role = Owner::Group;
  bool disabled = false;  ///< cannot sign in
  Instant at;             ///< when it was set
};

/// One change by an operator.
struct UserChange {
  UserRow row;
  std::string person;  ///< public name of `row.user`
  std::string by;      ///< public name
  Stamp said;
};

/// Free functions on journal, in the caller's transaction.
namespace user_table {

Result<std::vector<UserRow>> all(Database& database);
/// Keeps the name, privately.
Result<void> put(Database& database, const UserRow& row);
/// Says in the ledger on whose behalf somebody may speak from now on, or that they may not sign in
/// any more; returns the event's index.
Result<std::uint64_t> tell(Database& database, Ledger& ledger, const UserChange& change);

}  // namespace user_table
}  // namespace jieding::sync
