#pragma once

#include <string>

#include "config/config.hpp"

namespace jieding {

/// How the public record calls a person: it knows that it was the same one, not who.
std::string public_name(const config::Config& config, const std::string& person);

}  // namespace jieding
