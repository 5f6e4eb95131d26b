#pragma once
// What a device might say: invented, smooth, shaped by the day, the same for the same seed and
// instant. Pure.
//
// Nothing here says how high a building is (no `hoist_top_floor`, no `crane_height`): an invented
// figure must never stand beside what a camera saw.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/domain/time.hpp"

namespace jieding::drivers::simulated {

enum class Kind { Dust, Hoist, Crane };
inline constexpr std::array<std::string_view, 3> kind_words{"dust", "hoist", "crane"};

struct Value {
  std::string_view quantity;
  std::string_view unit;
  double value;
};

/// All that a device of this kind says at one instant.
std::vector<Value> values_of(Kind kind, std::uint64_t seed, Instant at);

/// The same number for the same name on every machine.
std::uint64_t seed_of(std::string_view name);

}  // namespace jieding::drivers::simulated
