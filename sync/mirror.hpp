#pragma once

#include "gateway/domain/result.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

/// Something kept in memory that mirrors rows (ledger frontier, interned names); told what becomes
/// of the rows. Lives on journal.
class Mirror {
 public:
  virtual ~Mirror() = default;
  virtual void writer_begins() = 0;
  virtual void writer_undone() = 0;  ///< back to the last writer_begins
  /// Last words inside the transaction.
  virtual Result<void> before_commit(Database&) { return {}; }
  virtual void committed() = 0;
  virtual void group_undone() = 0;  ///< back to the last committed
};

}  // namespace jieding::sync
