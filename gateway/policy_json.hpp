#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <vector>

#include "config/config.hpp"
#include "gateway/milestones/rules.hpp"
#include "sync/action_table.hpp"

namespace jieding {

using AllMilestones = std::map<MilestoneKey, milestones::Milestone>;

/// What people call a building, a phase, a facility or the project.
std::string subject_name(const config::Config& config, const std::string& subject);

/// What the policy is held against.
struct PolicySources {
  const AllMilestones& milestones;
  const std::vector<Households>& households;  ///< counts that stand
  const std::vector<sync::StoredAction>& actions;
};

/// The policy held against the project (`policy` of GET /api/v1/site); null where the configuration
/// names none. While the clock is not trusted no rule stands anywhere: all is unknown.
boost::json::value policy_json(const config::Config& config, const PolicySources& sources,
                               const Stamp& now);

/// How many households wait, of the project and of each phase of several; what was not counted is
/// left out. `households`: the counts that stand.
boost::json::array households_json(const config::Config& config,
                                   const std::vector<Households>& households);

/// When the building will top out by its own rhythm, or why that cannot be told.
boost::json::object forecast_json(const config::Building& building, const AllMilestones& milestones,
                                  const Stamp& now);

}  // namespace jieding
