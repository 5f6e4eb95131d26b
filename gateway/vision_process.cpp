#include "gateway/vision_process.hpp"

namespace jieding {
namespace {

vision::Scaffold to_vision(config::Scaffold scaffold) {
  switch (scaffold) {
    case config::Scaffold::Unknown:
      return vision::Scaffold::Unknown;
    case config::Scaffold::Climbing:
      return vision::Scaffold::Climbing;
    case config::Scaffold::Wrapped:
      return vision::Scaffold::Wrapped;
    case config::Scaffold::None:
      return vision::Scaffold::None;
  }
  return vision::Scaffold::Unknown;
}

vision::FacadeSetup facade_setup(const config::Config& config, const config::Facade& facade) {
  vision::FacadeSetup setup;
  setup.building = facade.building;
  if (const config::Building* building = config.building(facade.building)) {
    setup.name = building->name;
    setup.storeys = building->storeys;
    setup.storey_height_m = building->storey_height_m;
  }
  setup.scaffold = to_vision(facade.scaffold);
  setup.storeys_at_start = facade.storeys_at_start;
  setup.corners = facade.corners;
  return setup;
}

}  // namespace

std::filesystem::path vision_executable(const config::Config& config) {
  if (!config.vision.executable.empty()) return config.vision.executable;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "jieding-vision";
}

std::filesystem::path film_executable(const config::Config& config) {
  return vision_executable(config).parent_path() / "jieding-film";
}

vision::CameraSetup vision_setup(const config::Config& config, const config::Camera& camera) {
  vision::CameraSetup setup;
  setup.id = camera.id;
  setup.width_px = camera.image_size[0];
  setup.height_px = camera.image_size[1];
  setup.outside_hidden = camera.outside_hidden;
  setup.masks = camera.masks;
  for (const auto& facade : camera.facades)
    setup.facades.push_back(facade_setup(config, facade));
  return setup;
}

std::vector<vision::CameraSetup> vision_setups(const config::Config& config) {
  std::vector<vision::CameraSetup> setups;
  for (const config::Camera& camera : config.cameras)
    setups.push_back(vision_setup(config, camera));
  return setups;
}

}  // namespace jieding
