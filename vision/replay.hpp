#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/result.hpp"
#include "vision/camera_setup.hpp"

namespace jieding::vision {

struct ReplaySummary {
  int frames = 0;
  int usable = 0;
  int proposals = 0;
  std::vector<std::string> skipped;  ///< files whose name is no `YYYYMMDDThhmmssZ.jpg`
};

/// Runs a folder of pictures, in name order, through a jieding-vision of its own, and writes one
/// JSON object per frame (and one per proposal to `milestones`). Each line knows only its frame and
/// those before. Blocks; for the command line and for measuring, not for io.
Result<ReplaySummary> replay(const CameraSetup& camera, const std::filesystem::path& frames,
                             const std::filesystem::path& out,
                             const std::optional<std::filesystem::path>& milestones,
                             const std::filesystem::path& program);

}  // namespace jieding::vision
