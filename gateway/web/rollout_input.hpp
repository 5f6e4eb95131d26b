#pragma once

#include <string>

#include "gateway/domain/result.hpp"
#include "gateway/web/node_record.hpp"

namespace jieding::web {

/// Which image is to come to which nodes: `{"image": SHA256, "nodes": [ID, ...]}` and nothing else.
Result<RolloutWish> read_rollout(const std::string& body);

}  // namespace jieding::web
