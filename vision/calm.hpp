#pragma once

#include <vector>

#include "vision/change.hpp"

namespace jieding::vision {

/// Per strip row the residual over its noise from which a pixel has changed: the less, the calmer
/// the places beside the facade are in the same rows. A sky in fog is explained far better than the
/// picture as a whole, and little stands out there.
std::vector<double> changed_from(const Change& change);

/// Of two values per row the smaller, where both are known (0 or more): on one side a neighbour or
/// the building's own side face may stand.
std::vector<double> quieter(const std::vector<double>& left, const std::vector<double>& right);

}  // namespace jieding::vision
