#pragma once

#include <filesystem>
#include <vector>

#include "config/config.hpp"
#include "vision/camera_setup.hpp"

namespace jieding {

/// `vision.executable`, or jieding-vision beside the running jieding.
std::filesystem::path vision_executable(const config::Config& config);

/// jieding-film, beside jieding-vision.
std::filesystem::path film_executable(const config::Config& config);

/// Of all its cameras.
std::vector<vision::CameraSetup> vision_setups(const config::Config& config);

/// What vision must know of a camera, and no more: no address, no credential.
vision::CameraSetup vision_setup(const config::Config& config, const config::Camera& camera);

}  // namespace jieding
