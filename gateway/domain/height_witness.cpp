#include "gateway/domain/height_witness.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace jieding {
namespace {

constexpr int enough = 3;
/// The machine room and the roof's own stop.
constexpr int storeys_above_roof = 2;
/// A crane that was watched for less may only have lifted low as yet.
constexpr std::chrono::days crane_watched{7};
/// Storeys are not all equally high (ground floor, podium), and a hook hangs below what it lifts
/// to.
constexpr int slack_storeys = 2;

int storey_of(const HeightWitness& witness, int level) {
  return level - static_cast<int>(std::lround(witness.zero)) + 1;
}

bool can_be(const HeightWitness& witness, const PlannedHeight& building, int level) {
  return witness.shows == Shows::Hook ||
         storey_of(witness, level) <= building.storeys + storeys_above_roof;
}

/// Who stands on storey n has n - 1 below, cast.
void bound_by_floor(const HeightWitness& witness, const PlannedHeight& building,
                    Observation& observation) {
  const int below = storey_of(witness, observation.level) - 1;
  if (below > 0) observation.storeys_low = std::min(below, building.storeys);
}

void bound_by_hook(const HeightWitness& witness, const PlannedHeight& building, Instant watched,
                   Observation& observation) {
  if (observation.last - watched < crane_watched) return;
  const double metres = observation.level + 1 - witness.zero;  // of the whole metre begun
  const int storeys =
      static_cast<int>(std::floor(metres / building.storey_height_m)) + slack_storeys;
  if (storeys < building.storeys) observation.storeys_high = std::max(0, storeys);
}

}  // namespace

std::string_view to_text(Shows shows) {
  return shows == Shows::Floor ? "floor" : "hook";
}

std::string_view to_text(Says says) {
  switch (says) {
    case Says::Nothing:
      return "nothing";
    case Says::Supports:
      return "supports";
    case Says::Contradicts:
      return "contradicts";
  }
  return "nothing";
}

std::optional<Observation> observe(const HeightWitness& witness, const PlannedHeight& building,
                                   std::span<const HeightLevel> levels) {
  std::vector<HeightLevel> downwards;
  for (const HeightLevel& level : levels)
    if (can_be(witness, building, level.level)) downwards.push_back(level);
  if (downwards.empty()) return std::nullopt;
  std::sort(downwards.begin(), downwards.end(),
            [](const HeightLevel& a, const HeightLevel& b) { return a.level > b.level; });
  Observation observation{witness.device, witness.owner, witness.shows, 0, {}, {}, {}, {}};
  Instant watched = downwards.front().first;
  for (const HeightLevel& level : downwards) {
    watched = std::min(watched, level.first);
    observation.last = std::max(observation.last, level.last);
  }
  int seen = 0;
  for (const HeightLevel& level : downwards) {
    const Instant first = seen == 0 ? level.first : std::min(observation.since, level.first);
    observation.since = first;
    observation.level = level.level;
    seen += level.seen;
    if (seen >= enough) break;
  }
  if (seen < enough) return std::nullopt;
  if (witness.shows == Shows::Floor) bound_by_floor(witness, building, observation);
  if (witness.shows == Shows::Hook) bound_by_hook(witness, building, watched, observation);
  return observation;
}

Says word_on(const Observation& observation, const MilestoneKey& milestone, int storeys_planned) {
  const bool counts = milestone.kind == "storey_cast" || milestone.kind == "topping_out";
  if (!counts) return Says::Nothing;
  const int storeys = milestone.kind == "storey_cast" ? milestone.storey : storeys_planned;
  if (observation.storeys_high && storeys > *observation.storeys_high) return Says::Contradicts;
  if (observation.storeys_low && storeys <= *observation.storeys_low) return Says::Supports;
  return Says::Nothing;
}

Says word_on(const Observation& observation, int storeys_low, int storeys_high) {
  if (!observation.storeys_low && !observation.storeys_high) return Says::Nothing;
  const bool above = observation.storeys_low && *observation.storeys_low > storeys_high;
  const bool below = observation.storeys_high && *observation.storeys_high < storeys_low;
  return above || below ? Says::Contradicts : Says::Supports;
}

}  // namespace jieding
