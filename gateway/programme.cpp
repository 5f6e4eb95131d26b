#include "gateway/programme.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <chrono>
#include <cmath>

namespace jieding {
namespace {

namespace json = boost::json;
using DayCount = std::chrono::duration<double, std::chrono::days::period>;

int whole_days(DayCount time) {
  return static_cast<int>(std::floor(time.count()));
}

}  // namespace

std::optional<PlanStanding> plan_standing(const config::Building& building, int cast, Instant at) {
  if (!building.plan) return std::nullopt;
  const Instant begin = beginning_of(building.plan->zero_level);
  if (cast == 0 && at < begin) return std::nullopt;
  const DayCount all = beginning_of(building.plan->topping_out) - begin;
  const DayCount gone = at - begin;
  const auto due_after = [&](int storeys) { return all * storeys / building.storeys; };
  const int due =
      std::clamp(static_cast<int>(std::floor(gone / all * building.storeys)), 0, building.storeys);
  const int late = whole_days(gone - due_after(cast + 1));
  const int early = whole_days(due_after(cast) - gone);
  if (late > 0 && due > cast) return PlanStanding{late, due - cast, false};
  if (early > 0 && cast > due) return PlanStanding{-early, due - cast, false};
  return PlanStanding{};
}

std::optional<PlanStanding> plan_standing_at_the_end(const config::Building& building, Instant at) {
  if (!building.plan) return std::nullopt;
  return PlanStanding{whole_days(at - beginning_of(building.plan->topping_out)), 0, true};
}

json::value plan_json(const std::optional<config::Plan>& plan) {
  if (!plan) return nullptr;
  return json::object{{"zero_level", to_text(plan->zero_level)},
                      {"topping_out", to_text(plan->topping_out)}};
}

json::value plan_standing_json(const std::optional<PlanStanding>& standing) {
  if (!standing) return nullptr;
  return json::object{{"days_late", standing->days},
                      {"storeys_short", standing->storeys},
                      {"topped_out", standing->topped_out}};
}

}  // namespace jieding
