#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gateway/domain/observation.hpp"
#include "vision/camera_setup.hpp"

namespace jieding::vision {

/// The first camera of a site.toml (the replay configuration).
CameraSetup read_site(const std::filesystem::path& folder);

/// A whole file.
std::string read_file(const std::filesystem::path& file);

/// The pictures of a site in name order, those numbered from `first` on, at most `count`.
std::vector<std::filesystem::path> pictures_of(const std::filesystem::path& folder,
                                               std::size_t first, std::size_t count);

/// A picture as a source would bring it.
Frame frame_of(const std::filesystem::path& file, const std::string& camera = "mast");

}  // namespace jieding::vision
