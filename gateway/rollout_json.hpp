#pragma once
// Nodes and rollouts as pages and the command line see them.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "config/nodes.hpp"
#include "sync/rollout_book.hpp"

namespace jieding {

/// `percent` of the image's bytes that the node in hand has; shown until it has them all.
boost::json::object rollout_json(const Rollout& rollout, int percent);
/// Each configured node with what it was last brought to.
boost::json::array nodes_json(const std::vector<config::Node>& nodes,
                              const std::vector<sync::NodeFirmware>& brought);
boost::json::array firmware_json(const std::vector<sync::KeptFirmware>& kept);

}  // namespace jieding
