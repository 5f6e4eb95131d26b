#include "config/config.hpp"

#include <algorithm>

namespace jieding::config {
namespace {

template <class T>
const T* find(const std::vector<T>& all, std::string_view id) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

const Building* Config::building(std::string_view id) const {
  return find(buildings, id);
}
bool Config::is_subject(std::string_view id) const {
  return building(id) != nullptr || id == project.id || find(project.phases, id) != nullptr ||
         find(project.facilities, id) != nullptr;
}
const Camera* Config::camera(std::string_view id) const {
  return find(cameras, id);
}
std::vector<std::string> Config::camera_ids() const {
  std::vector<std::string> ids;
  for (const Camera& camera : cameras)
    ids.push_back(camera.id);
  return ids;
}
const Device* Config::device(std::string_view id) const {
  return find(devices, id);
}
const User* Config::user(std::string_view id) const {
  return find(users, id);
}

const Settings& Config::driver(std::string_view name) const {
  static const Settings none;
  const auto found = std::find_if(drivers.begin(), drivers.end(),
                                  [&](const Driver& driver) { return driver.name == name; });
  return found == drivers.end() ? none : found->settings;
}

}  // namespace jieding::config
