#pragma once

#include <vector>

#include "config/config.hpp"
#include "gateway/domain/height_witness.hpp"

namespace jieding {

/// All `[[device.witness]]` of the configuration.
std::vector<HeightWitness> height_witnesses(const config::Config& config);

}  // namespace jieding
