#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <iostream>

#include "drivers/driver.hpp"
#include "drivers/token.hpp"
#include "gateway/camera_setup.hpp"
#include "gateway/commands/closed_intake.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/deep_check.hpp"
#include "gateway/commands/node_check.hpp"
#include "gateway/commands/rollout.hpp"
#include "gateway/ports_file.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/vision_process.hpp"
#include "sync/camera_table.hpp"
#include "sync/picture_list.hpp"
#include "sync/state_folder.hpp"
#include "sync/token_file.hpp"
#include "sync/user_table.hpp"

namespace jieding::commands {
namespace {

namespace fs = std::filesystem;

void check_readable(Findings& findings, const std::string& whose, const fs::path& file) {
  if (file.empty()) return;
  if (::access(file.c_str(), R_OK) == 0) {
    findings.fine(whose + ": " + file.string());
  } else {
    findings.bad(whose + ": cannot read " + file.string() +
                 "; create it, readable by the gateway's user only");
  }
}

/// The nearest folder above that exists: the state folder itself may not be made yet.
fs::path existing_part(fs::path folder) {
  folder = fs::absolute(folder);
  while (!fs::exists(folder) && folder.has_relative_path())
    folder = folder.parent_path();
  return folder;
}

void check_storage(Findings& findings, const config::Storage& storage) {
  const fs::path folder = existing_part(storage.state);
  struct statvfs room {};
  if (::access(folder.c_str(), W_OK) != 0 || ::statvfs(folder.c_str(), &room) != 0) {
    findings.bad("state folder: " + storage.state.string() +
                 " cannot be written; set storage.state to a folder of the gateway's user");
    return;
  }
  const auto free_mb = static_cast<std::int64_t>(room.f_bavail * room.f_frsize >> 20);
  const std::string line = "state folder: " + storage.state.string() + ", " +
                           std::to_string(free_mb) + " MB free, " +
                           std::to_string(storage.keep_free_mb) + " MB to be kept free";
  if (free_mb <= storage.keep_free_mb) {
    findings.bad(line + "; make room, or readings will be refused");
  } else {
    findings.fine(line);
  }
}

void check_clock(Findings& findings, const config::Config& config) {
  if (config.clock.mode == config::ClockMode::Playback) {
    findings.doubtful("clock: follows the pictures of camera " + config.clock.camera +
                      " (demo); never use this on a site");
    return;
  }
  const Stamp now = SystemClock().now();
  if (now.quality == TimeQuality::Synced) {
    findings.fine("clock: synchronised, " + to_rfc3339(now.at));
  } else {
    findings.doubtful("clock: " + to_rfc3339(now.at) +
                      " is not synchronised; milestones cannot be confirmed until NTP works");
  }
}

/// What the gateway that runs on this state has open itself. A killed one leaves its ports file.
bool is_own_port(const fs::path& state, const std::string& name, std::uint16_t port) {
  const auto ports = read_ports_file(state);
  if (!ports) return false;
  const auto own = ports->find(name);
  if (own == ports->end() || own->second != port) return false;
  const auto lock = sync::StateLock::take(state);
  return !lock && lock.error().kind() == Fault::Conflict;
}

/// `name`: as in the ports file.
void check_address(Findings& findings, const std::string& whose, const std::string& name,
                   const std::string& listen, const fs::path& state) {
  namespace asio = boost::asio;
  using tcp = asio::ip::tcp;
  const auto colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  boost::system::error_code failed;
  const auto port = static_cast<std::uint16_t>(std::atoi(listen.c_str() + colon + 1));
  const auto address = asio::ip::make_address(host, failed);
  asio::io_context io;
  tcp::acceptor acceptor(io);
  if (!failed) {
    const tcp::endpoint endpoint(address, port);
    acceptor.open(endpoint.protocol(), failed);
    acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
    acceptor.bind(endpoint, failed);
  }
  if (failed == asio::error::address_in_use && is_own_port(state, name, port)) {
    findings.fine(whose + ": " + listen + " is the running gateway's");
  } else if (failed) {
    findings.bad(whose + ": cannot listen on " + listen + " (" + failed.message() +
                 "); stop what uses it or change the address");
  } else {
    findings.fine(whose + ": " + listen + " is free");
  }
}

/// How far the top edge runs ahead of the last slab depends on what hangs around the building: told
/// nothing, the estimate is up to two storeys off and topping-out can be proposed too early.
void check_facades(Findings& findings, const config::Config& config) {
  for (const auto& camera : config.cameras) {
    for (const auto& facade : camera.facades) {
      if (facade.scaffold != config::Scaffold::Unknown) continue;
      findings.doubtful("camera " + camera.id + ", building " + facade.building +
                        ": scaffold is not named, so storeys are counted less surely; write "
                        "scaffold = \"climbing\", \"wrapped\" or \"none\"");
    }
  }
}

void check_users(Findings& findings, const config::Config& config, sync::Database& database) {
  const auto rows = sync::user_table::all(database);
  if (!rows) return findings.bad("users: " + rows.error().text());
  for (const auto& row : *rows) {
    const std::string said =
        row.disabled ? "may not sign in" : "is " + std::string(to_text(row.role));
    findings.doubtful("user " + row.user + ": " + said + " as set on the page (" +
                      to_rfc3339(row.at) + ")" +
                      (config.user(row.user) == nullptr ? "" : ", whatever the file says"));
  }
}

void check_setups(Findings& findings, const config::Config& config, sync::Database& database) {
  const auto setups = sync::camera_table::all(database);
  if (!setups) return findings.bad("cameras: " + setups.error().text());
  for (const auto& setup : *setups) {
    const config::Camera* camera = config.camera(setup.camera);
    if (camera == nullptr) continue;
    const auto changed = set_up(*camera, setup.setup, config);
    if (changed) {
      findings.doubtful("camera " + camera->id + ": corners and masks are those of the page (" +
                        to_rfc3339(setup.at) + ", event " + std::to_string(setup.index) +
                        "), not the file's; the operator can take them back on the page");
    } else {
      findings.bad("camera " + camera->id +
                   ": what was set up on the page does not fit the file (" +
                   changed.error().text() + "); the file's is used: set it up again on the page");
    }
  }
}

/// What was set up on the page stands before the file: whoever edits the file must know.
void check_page(Findings& findings, const config::Config& config) {
  std::error_code code;
  if (!fs::exists(sync::database_file(config.storage.state), code)) return;
  const auto database = sync::open_to_read(config.storage.state);
  if (!database) return findings.doubtful("set on the page: " + database.error().text());
  check_setups(findings, config, **database);
  check_users(findings, config, **database);
}

bool serves_something(const drivers::DriverType& type, const config::Config& config) {
  const auto served = [&](const auto& unit) { return unit.driver == type.name; };
  return std::any_of(config.devices.begin(), config.devices.end(), served) ||
         std::any_of(config.cameras.begin(), config.cameras.end(), served);
}

/// Empty: it can be made.
std::string cannot_be_made(const drivers::DriverType& type, const config::Config& config) {
  boost::asio::io_context io;
  const SystemClock clock;
  ClosedIntake intake;
  http::Routes routes;
  try {
    type.make({io.get_executor(), config, clock, intake, routes});
    return {};
  } catch (const std::exception& wrong) {
    return wrong.what();
  }
}

/// Each driver as it will be made: with its secrets read and its settings held against each other.
void check_driver(Findings& findings, const drivers::DriverType& type,
                  const config::Config& config) {
  const std::string name = "driver " + std::string(type.name) + ": ";
  std::string wrong = cannot_be_made(type, config);
  if (wrong.empty() && type.lacking != nullptr) wrong = type.lacking(config);
  if (wrong.empty()) {
    findings.fine(name + "ready");
  } else {
    findings.bad(name + wrong);
  }
}

void check_revoked(Findings& findings, const std::string& whose, const fs::path& file) {
  const auto token = sync::token_file::look(file);
  if (token && token->revoked)
    findings.doubtful(whose + ": its token was revoked (" + to_rfc3339(token->since) +
                      "); issue one on the page, or by jieding-provision rotate");
}

void check_drivers(Findings& findings, const config::Config& config) {
  for (const drivers::DriverType* type : drivers::registry())
    if (serves_something(*type, config)) check_driver(findings, *type, config);
  for (const auto& driver : config.drivers) {
    const auto listen = driver.settings.get<std::string>("listen");
    if (!listen.empty())
      check_address(findings, "driver " + driver.name, driver.name, listen, config.storage.state);
  }
  for (const auto& camera : config.cameras) {
    for (const char* key : {"token_file", "password_file", "ca_file"}) {
      check_readable(findings, std::string(key) + " of camera " + camera.id,
                     camera.settings.get<std::string>(key));
    }
    check_revoked(findings, "camera " + camera.id, drivers::token_file(config, camera.id));
    const auto folder = camera.settings.get<std::string>("folder");
    if (folder.empty()) continue;
    if (fs::is_directory(folder)) {
      findings.fine("camera " + camera.id + ": " + folder);
    } else {
      findings.bad("camera " + camera.id + ": there is no folder " + folder + "; create it");
    }
  }
  for (const auto& device : config.devices) {
    if (device.driver == "simulated") {
      findings.doubtful("device " + device.id + " is simulated: its readings are invented");
    }
    check_readable(findings, "token of device " + device.id, device.token_file);
    check_revoked(findings, "device " + device.id, device.token_file);
    check_readable(findings, "SM4 key of device " + device.id,
                   device.settings.get<std::string>("sm4_key_file"));
  }
}

}  // namespace

int check(const Source& source, bool deep) {
  const auto config = load(source);
  if (!config) return 1;
  Findings findings;
  findings.fine("configuration: " + source.file);
  check_storage(findings, config->storage);
  check_clock(findings, *config);
  check_address(findings, "page", "web", config->web.listen, config->storage.state);
  check_readable(findings, "TLS certificate of the page", config->web.tls_certificate);
  check_readable(findings, "TLS key of the page", config->web.tls_key);
  check_drivers(findings, *config);
  check_facades(findings, *config);
  check_page(findings, *config);
  check_readable(findings, "uplink password", config->uplink.password_file);
  check_readable(findings, "uplink CA", config->uplink.ca_file);
  check_readable(findings, "uplink certificate", config->uplink.certificate_file);
  check_readable(findings, "uplink key", config->uplink.key_file);
  if (!config->cameras.empty()) {
    const fs::path program = vision_executable(*config);
    if (::access(program.c_str(), X_OK) == 0) {
      findings.fine("vision: " + program.string());
    } else {
      findings.bad("vision: " + program.string() +
                   " cannot be run; build it, or set vision.executable");
    }
  }
  if (const auto nodes = load_nodes(source)) check_nodes(findings, *nodes, deep);
  if (deep) check_deeply(findings, *config);
  return findings.all_fine() ? 0 : 1;
}

}  // namespace jieding::commands
