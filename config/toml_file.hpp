#pragma once

#include <toml++/toml.h>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/table.hpp"

namespace jieding::config {

/// The text of a file of at most 1 MiB.
Result<std::string> read_file(const std::filesystem::path& file);

/// Empty where the text is not TOML; the complaint then stands in `notes`.
std::optional<toml::table> parse(std::string_view text, Notes& notes);

}  // namespace jieding::config
