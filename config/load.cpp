#include "config/load.hpp"

#include "config/nodes.hpp"
#include "config/sections.hpp"
#include "config/toml_file.hpp"

namespace jieding::config {
namespace {

namespace fs = std::filesystem;

void read_sections(const toml::table& parsed, std::span<const DriverSchema> drivers,
                   Folders& folders, Notes& notes, Config& config) {
  Table root(parsed, "", folders, notes);
  config.storage.state = folders.file / config.storage.state;
  read_storage(root, config.storage);
  folders.state = config.storage.state;  // from here on `secrets/...` leads there
  read_site(root, config.site);
  read_web(root, config.web);
  read_uplink(root, config.uplink);
  read_milestones(root, config.milestones);
  read_findings(root, config.findings);
  read_vision(root, config.vision);
  read_update(root, config.update);
  read_users(root, config.users);
  read_buildings(root, config.buildings);
  read_drivers(root, drivers, config);
  read_cameras(root, drivers, config);
  read_devices(root, drivers, config);
  read_nodes(root);  // for their complaints; see nodes.hpp
  read_limits(root, config);
  read_clock(root, config);
  read_project(root, config);
  root.refuse_unknown();
}

Folders folders_of(const fs::path& file) {
  const auto working = fs::current_path();
  return {(working / file).parent_path().lexically_normal(), working, {}};
}

}  // namespace

Result<Config> load_text(std::string_view text, const fs::path& file,
                         std::span<const DriverSchema> drivers,
                         std::span<const std::string> overrides, Complaints& complaints) {
  Notes notes(file.string());
  Config config;
  config.file = file;
  if (auto parsed = parse(text, notes)) {
    apply_overrides(*parsed, overrides, notes);
    Folders folders = folders_of(file);
    read_sections(*parsed, drivers, folders, notes, config);
  }
  complaints = notes.complaints();
  read_policy(config, complaints);
  if (complaints.empty()) return config;
  return Error(Fault::Invalid, complaints.front());
}

Result<Config> load(const fs::path& file, std::span<const DriverSchema> drivers,
                    std::span<const std::string> overrides, Complaints& complaints) {
  const auto text = read_file(file);
  if (text) return load_text(*text, file, drivers, overrides, complaints);
  complaints = {text.error().text()};
  return text.error();
}

Result<std::vector<Node>> load_nodes(const fs::path& file, std::span<const std::string> overrides) {
  const auto text = read_file(file);
  if (!text) return text.error();
  Notes notes(file.string());
  auto parsed = parse(*text, notes);
  std::vector<Node> nodes;
  if (parsed) {
    apply_overrides(*parsed, overrides, notes);
    const Folders folders = folders_of(file);
    Table root(*parsed, "", folders, notes);
    nodes = read_nodes(root);
  }
  if (notes.empty()) return nodes;
  return Error{Fault::Invalid, notes.complaints().front()};
}

}  // namespace jieding::config
