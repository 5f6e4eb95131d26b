#include "config/load.hpp"

#include <toml++/toml.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "config/sections.hpp"

namespace jieding::config {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_file = 1 << 20;  ///< bytes; a long policy of masks fits many times

Result<std::string> read_file(const fs::path& file) {
  const auto fail = [&](Fault kind, const std::string& what) {
    return Error(kind, file.string() + ": " + what);
  };
  std::error_code error;
  if (fs::is_directory(file, error))
    return fail(Fault::Invalid, "a folder; name the TOML file in it");
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return fail(Fault::NotFound,
                std::string(std::strerror(errno)) + "; name a file that can be read");
  }
  const auto size = fs::file_size(file, error);
  if (!error && size > largest_file) {
    return fail(Fault::Invalid, "larger than 1 MiB; name a configuration file");
  }
  return std::string(std::istreambuf_iterator<char>(in), {});
}

/// Empty where the text is not TOML; the complaint then stands in `notes`.
std::optional<toml::table> parse(std::string_view text, Notes& notes) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    notes.add(std::max<std::uint32_t>(1, error.source().begin.line),
              "not TOML: " + std::string(error.description()) + "; correct this line");
    return std::nullopt;
  }
}

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
  read_users(root, config.users);
  read_buildings(root, config.buildings);
  read_drivers(root, drivers, config);
  read_cameras(root, drivers, config);
  read_devices(root, drivers, config);
  read_limits(root, config);
  read_clock(root, config);
  root.refuse_unknown();
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
    const auto working = fs::current_path();
    Folders folders{(working / file).parent_path().lexically_normal(), working, {}};
    read_sections(*parsed, drivers, folders, notes, config);
  }
  if (notes.empty()) return config;
  complaints = notes.complaints();
  return Error(Fault::Invalid, complaints.front());
}

Result<Config> load(const fs::path& file, std::span<const DriverSchema> drivers,
                    std::span<const std::string> overrides, Complaints& complaints) {
  const auto text = read_file(file);
  if (text) return load_text(*text, file, drivers, overrides, complaints);
  complaints = {text.error().text()};
  return text.error();
}

}  // namespace jieding::config
