#pragma once

#include "vision/change.hpp"
#include "vision/row_evidence.hpp"

namespace jieding::vision {

/// Something is dug or built at the building's foot, where earlier pictures knew bare ground.
bool shows_works_low(const RowEvidence& rows);

/// `stood`: storeys that surely stood in the frame before.
RowEvidence read_rows(const Change& change, int stood);

}  // namespace jieding::vision
