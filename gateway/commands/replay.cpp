#include "vision/replay.hpp"

#include <iostream>

#include "gateway/commands/complain.hpp"
#include "gateway/commands/setup_in_force.hpp"
#include "gateway/vision_process.hpp"

namespace jieding::commands {

int replay(const Source& source, const Replay& what) {
  const auto config = load_in_force(source, what.camera);
  if (!config) return 1;
  const config::Camera* camera = config->camera(what.camera);
  if (!camera) {
    std::cerr << "jieding: there is no camera '" << what.camera << "' in " << source.file
              << "; give the id of a [[camera]]\n";
    return 2;
  }
  const auto milestones = what.milestones.empty()
                              ? std::nullopt
                              : std::optional<std::filesystem::path>(what.milestones);
  const auto summary = vision::replay(vision_setup(*config, *camera), what.frames, what.out,
                                      milestones, vision_executable(*config));
  if (!summary) return complain(summary.error());
  for (const std::string& skipped : summary->skipped)
    std::cerr << "jieding: " << skipped
              << " is left out: its name is no time, such as 20240530T044200Z.jpg (UTC)\n";
  return 0;
}

}  // namespace jieding::commands
