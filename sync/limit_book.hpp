#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/limit.hpp"
#include "sync/alert_table.hpp"
#include "sync/mirror.hpp"

namespace jieding::sync {

/// Holds new readings against the configured limits, in the transaction that stores them: a limit
/// that is passed is in the ledger if and only if the reading that passed it is stored. What is
/// raised is durable; a dwell that had begun begins again after a restart. Lives on journal.
class LimitBook final : public Mirror {
 public:
  explicit LimitBook(std::vector<Limit> limits);

  /// Takes up what is raised.
  Result<void> load(Database& database);

  struct Looked {
    std::size_t turned = 0;    ///< raised or cleared
    std::size_t untimely = 0;  ///< readings that a limit is for, too old or too far ahead
  };
  /// `fresh`: readings of one batch that were stored now for the first time, in any order.
  Result<Looked> look(Database& database, Ledger& ledger, std::vector<const Reading*> fresh);

  void writer_begins() override { undo_at_writer_ = undo_.size(); }
  void writer_undone() override { undo(undo_at_writer_); }
  void committed() override { undo_.clear(); }
  void group_undone() override { undo(0); }

 private:
  using Place = std::pair<std::size_t, std::string>;  ///< limit, device
  struct Before {
    Place place;
    std::optional<LimitWatch> watch;  ///< none: it was made in this transaction
  };
  Result<void> recall(Database& database, std::size_t limit);
  Result<bool> look_at(Database& database, Ledger& ledger, std::size_t limit,
                       const Reading& reading);
  LimitWatch& watch_for_change(const Place& place);
  void undo(std::size_t down_to);

  const std::vector<Limit> limits_;
  std::multimap<std::string, std::size_t, std::less<>> by_quantity_;
  std::map<Place, LimitWatch> watches_;
  std::vector<Before> undo_;  ///< of the open transaction, oldest first
  std::size_t undo_at_writer_ = 0;
};

}  // namespace jieding::sync
