#pragma once
// What a hoist's top floor and a crane's hook height tell of a building. They are the contractor's
// devices: a check on what cameras see and people claim, never a word of their own on a milestone.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/domain/milestone.hpp"
#include "gateway/domain/time.hpp"

namespace jieding {

enum class Shows {
  Floor,  ///< where a hoist stops: so much stands at least
  Hook,   ///< how high a crane lifts: nothing stands above what it ever reached
};
std::string_view to_text(Shows shows);

/// A device that shows a height, and how its numbers lie to the building.
struct HeightWitness {
  std::string device;
  Owner owner = Owner::Contractor;
  std::string building;
  std::string quantity;  ///< `hoist_floor`, `crane_height`
  Shows shows = Shows::Floor;
  /// Floor: the number shown at the first storey. Hook: the metres shown at the height of ±0.00.
  double zero = 1;
};

/// How often a level was reached: a floor's number or whole metres, as the device counts.
struct HeightLevel {
  int level = 0;
  int seen = 0;
  Instant first;
  Instant last;
  bool operator==(const HeightLevel&) const = default;
};

/// What the witness says by now.
struct Observation {
  std::string device;
  Owner owner = Owner::Contractor;
  Shows shows = Shows::Floor;
  int level = 0;                    ///< the highest that is believed, as the device counts
  Instant since;                    ///< when it was first reached
  Instant last;                     ///< the newest word
  std::optional<int> storeys_low;   ///< so many storeys are cast at least
  std::optional<int> storeys_high;  ///< and so many at most
};

/// The planned building that a witness speaks of.
struct PlannedHeight {
  int storeys = 0;
  double storey_height_m = 2.9;
};

/// None: nothing was seen often enough. One wild reading convinces nobody: a level counts when it,
/// or what is above it, was reached three times; a storey far above the roof never does. Pure.
std::optional<Observation> observe(const HeightWitness& witness, const PlannedHeight& building,
                                   std::span<const HeightLevel> levels);

enum class Says { Nothing, Supports, Contradicts };
std::string_view to_text(Says says);

/// On a milestone that counts storeys: storey_cast and topping_out. Of others: nothing.
Says word_on(const Observation& observation, const MilestoneKey& milestone, int storeys_planned);
/// On an interval of storeys cast, as cameras estimate it.
Says word_on(const Observation& observation, int storeys_low, int storeys_high);

}  // namespace jieding
