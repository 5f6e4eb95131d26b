#pragma once
// The store's door for who may sign in.

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <vector>

#include "sync/journal.hpp"
#include "sync/seats.hpp"
#include "sync/user_table.hpp"

namespace jieding::sync {

/// Thread-bound to io; what is handed in is on the disk when the awaitable resumes. Lives in the
/// store.
class UserBook {
 public:
  /// Whether a change may be, given all rows before it; true: the ledger is to be told.
  using Rule = std::function<Result<bool>(const std::vector<UserRow>& before)>;

  UserBook(Journal& journal, Ledger& ledger) : journal_(journal), ledger_(ledger) {}

  /// All rows after the change. Who is disabled has no session, link and password any more.
  boost::asio::awaitable<Result<std::vector<UserRow>>> change(UserChange change, Rule rule,
                                                              DoorRow note);

 private:
  Journal& journal_;
  Ledger& ledger_;
};

}  // namespace jieding::sync
