#pragma once

#include "vision/row_evidence.hpp"

namespace jieding::vision {

/// Log-odds that what stands on the roof slab of a building of so many storeys is closed, as a
/// parapet is, and not its rebar or rail; 0 where this picture cannot tell.
double closed_parapet(const RowEvidence& rows, int storeys);

}  // namespace jieding::vision
