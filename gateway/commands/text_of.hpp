#pragma once

#include <filesystem>
#include <string>

namespace jieding::commands {

/// A file's bytes; empty where it cannot be read.
std::string text_of(const std::filesystem::path& file);

}  // namespace jieding::commands
