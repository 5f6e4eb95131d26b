#pragma once
// Nodes and rollouts as pages and the command line see them.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/nodes.hpp"
#include "gateway/node_programs.hpp"
#include "sync/rollout_book.hpp"

namespace jieding {

/// `percent` of the image's bytes that the node in hand has; shown until it has them all.
boost::json::object rollout_json(const Rollout& rollout, int percent);
/// What a node answered when it was last asked.
struct NodeHeard {
  Instant at{};
  std::optional<NodeRuns> runs;  ///< none: it was silent
};
using NodesHeard = std::map<std::string, NodeHeard, std::less<>>;

/// Each configured node with what it was last brought to, and what it said itself.
boost::json::array nodes_json(const std::vector<config::Node>& nodes,
                              const std::vector<sync::NodeFirmware>& brought,
                              const NodesHeard& heard);
boost::json::array firmware_json(const std::vector<sync::KeptFirmware>& kept);

}  // namespace jieding
