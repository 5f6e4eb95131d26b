#pragma once
// The configuration as values. Read once at start; unknown keys and wrong values are refused with
// file, line and what to do.

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/domain/calendar.hpp"
#include "gateway/domain/camera_view.hpp"
#include "gateway/domain/limit.hpp"
#include "gateway/domain/milestone.hpp"
#include "gateway/domain/policy.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"

namespace jieding::config {

class Settings;
struct Config;

/// Kinds of value that a driver may ask for in its part of the file. Tables: `[[device.point]]`.
enum class KeyKind { Text, Integer, Number, Boolean, Duration, Path, TextList, TextTable, Tables };

/// One key that a driver understands.
struct Key {
  std::string_view name;
  KeyKind kind;
  bool required;
  std::string_view help;  ///< what it means, with unit and default
  /// What is wrong with the key's value and what to write instead; empty: nothing. It is given all
  /// that the key's table says, and what stands before it in the configuration.
  std::string (*wrong)(const Settings& table, const Config& before) = nullptr;
  /// Of Tables: the keys of each.
  std::span<const Key> (*keys)() = nullptr;
};

/// What a driver tells the configuration about itself; the full descriptor is in drivers/.
struct DriverSchema {
  std::string_view name;               ///< `hj212`
  bool is_camera;                      ///< serves [[camera]], else [[device]]
  std::span<const Key> settings;       ///< keys of [driver.NAME]
  std::span<const Key> unit_settings;  ///< further keys of each [[device]] or [[camera]]
};

using TextTable = std::map<std::string, std::string, std::less<>>;

/// Values of one table, already checked against a driver's keys.
class Settings {
 public:
  using Value = std::variant<std::string, std::int64_t, double, bool, std::chrono::milliseconds,
                             std::vector<std::string>, TextTable, std::vector<Settings>>;
  bool has(std::string_view key) const { return values_.find(key) != values_.end(); }
  /// The value of a key, or the default where the file does not name it.
  template <class T>
  T get(std::string_view key, T otherwise = {}) const {
    const auto found = values_.find(key);
    return found == values_.end() ? otherwise : std::get<T>(found->second);
  }
  void set(std::string key, Value value) {
    values_.insert_or_assign(std::move(key), std::move(value));
  }

 private:
  std::map<std::string, Value, std::less<>> values_;
};

struct Site {
  std::string id;
  std::string gateway = "gw1";  ///< a site may have several boxes
  std::string name;             ///< for people; default: the id
  std::string time_zone = "Asia/Shanghai";
  /// A device or camera that says nothing for so long is silent, unless it has a time or a slower
  /// beat of its own; zero: never.
  std::chrono::milliseconds silent_after{std::chrono::minutes{10}};
};

enum class ClockMode { System, Playback };

struct Clock {
  ClockMode mode = ClockMode::System;  ///< playback: follows the pictures of `camera`
  std::string camera;
};

/// The contractor's programme for the structure: on the first of these days it is at ±0.00, on the
/// last all storeys are cast.
struct Plan {
  SiteDay zero_level;
  SiteDay topping_out;
};

struct Building {
  std::string id;
  std::string name;  ///< for people; default: the id
  int storeys = 0;   ///< planned, above ground
  double storey_height_m = 2.9;
  std::optional<Plan> plan = std::nullopt;  ///< none: nobody wrote it down
};

enum class Scaffold { Unknown, Climbing, Wrapped, None };

struct Facade {
  std::string building;
  Scaffold scaffold = Scaffold::Unknown;
  int storeys_at_start = 0;  ///< what stood when the camera came
  Corners corners;
};

struct Camera {
  std::string id;
  std::string name;
  std::string driver;                   ///< empty: pictures come from `jieding replay` only
  std::array<int, 2> image_size{0, 0};  ///< px, width and height
  std::vector<std::vector<Point>>
      masks;  ///< polygons that are blacked out before anything is stored
  std::chrono::milliseconds silent_after{0};  ///< see Site
  bool outside_hidden = true;  ///< what is not near a facade leaves vision as a grey mosaic only
  std::vector<Facade> facades;
  Settings settings;
};

struct Device {
  std::string id;
  std::string name;
  std::string driver;
  Owner owner = Owner::Contractor;
  std::string building;              ///< empty: the whole site
  std::filesystem::path token_file;  ///< bearer token of a pushing device; empty: it has none
  std::chrono::milliseconds silent_after{0};  ///< see Site
  Settings settings;
};

struct Driver {
  std::string name;
  Settings settings;
};

struct User {
  std::string id;
  std::string name;
  Owner role = Owner::Group;  ///< group: supervisor; contractor; operator
};

struct Web {
  std::string listen = "127.0.0.1:8080";
  std::filesystem::path tls_certificate;  ///< PEM; required unless `listen` is loopback
  std::filesystem::path tls_key;
  bool open_to_viewers = false;  ///< false: reading needs the viewer link or a sign-in
};

struct Uplink {
  bool enabled = false;
  std::string host;
  int port = 8883;
  std::string user;
  std::filesystem::path password_file;
  std::filesystem::path ca_file;           ///< empty: no TLS, loopback only
  std::filesystem::path certificate_file;  ///< the box's own, for mutual TLS
  std::filesystem::path key_file;
  int event_window = 64;       ///< unreceipted events in flight
  int telemetry_window = 256;  ///< unacknowledged telemetry messages in flight
  int telemetry_pack = 200;    ///< readings per telemetry message
  std::chrono::milliseconds receipt_timeout{10'000};  ///< then the window is sent again
  std::chrono::milliseconds backoff_first{500};
  std::chrono::milliseconds backoff_most{60'000};
  std::chrono::milliseconds stable_after{30'000};  ///< a connection this old resets the back-off
};

struct Storage {
  std::filesystem::path state =
      "state";                     ///< database, evidence, secrets; on the persistent partition
  std::int64_t keep_free_mb = 64;  ///< below this, readings and frames are refused
  std::int64_t quarantine_rows = 1000;
  std::int64_t telemetry_backlog_mb = 256;  ///< beyond, the oldest unsent telemetry is dropped
};

struct Milestones {
  int agreement_days = 14;  ///< two sources agree when their days are at most this far apart
  int quorum = 1;           ///< distinct members of the group that make a confirmation
};

struct Findings {
  int due_days = 14;  ///< from the day it is raised on, until it is due to be put right
};

/// The machine's own update, by RAUC.
struct Update {
  std::filesystem::path program;  ///< RAUC; empty: nothing is said to it
  /// A box that has not reached its broker for so long is held good all the same.
  std::chrono::milliseconds wait{600'000};
};

struct Vision {
  std::filesystem::path executable;  ///< default: jieding-vision beside jieding
  std::chrono::milliseconds frame_timeout{60'000};
};

struct Config {
  std::filesystem::path file;
  Site site;
  Clock clock;
  Storage storage;
  Web web;
  Uplink uplink;
  Milestones milestones;
  Findings findings;
  Vision vision;
  Update update;
  std::vector<Building> buildings;
  std::vector<Camera> cameras;
  std::vector<Driver> drivers;
  std::vector<Device> devices;
  std::vector<Limit> limits;
  std::vector<User> users;
  Project project;
  std::filesystem::path policy_file;  ///< empty: no rule is held against the project
  std::optional<Policy> policy;

  const Building* building(std::string_view id) const;
  /// Whether milestones can be said of it: a building, a phase, the project or a facility.
  bool is_subject(std::string_view id) const;
  const Camera* camera(std::string_view id) const;
  const Device* device(std::string_view id) const;
  const User* user(std::string_view id) const;
  std::vector<std::string> camera_ids() const;
  /// Settings of [driver.NAME]; empty ones where the file has no such table.
  const Settings& driver(std::string_view name) const;
};

/// One thing wrong with the file: "FILE:LINE: what; what to do".
using Complaints = std::vector<std::string>;

/// `overrides` are `key.path=value` pairs (TOML values; bare words are texts) that replace what the
/// file says, for values that a person cannot know beforehand (ports, folders).
/// Relative paths in the file are relative to the file; those of an override to the working
/// directory; `secrets/...` (token_file, password_file) to the state folder. On failure every
/// complaint is in `complaints` and the error carries the first.
Result<Config> load(const std::filesystem::path& file, std::span<const DriverSchema> drivers,
                    std::span<const std::string> overrides, Complaints& complaints);

}  // namespace jieding::config
