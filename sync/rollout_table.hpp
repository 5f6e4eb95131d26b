#pragma once
// Rollouts of firmware to nodes: projections of the ledger's `rollout` events.

#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/rollout.hpp"
#include "sync/database.hpp"
#include "sync/ledger.hpp"

namespace jieding::sync {

/// Somebody wants an image on nodes.
struct RolloutStart {
  Firmware image;
  std::vector<std::string> nodes;
  Owner owner = Owner::Operator;
  std::string by;  ///< public name
  Stamp said;
  bool allow_older = false;  ///< than what a node runs
};

/// A node got further, or not.
struct RolloutStep {
  std::uint64_t rollout = 0;
  std::string node;
  NodeStep step = NodeStep::Begun;
  std::string reason;  ///< of a failure, one line
  Stamp said;
};

struct RolloutStop {
  Owner owner = Owner::Operator;
  std::string by;
  Stamp said;
};

/// What a node was last brought to.
struct NodeFirmware {
  std::string node;
  Firmware image;
  Instant since{};
};

/// Free functions on journal, in the caller's transaction.
namespace rollout_table {

/// Each appends an event and gives the rollout as it is after it.
/// Conflict: another one runs.
Result<Rollout> start(Database& database, Ledger& ledger, const RolloutStart& start);
/// Conflict: the rollout is over, or it is another node's turn.
Result<Rollout> step(Database& database, Ledger& ledger, const RolloutStep& step);
/// Conflict: none runs.
Result<Rollout> stop(Database& database, Ledger& ledger, const RolloutStop& stop);

/// None: there never was one.
Result<std::optional<Rollout>> newest(Database& database);
/// Of every node that a rollout has brought to an image, the last one.
Result<std::vector<NodeFirmware>> node_firmware(Database& database);
/// The highest security counter that a rollout has brought the node to.
Result<std::optional<std::uint32_t>> counter_of(Database& database, const std::string& node);
/// Empties the tables and replays every leaf.
Result<void> rebuild(Database& database);

}  // namespace rollout_table
}  // namespace jieding::sync
