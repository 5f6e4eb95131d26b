#include "gateway/commands/setup_in_force.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <utility>

#include "gateway/camera_setup.hpp"
#include "sync/camera_table.hpp"
#include "sync/picture_list.hpp"
#include "sync/state_folder.hpp"

namespace jieding::commands {
namespace {

/// NotFound: the page has set up nothing of this camera.
Result<sync::StoredCameraSetup> of_page(const std::filesystem::path& state,
                                        const std::string& camera) {
  const Error nothing(Fault::NotFound, "not set up on the page");
  std::error_code code;
  if (!std::filesystem::exists(sync::database_file(state), code)) return nothing;
  const auto database = sync::open_to_read(state);
  if (!database) return database.error();
  auto setups = sync::camera_table::all(**database);
  if (!setups) return setups.error();
  const auto found = std::find_if(setups->begin(), setups->end(),
                                  [&](const auto& setup) { return setup.camera == camera; });
  if (found == setups->end()) return nothing;
  return std::move(*found);
}

}  // namespace

std::optional<config::Config> load_in_force(const Source& source, const std::string& camera) {
  auto config = load(source);
  if (!config || config->camera(camera) == nullptr) return config;
  const std::string whose = "jieding: camera " + camera + ": ";
  const auto setup = of_page(config->storage.state, camera);
  if (!setup) {
    if (setup.error().kind() != Fault::NotFound)
      std::cerr << whose << setup.error().text() << "; corners and masks are the file's\n";
    return config;
  }
  auto changed = set_up(*config->camera(camera), setup->setup, *config);
  if (!changed) {
    std::cerr << whose << "what was set up on the page does not fit the file ("
              << changed.error().text() << "); corners and masks are the file's\n";
    return config;
  }
  std::cerr << whose << "corners and masks are those of the page (" << to_rfc3339(setup->at)
            << ", event " << setup->index << ")\n";
  replace(*config, std::move(*changed));
  return config;
}

}  // namespace jieding::commands
