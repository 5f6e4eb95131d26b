#pragma once

#include "config/config.hpp"

namespace jieding::config {

/// What load() does with a file's text; `file` only names it and anchors its relative paths.
Result<Config> load_text(std::string_view text, const std::filesystem::path& file,
                         std::span<const DriverSchema> drivers,
                         std::span<const std::string> overrides, Complaints& complaints);

}  // namespace jieding::config
