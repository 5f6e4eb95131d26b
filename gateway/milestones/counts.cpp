#include "gateway/milestones/counts.hpp"

#include <algorithm>
#include <chrono>

namespace jieding::milestones {
namespace {

/// Shorter than the quickest cycle of a storey (some three days).
constexpr std::chrono::days still_the_same{2};

bool stands_at(const Milestone& milestone, Instant taken) {
  return milestone.key.kind == "storey_cast" && milestone.status == Status::Confirmed &&
         !milestone.statements.empty() && milestone.at <= taken &&
         taken - milestone.at <= still_the_same;
}

}  // namespace

std::vector<ConfirmedCount> counts_at(const std::map<MilestoneKey, Milestone>& milestones,
                                      std::span<const std::string> buildings, Instant taken) {
  std::vector<ConfirmedCount> counts;
  for (const auto& [key, milestone] : milestones) {
    const bool in_sight =
        std::find(buildings.begin(), buildings.end(), key.building) != buildings.end();
    if (in_sight && stands_at(milestone, taken))
      counts.push_back({key.building, key.storey, milestone.statements.back().ledger_index});
  }
  std::sort(counts.begin(), counts.end(),
            [](const auto& a, const auto& b) { return a.ledger_index < b.ledger_index; });
  return counts;
}

}  // namespace jieding::milestones
