#include <vector>

#include "drivers/driver.hpp"

namespace jieding::drivers {

#define DRIVER(name) extern const DriverType name##_driver;
#include "drivers/drivers.def"
#undef DRIVER

namespace {

#define DRIVER(name) &name##_driver,
constexpr const DriverType* all[] = {
#include "drivers/drivers.def"
};
#undef DRIVER

}  // namespace

std::span<const DriverType* const> registry() {
  return all;
}

std::span<const config::DriverSchema> schemas() {
  static const auto list = [] {
    std::vector<config::DriverSchema> made;
    for (const DriverType* type : all) {
      made.push_back({type->name, type->is_camera, type->settings, type->unit_settings});
    }
    return made;
  }();
  return list;
}

}  // namespace jieding::drivers
