#pragma once

#include "tests/scenes/dice.hpp"
#include "tests/scenes/plan.hpp"

namespace jieding::scenes {

/// Where the camera stands and what its lens takes in, by the plan's tower and wishes.
Lens framed(const Plan& plan, Dice& dice);

}  // namespace jieding::scenes
