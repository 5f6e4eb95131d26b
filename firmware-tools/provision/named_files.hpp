#pragma once
// The files that a configuration names: what must lie in a box besides it.

#include <filesystem>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace jieding::tools::provision {

struct NamedFile {
  std::string whose;           ///< `device hoist-1`, for people
  std::filesystem::path file;  ///< as config::load resolved it
  bool token = false;          ///< a random one will do; else somebody must bring it
};

/// Folders, programs and serial ports are of the machine and not among them.
std::vector<NamedFile> named_files(const config::Config& config);

}  // namespace jieding::tools::provision
