// [driver.NAME] [[device]], and what a driver's own keys are

#include <algorithm>
#include <array>

#include "config/sections.hpp"
#include "config/words.hpp"

namespace jieding::config {
namespace {

using namespace std::chrono_literals;

/// On whose behalf a device may speak. `box` is the gateway's own eyes, `platform` is not on site.
constexpr std::array<std::string_view, 3> owner_words{"contractor", "operator", "group"};
constexpr std::array<Owner, 3> owners{Owner::Contractor, Owner::Operator, Owner::Group};

constexpr Range<std::int64_t> any_integer{-1'000'000'000'000, 1'000'000'000'000};
constexpr Range<double> any_number{-1e15, 1e15};
constexpr Range<std::chrono::milliseconds> any_duration{0ms, 24h * 366};

/// Reads a value of type T with one of the table's readers and keeps it where there was one.
template <class T, class Read>
void keep(const Key& key, Settings& settings, Read read) {
  T value{};
  if (read(key.name, value)) settings.set(std::string(key.name), std::move(value));
}

std::vector<Settings> read_tables(Table& table, const Key& key, const Config& before);

void read_key(Table& table, const Key& key, const Config& before, Settings& settings) {
  switch (key.kind) {
    case KeyKind::Text:
      return keep<std::string>(key, settings,
                               [&](auto name, auto& v) { return table.text(name, v); });
    case KeyKind::Integer:
      return keep<std::int64_t>(
          key, settings, [&](auto name, auto& v) { return table.integer(name, v, any_integer); });
    case KeyKind::Number:
      return keep<double>(key, settings,
                          [&](auto name, auto& v) { return table.number(name, v, any_number); });
    case KeyKind::Boolean:
      return keep<bool>(key, settings, [&](auto name, auto& v) { return table.boolean(name, v); });
    case KeyKind::Duration:
      return keep<std::chrono::milliseconds>(
          key, settings, [&](auto name, auto& v) { return table.duration(name, v, any_duration); });
    case KeyKind::Path:
      return keep<std::string>(key, settings, [&](auto name, auto& v) {
        std::filesystem::path path;
        if (!table.path(name, path)) return false;
        v = path.string();
        return true;
      });
    case KeyKind::TextList:
      return keep<std::vector<std::string>>(
          key, settings, [&](auto name, auto& v) { return table.text_list(name, v); });
    case KeyKind::TextTable:
      return keep<TextTable>(key, settings,
                             [&](auto name, auto& v) { return table.text_table(name, v); });
    case KeyKind::Tables:
      if (auto read = read_tables(table, key, before); !read.empty()) {
        settings.set(std::string(key.name), std::move(read));
      }
  }
}

void read_keys(Table& table, std::span<const Key> keys, const Config& before, Settings& settings) {
  for (const auto& key : keys) {
    if (key.required) table.must_have(key.name, "... (" + std::string(key.help) + ")");
    read_key(table, key, before, settings);
  }
  for (const auto& key : keys) {
    if (key.wrong == nullptr || !settings.has(key.name)) continue;
    if (const auto wrong = key.wrong(settings, before); !wrong.empty()) {
      table.complain(key.name, wrong);
    }
  }
}

std::vector<Settings> read_tables(Table& table, const Key& key, const Config& before) {
  std::vector<Settings> all;
  for (auto& one : table.tables(key.name)) {
    read_keys(one, key.keys(), before, all.emplace_back());
    one.refuse_unknown();
  }
  return all;
}

/// Names of the drivers that serve cameras, or devices.
std::vector<std::string_view> names(std::span<const DriverSchema> drivers, bool of_cameras) {
  std::vector<std::string_view> found;
  for (const auto& driver : drivers) {
    if (driver.is_camera == of_cameras) found.push_back(driver.name);
  }
  return found;
}

const DriverSchema* find(std::span<const DriverSchema> drivers, std::string_view name) {
  const auto found = std::find_if(drivers.begin(), drivers.end(),
                                  [&](const DriverSchema& driver) { return driver.name == name; });
  return found == drivers.end() ? nullptr : &*found;
}

bool needs_section(const DriverSchema& driver) {
  return std::any_of(driver.settings.begin(), driver.settings.end(),
                     [](const Key& key) { return key.required; });
}

bool has_section(const Config& config, std::string_view driver) {
  return std::any_of(config.drivers.begin(), config.drivers.end(),
                     [&](const Driver& section) { return section.name == driver; });
}

std::string unknown_driver(std::string_view written, std::span<const std::string_view> known) {
  const auto meant = nearest(written, known);
  return "no such driver here; " + (meant.empty() ? "write one of " + list(known)
                                                  : "did you mean \"" + std::string(meant) + "\"?");
}

void check_device_id(Table& table, const Config& config, const std::string& id) {
  if (config.device(id) != nullptr) {
    table.complain("id", "another [[device]] has this id; choose another one");
  } else if (config.camera(id) != nullptr) {
    table.complain("id", "a [[camera]] has this id; choose another one");
  }
}

void read_token_file(Table& table, const Config& config, Device& device) {
  if (!table.path("token_file", device.token_file)) return;
  if (std::any_of(config.devices.begin(), config.devices.end(),
                  [&](const Device& other) { return other.token_file == device.token_file; })) {
    table.complain("token_file", "another [[device]] has this token; give each its own file");
  }
}

std::string wrong_shows(const Settings& witness, const Config&) {
  const auto shows = witness.get<std::string>("shows");
  return shows == "floor" || shows == "hook" ? "" : "wrong value; write \"floor\" or \"hook\"";
}

constexpr std::array witness_keys{
    Key{"quantity", KeyKind::Text, true,
        "which of its quantities: \"hoist_floor\", \"crane_height\""},
    Key{"shows", KeyKind::Text, true,
        "\"floor\": where a hoist stops; \"hook\": how high a crane lifts, m", wrong_shows},
    Key{"zero", KeyKind::Number, false,
        "floor: the number shown at the first storey, 1; hook: the metres shown at ±0.00, 0"},
};
std::span<const Key> keys_of_witness() {
  return witness_keys;
}

/// `[[device.witness]]`, of any device that shows how high its building is.
constexpr Key witness_key{"witness", KeyKind::Tables, false, "", nullptr, keys_of_witness};

void read_witness(Table& table, const Config& config, Device& device) {
  read_key(table, witness_key, config, device.settings);
  if (device.settings.has("witness") && device.building.empty())
    table.complain("witness", "speaks of a building; add building = \"...\"");
}

void read_device(Table& table, std::span<const DriverSchema> drivers, Config& config) {
  Device device;
  table.must_have("id", "\"...\"");
  if (table.id("id", device.id)) check_device_id(table, config, device.id);
  device.name = device.id;
  table.text("name", device.name);
  if (const auto owner = table.choice("owner", owner_words)) device.owner = owners[*owner];
  if (table.id("building", device.building) && config.building(device.building) == nullptr) {
    table.complain("building", "no [[building]] has this id; write the id of one, or remove it");
  }
  read_token_file(table, config, device);
  table.must_have("driver", "one of " + list(names(drivers, false)) + ", in quotes");
  const bool known =
      read_unit_driver(table, drivers, false, config, device.driver, device.settings);
  device.silent_after = read_silence(table, config.site, device.settings);
  read_witness(table, config, device);
  if (known) table.refuse_unknown();
  config.devices.push_back(std::move(device));
}

}  // namespace

void read_drivers(Table& root, std::span<const DriverSchema> drivers, Config& config) {
  auto section = root.table("driver");
  if (!section) return;
  for (const auto& name : section->keys()) {
    const auto* driver = find(drivers, name);
    auto table = section->table(name);
    if (!table) continue;
    if (driver == nullptr) {
      auto known = names(drivers, false);
      const auto cameras = names(drivers, true);
      known.insert(known.end(), cameras.begin(), cameras.end());
      section->complain(name, unknown_driver(name, known));
      continue;
    }
    Driver read{name, {}};
    read_keys(*table, driver->settings, config, read.settings);
    table->refuse_unknown();
    config.drivers.push_back(std::move(read));
  }
}

bool read_unit_driver(Table& unit, std::span<const DriverSchema> drivers, bool is_camera,
                      const Config& config, std::string& driver, Settings& settings) {
  if (!unit.text("driver", driver)) return !unit.has("driver");
  const auto* schema = find(drivers, driver);
  if (schema == nullptr || schema->is_camera != is_camera) {
    const auto known = names(drivers, is_camera);
    unit.complain("driver", schema == nullptr ? unknown_driver(driver, known)
                            : is_camera
                                ? "serves [[device]], not cameras; write one of " + list(known)
                                : "serves [[camera]], not devices; write one of " + list(known));
    return false;
  }
  read_keys(unit, schema->unit_settings, config, settings);
  if (needs_section(*schema) && !has_section(config, driver)) {
    unit.complain("driver", "needs its own section; add [driver." + driver + "] with its keys");
  }
  return true;
}

std::chrono::milliseconds read_silence(Table& unit, const Site& site, const Settings& settings) {
  const auto every = settings.get<std::chrono::milliseconds>("every");
  std::chrono::milliseconds silent_after = site.silent_after;
  if (silent_after.count() > 0) silent_after = std::max(silent_after, 2 * every);
  const bool named = unit.duration("silent_after", silent_after, silence_range);
  if (named && silent_after.count() > 0 && silent_after < every)
    unit.complain("silent_after", "is shorter than every; write a longer time, or remove it");
  return silent_after;
}

void read_devices(Table& root, std::span<const DriverSchema> drivers, Config& config) {
  for (auto& table : root.tables("device"))
    read_device(table, drivers, config);
}

}  // namespace jieding::config
