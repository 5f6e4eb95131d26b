#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/nodes.hpp"
#include "gateway/commands/commands.hpp"

namespace jieding::commands {

/// The nodes of a configuration that load() has taken, or prints why not.
std::optional<std::vector<config::Node>> load_nodes(const Source& source);

/// Verifies an image for the configured nodes and keeps it; prints its SHA-256. Beside a running
/// gateway or without one.
int rollout_keep(const Source& source, const std::string& image);
struct RolloutStart {
  std::string image;  ///< SHA-256 of a kept one
  std::vector<std::string> nodes;
  bool all = false;          ///< nodes of the configuration, in its order
  bool allow_older = false;  ///< than what a node runs
};
/// Both ask the running gateway.
int rollout_start(const Source& source, const RolloutStart& what);
int rollout_stop(const Source& source);
/// Images, nodes, the newest rollout with each node's last step.
int rollout_status(const Source& source);

}  // namespace jieding::commands
