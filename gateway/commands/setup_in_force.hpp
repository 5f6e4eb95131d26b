#pragma once
// The configuration as the gateway would run on it: with what was set up on the page.

#include <optional>
#include <string>

#include "config/config.hpp"
#include "gateway/commands/commands.hpp"

namespace jieding::commands {

/// Like load(); says on stderr whose corners and masks the camera has, where the page has set some
/// up. A state folder that cannot be read is told there, too, and the file's hold.
std::optional<config::Config> load_in_force(const Source& source, const std::string& camera);

}  // namespace jieding::commands
