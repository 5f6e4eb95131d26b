#pragma once
// The groups of sections, in the order in which load.cpp reads them: later ones refer to what
// earlier ones named.

#include <span>

#include "config/config.hpp"
#include "config/table.hpp"

namespace jieding::config {

/// How long a device or camera may say nothing; "0s" switches the watch off.
inline constexpr Range<std::chrono::milliseconds> silence_range{std::chrono::milliseconds{0},
                                                                std::chrono::hours{24 * 31}};

// site.cpp
void read_storage(Table& root, Storage& storage);
void read_site(Table& root, Site& site);
void read_milestones(Table& root, Milestones& milestones);
void read_findings(Table& root, Findings& findings);
void read_vision(Table& root, Vision& vision);
void read_update(Table& root, Update& update);
void read_users(Table& root, std::vector<User>& users);
void read_clock(Table& root, Config& config);  ///< after the cameras

// network.cpp
void read_web(Table& root, Web& web);
void read_uplink(Table& root, Uplink& uplink);

// building.cpp
void read_buildings(Table& root, std::vector<Building>& buildings);

// camera.cpp
void read_cameras(Table& root, std::span<const DriverSchema> drivers, Config& config);

// device.cpp
void read_drivers(Table& root, std::span<const DriverSchema> drivers, Config& config);
void read_devices(Table& root, std::span<const DriverSchema> drivers, Config& config);
/// `driver = "..."` of a camera or device with the keys that this driver adds. False: the driver is
/// not known, so nothing can be said about the other keys.
bool read_unit_driver(Table& unit, std::span<const DriverSchema> drivers, bool is_camera,
                      const Config& config, std::string& driver, Settings& settings);
/// `silent_after` of a camera or device whose driver's keys are read; where it is not named, the
/// site's, but not less than two of its beats (`every`).
std::chrono::milliseconds read_silence(Table& unit, const Site& site, const Settings& settings);

// limit.cpp
void read_limits(Table& root, Config& config);  ///< after the devices

// project.cpp
void read_project(Table& root, Config& config);  ///< after the buildings

// policy.cpp
/// The file that [policy] names, with complaints of its own; nothing where none is named.
void read_policy(Config& config, Complaints& complaints);

// overrides.cpp
void apply_overrides(toml::table& root, std::span<const std::string> overrides, Notes& notes);

}  // namespace jieding::config
