#include "firmware-tools/provision/named_files.hpp"

#include <algorithm>

#include "drivers/driver.hpp"

namespace jieding::tools::provision {
namespace {

namespace fs = std::filesystem;

void add(std::vector<NamedFile>& found, const std::string& whose, const fs::path& file,
         bool token = false) {
  if (!file.empty()) found.push_back({whose, file, token});
}

/// By their names, such as `sm4_key_file`.
void add_settings(std::vector<NamedFile>& found, const std::string& whose,
                  const config::Settings& settings, std::span<const config::Key> keys) {
  for (const config::Key& key : keys) {
    if (key.kind == config::KeyKind::Path && key.name.ends_with("_file"))
      add(found, whose, settings.get<std::string>(key.name), key.name == "token_file");
  }
}

const config::DriverSchema* schema_of(std::string_view driver) {
  const auto all = drivers::schemas();
  const auto at = std::find_if(all.begin(), all.end(),
                               [&](const auto& schema) { return schema.name == driver; });
  return at == all.end() ? nullptr : &*at;
}

}  // namespace

std::vector<NamedFile> named_files(const config::Config& config) {
  std::vector<NamedFile> found;
  add(found, "policy", config.policy_file);
  add(found, "uplink", config.uplink.password_file);
  add(found, "uplink", config.uplink.ca_file);
  add(found, "uplink", config.uplink.certificate_file);
  add(found, "uplink", config.uplink.key_file);
  for (const auto& driver : config.drivers) {
    if (const auto* schema = schema_of(driver.name))
      add_settings(found, "driver " + driver.name, driver.settings, schema->settings);
  }
  for (const auto& device : config.devices) {
    add(found, "device " + device.id, device.token_file, true);
    if (const auto* schema = schema_of(device.driver))
      add_settings(found, "device " + device.id, device.settings, schema->unit_settings);
  }
  for (const auto& camera : config.cameras) {
    if (const auto* schema = schema_of(camera.driver))
      add_settings(found, "camera " + camera.id, camera.settings, schema->unit_settings);
  }
  return found;
}

}  // namespace jieding::tools::provision
