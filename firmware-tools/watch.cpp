#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <iostream>

#include "drivers/driver.hpp"
#include "firmware-tools/commands.hpp"
#include "firmware-tools/printing_intake.hpp"
#include "firmware-tools/until_stopped.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/web/server.hpp"

namespace jieding::tools {
namespace {

Result<config::Config> load(const Watch& what) {
  config::Complaints complaints;
  auto loaded = config::load(what.config, drivers::schemas(), what.overrides, complaints);
  for (const std::string& complaint : complaints)
    std::cerr << complaint << '\n';
  if (!loaded) return Error{Fault::Invalid, what.config + " must be right first; see above"};
  return loaded;
}

/// Leaves in the configuration what is to be watched, and names its driver.
Result<std::string> narrow(config::Config& config, const std::string& of) {
  std::string driver = of;
  if (const auto* device = config.device(of)) driver = device->driver;
  if (const auto* camera = config.camera(of)) driver = camera->driver;
  const auto other = [&](const auto& unit) {
    return unit.driver != driver || (of != driver && unit.id != of);
  };
  std::erase_if(config.devices, other);
  std::erase_if(config.cameras, other);
  if (driver.empty() || (config.devices.empty() && config.cameras.empty())) {
    return Error{Fault::NotFound, config.file.string() + " has no device or camera '" + of +
                                      "' and none of a driver of that name"};
  }
  return driver;
}

const drivers::DriverType& type_of(const std::string& name) {
  const auto all = drivers::registry();
  return **std::find_if(all.begin(), all.end(),
                        [&](const auto* each) { return each->name == name; });
}

/// Who pushes is told when something is safe; who is asked waits for no answer.
bool is_pushed_to(const drivers::DriverType& type, const http::Routes& routes) {
  return !routes.empty() ||
         std::any_of(type.settings.begin(), type.settings.end(),
                     [](const config::Key& key) { return key.name == "listen"; });
}

web::ServerOptions server_options(const config::Web& web) {
  web::ServerOptions options;
  options.listen = web.listen;
  options.tls_certificate = web.tls_certificate;
  options.tls_key = web.tls_key;
  return options;
}

/// `server`: null unless the driver is pushed to over HTTP.
boost::asio::awaitable<Result<void>> look(drivers::Driver& driver, web::Server* server) {
  if (server != nullptr) {
    auto listening = server->listen();
    if (!listening) co_return listening;
    server->start();
    std::cerr << "jieding-link: waiting at " << server->url() << std::endl;
  }
  auto ended = co_await driver.run();
  if (server != nullptr) co_await server->stop();
  co_return ended;
}

}  // namespace

Result<void> watch(const Watch& what) {
  auto config = load(what);
  if (!config) return config.error();
  const auto name = narrow(*config, what.of);
  if (!name) return name.error();
  const drivers::DriverType& type = type_of(*name);
  boost::asio::io_context io(1);
  const SystemClock clock;
  const RuntimeClock runtime_clock;
  PrintingIntake intake(std::cout, clock);
  http::Routes routes;
  const auto driver = type.make({io.get_executor(), *config, clock, intake, routes});
  if (what.acknowledge || !is_pushed_to(type, routes)) intake.accept_all();
  std::optional<web::Server> server;
  if (!routes.empty()) {
    server.emplace(io.get_executor(), runtime_clock, routes, server_options(config->web));
  }
  return until_stopped(io, look(*driver, server ? &*server : nullptr), what.longest,
                       [&driver] { driver->stop(); });
}

}  // namespace jieding::tools
