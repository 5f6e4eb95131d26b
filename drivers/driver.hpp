#pragma once
// What a driver is: a way to a kind of device. To add one, write one .cpp that ends with a
// `const DriverType`, and one line in drivers.def. Nothing else needs to know.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/http.hpp"
#include "gateway/runtime/intake.hpp"

namespace jieding::drivers {

/// What every driver is given. References outlive the driver.
struct DriverContext {
  boost::asio::any_io_executor io;
  const config::Config& config;
  const BusinessClock& clock;
  Intake& intake;
  http::Routes& routes;  ///< a driver that is pushed to over HTTP adds its routes when made
};

/// Serves all devices (or cameras) of one kind. Thread-bound to io.
class Driver {
 public:
  virtual ~Driver() = default;
  /// Works until stopped (then a success) or until it cannot go on (then the error; the supervisor
  /// waits with back-off and runs it again). Never retries by itself.
  virtual boost::asio::awaitable<Result<void>> run() = 0;
  virtual void stop() = 0;
  /// The token of a device or camera of that name, perhaps one of its own, is another one now: its
  /// file is read again. Throws like DriverType::make.
  virtual void read_token_again(std::string_view) {}
  /// The TCP port where it listens, once it does; 0: not (yet) listening.
  virtual std::uint16_t port() const { return 0; }
};

struct DriverType {
  std::string_view name;     ///< as in `driver = "hj212"`
  std::string_view purpose;  ///< one line for people
  bool is_camera;
  std::span<const config::Key> settings;       ///< keys of [driver.NAME]
  std::span<const config::Key> unit_settings;  ///< further keys of each [[device]] / [[camera]]
  /// Throws what is wrong with a setting or a secret that the configuration reader cannot see.
  std::unique_ptr<Driver> (*make)(const DriverContext&);
  /// What the machine must have for it and has not: one line; empty: nothing. For `jieding check`;
  /// a driver without it says so when it runs.
  std::string (*lacking)(const config::Config&) = nullptr;
};

/// All drivers, in the order of drivers.def.
std::span<const DriverType* const> registry();
/// The same for the configuration reader.
std::span<const config::DriverSchema> schemas();

}  // namespace jieding::drivers
