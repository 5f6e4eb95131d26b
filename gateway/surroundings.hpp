#pragma once

#include "config/config.hpp"
#include "gateway/milestones/rules.hpp"

namespace jieding {

/// Whose days a statement about a building, a phase or the project must fit to. A facility stands
/// alone.
milestones::Surroundings surroundings_of(const Project& project, const std::string& subject);

/// Whether this milestone can be said of this subject at all: what is seen is said of buildings, a
/// facility is ready and nothing else. Errors: NotFound, Invalid.
Result<void> check_subject(const config::Config& config, const MilestoneKey& milestone);

}  // namespace jieding
