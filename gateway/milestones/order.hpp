#pragma once
// What cannot have happened in the order in which it is told.

#include <span>
#include <string>
#include <vector>

#include "gateway/milestones/rules.hpp"

namespace jieding::milestones {

/// A milestone of the same building, phase or project, of its parts, or of what it is part of.
struct Neighbour {
  MilestoneKey key;
  Instant at;
};

/// Whether a claim or a record fits to what is known already: nothing is filed before it has topped
/// out. `buildings`: those that the statement speaks of; each must have topped out before anybody
/// can say that the whole passed acceptance, was filed or handed over. What cameras see is not
/// asked: they say what they see. Pure. Errors: Conflict, naming both days.
Result<void> check_order(const Statement& statement, std::span<const Neighbour> neighbours,
                         std::span<const std::string> buildings);

}  // namespace jieding::milestones
