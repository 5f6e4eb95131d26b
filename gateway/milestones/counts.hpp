#pragma once
// What people's confirmations teach the cameras.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "gateway/domain/observation.hpp"
#include "gateway/milestones/rules.hpp"

namespace jieding::milestones {

/// Confirmed storeys of these buildings that were cast in the two days before `taken`: that many
/// storeys stand in a picture of that time, for the next one is days away. Ledger order. Pure.
std::vector<ConfirmedCount> counts_at(const std::map<MilestoneKey, Milestone>& milestones,
                                      std::span<const std::string> buildings, Instant taken);

}  // namespace jieding::milestones
