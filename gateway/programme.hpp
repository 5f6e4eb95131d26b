#pragma once
// The contractor's programme held against what was seen (page/src/plan.ts says the same): at ±0.00
// on one day, all storeys cast on another, and the same time for each storey between.

#include <boost/json/value.hpp>
#include <optional>

#include "config/config.hpp"

namespace jieding {

/// How the works stand to it.
struct PlanStanding {
  int days = 0;     ///< late; below zero: early; zero: on plan
  int storeys = 0;  ///< that lack; below zero: more than planned; zero at the end
  bool topped_out = false;
};

/// So many storeys of a building stand at an instant; none: nothing is due yet and nothing done.
/// Who has the last storey that is due, and not the next, is on plan.
std::optional<PlanStanding> plan_standing(const config::Building& building, int cast, Instant at);
/// All of them stood for the first time at an instant.
std::optional<PlanStanding> plan_standing_at_the_end(const config::Building& building, Instant at);

/// Null for none.
boost::json::value plan_json(const std::optional<config::Plan>& plan);
boost::json::value plan_standing_json(const std::optional<PlanStanding>& standing);

}  // namespace jieding
