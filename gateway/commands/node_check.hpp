#pragma once

#include <vector>

#include "config/nodes.hpp"
#include "gateway/commands/findings.hpp"

namespace jieding::commands {

/// Their keys, and the programs that speak with them; `deep`: whether each answers.
void check_nodes(Findings& findings, const std::vector<config::Node>& nodes, bool deep);

}  // namespace jieding::commands
