#pragma once
// What `jieding rollout` on the command line asks of the running gateway, and its answers: a table,
// because whoever may write it owns the box anyway, and a second door needs a second lock.

#include <cstdint>
#include <optional>
#include <string>

#include "sync/database.hpp"

namespace jieding::sync {

struct RolloutOrder {
  std::int64_t id = 0;
  std::string asked;  ///< JSON
};

/// Free functions; the gateway's own on journal, in the caller's transaction.
namespace rollout_orders {

/// Of the command.
Result<std::int64_t> ask(Database& database, const std::string& asked);
Result<std::optional<std::string>> answer_to(Database& database, std::int64_t id);
Result<void> forget(Database& database, std::int64_t id);

/// Of the gateway.
Result<std::optional<RolloutOrder>> next(Database& database);
Result<void> answer(Database& database, std::int64_t id, const std::string& said);
/// Nobody waits any more for what was asked of an earlier run.
Result<void> forget_all(Database& database);

}  // namespace rollout_orders
}  // namespace jieding::sync
