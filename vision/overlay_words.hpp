#pragma once

#include <string>
#include <vector>

#include "gateway/domain/observation.hpp"

namespace jieding::vision {

/// The residents' language first; the same in English, for whoever maintains the box.
struct CaptionLine {
  std::string chinese, english;
};

/// What the overlay says of an estimate of the building of this name: the figure and the stage;
/// what the picture shows, and how the storeys follow from it; at times what else counted.
std::vector<CaptionLine> caption_of(const BuildingEstimate& estimate, const std::string& name);

}  // namespace jieding::vision
