#include "gateway/surroundings.hpp"

#include <algorithm>

namespace jieding {
namespace {

void add(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

milestones::Surroundings surroundings_of(const Project& project, const std::string& subject) {
  milestones::Surroundings around{{subject}, {}};
  const bool whole = subject == project.id;
  for (const Phase& phase : project.phases) {
    const auto& buildings = phase.buildings;
    const bool contains = std::find(buildings.begin(), buildings.end(), subject) != buildings.end();
    if (contains) {
      add(around.subjects, {phase.id, project.id});
      around.buildings = {subject};
    }
    if (phase.id == subject) add(around.subjects, {project.id});
    if (whole) add(around.subjects, {phase.id});
    if (phase.id == subject || whole) {
      add(around.subjects, buildings);
      add(around.buildings, buildings);
    }
  }
  return around;
}

Result<void> check_subject(const config::Config& config, const MilestoneKey& milestone) {
  const std::string named = "'" + milestone.building.substr(0, 40) + "'";
  if (!config.is_subject(milestone.building))
    return Error{Fault::NotFound, "there is no building, phase or facility " + named + " here"};
  if (config.building(milestone.building) != nullptr) return {};
  const MilestoneKind* kind = find_milestone_kind(milestone.kind);
  if (kind != nullptr && !kind->documentary)
    return Error{Fault::Invalid, milestone.kind + " is said of a building, not of " + named};
  const auto& facilities = config.project.facilities;
  const bool facility = std::any_of(facilities.begin(), facilities.end(), [&](const Facility& one) {
    return one.id == milestone.building;
  });
  if (facility != (milestone.kind == "facility_ready")) {
    return Error{Fault::Invalid, facility
                                     ? named + " is a facility; only facility_ready is said of it"
                                     : "facility_ready is said of a [[facility]], not of " + named};
  }
  return {};
}

}  // namespace jieding
