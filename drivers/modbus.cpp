// Modbus, of which we are the master: sensors on a pair of wires (RTU), behind a serial server (RTU
// over TCP), and devices on the network (TCP). Lines stand in [[driver.modbus.line]], what to read
// in each device's [[device.point]].

#include "drivers/modbus_points.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <list>
#include <optional>
#include <random>
#include <stdexcept>

#include "drivers/address.hpp"
#include "drivers/driver.hpp"
#include "drivers/link_keys.hpp"
#include "drivers/modbus_line.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using config::Key;
using config::KeyKind;
using config::Settings;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 3> ways{"tcp", "rtu_over_tcp", "serial"};
constexpr std::size_t most_points = 1000;  ///< of one device

/// Settings of the line named so; none: there is no such line.
std::optional<Settings> find_line(const config::Config& config, std::string_view id) {
  for (const Settings& line : config.driver("modbus").get<std::vector<Settings>>("line")) {
    if (line.get<std::string>("id") == id) return line;
  }
  return std::nullopt;
}

std::string wrong_id(const Settings& line, const config::Config&) {
  const auto ways_named =
      std::count_if(ways.begin(), ways.end(), [&](std::string_view way) { return line.has(way); });
  return ways_named == 1 ? ""
                         : "needs one of tcp = \"ADDRESS:PORT\", rtu_over_tcp = \"ADDRESS:PORT\" "
                           "and serial = \"/dev/...\"";
}
template <std::size_t way>
std::string wrong_endpoint(const Settings& line, const config::Config&) {
  const auto endpoint = parse_endpoint(line.get<std::string>(ways[way]));
  if (endpoint && endpoint->port() != 0) return "";
  return "wrong value; write ADDRESS:PORT with numbers, such as \"192.168.1.20:502\"";
}
std::string wrong_timeout(const Settings& line, const config::Config&) {
  const auto timeout = line.get<milliseconds>("timeout");
  return timeout >= milliseconds{10} && timeout <= milliseconds{60'000}
             ? ""
             : "wrong value; write \"10ms\" to \"60s\"";
}
std::string wrong_retries(const Settings& line, const config::Config&) {
  const auto retries = line.get<std::int64_t>("retries");
  return retries >= 0 && retries <= 10 ? "" : "wrong value; write 0 to 10";
}
std::string wrong_lines(const Settings& driver, const config::Config&) {
  const auto lines = driver.get<std::vector<Settings>>("line");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto id = lines[i].get<std::string>("id");
      if (id == lines[j].get<std::string>("id")) {
        return "two lines are called \"" + id + "\"; give each its own id";
      }
      for (const std::string_view way : ways) {
        const auto address = lines[i].get<std::string>(way);
        if (way == "serial" && !address.empty() && address == lines[j].get<std::string>(way)) {
          return "two lines are " + address + "; put all its devices on one";
        }
      }
    }
  }
  return "";
}

std::string wrong_line(const Settings& device, const config::Config& before) {
  const auto id = device.get<std::string>("line");
  if (find_line(before, id)) return "";
  return "there is no [[driver.modbus.line]] with id = \"" + id + "\"; add it, or write another id";
}
std::string wrong_unit_id(const Settings& device, const config::Config& before) {
  const auto unit = device.get<std::int64_t>("unit_id");
  const auto line = find_line(before, device.get<std::string>("line"));
  const bool wires = line && !line->has("tcp");
  if (wires) return unit >= 1 && unit <= 247 ? "" : "wrong value; write 1 to 247";
  return unit >= 0 && unit <= 255 ? "" : "wrong value; write 0 to 255";
}
std::string wrong_every(const Settings& device, const config::Config&) {
  const auto every = device.get<milliseconds>("every");
  return every >= milliseconds{10} ? "" : "wrong value; write \"10ms\" at least";
}
std::string wrong_gap(const Settings& device, const config::Config&) {
  const auto gap = device.get<std::int64_t>("gap");
  return gap >= 0 && gap <= 100 ? "" : "wrong value; write 0 to 100";
}
std::string wrong_points(const Settings& device, const config::Config&) {
  const auto points = device.get<std::vector<Settings>>("point");
  if (points.size() > most_points) return "more than 1000 of them; make two devices of it";
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto quantity = points[i].get<std::string>("quantity");
      if (!quantity.empty() && quantity == points[j].get<std::string>("quantity")) {
        return "two points are called \"" + quantity + "\"; name each quantity differently";
      }
    }
  }
  return "";
}

constexpr std::array line_keys{
    Key{"id", KeyKind::Text, true, "how devices name this line: \"east\"", wrong_id},
    Key{"tcp", KeyKind::Text, false, "ADDRESS:PORT of a device that speaks Modbus TCP",
        wrong_endpoint<0>},
    Key{"rtu_over_tcp", KeyKind::Text, false,
        "ADDRESS:PORT of a serial server that passes RTU frames through", wrong_endpoint<1>},
    Key{"serial", KeyKind::Path, false, "a serial port, best /dev/serial/by-id/..."},
    Key{"baud", KeyKind::Integer, false, "of the wires, also behind a serial server; 9600",
        link_keys::wrong_baud},
    Key{"parity", KeyKind::Text, false, "\"none\", \"even\" or \"odd\"; none",
        link_keys::wrong_parity},
    Key{"stop_bits", KeyKind::Integer, false, "1 or 2; 1", link_keys::wrong_stop_bits},
    Key{"timeout", KeyKind::Duration, false, "how long to wait for an answer; 1s", wrong_timeout},
    Key{"retries", KeyKind::Integer, false, "of a request without an answer; 2", wrong_retries},
};
std::span<const Key> keys_of_lines() {
  return line_keys;
}

constexpr std::array settings{
    Key{"line", KeyKind::Tables, true,
        "[[driver.modbus.line]]: each connection or pair of wires, once", wrong_lines,
        keys_of_lines},
};

constexpr std::array unit_settings{
    Key{"line", KeyKind::Text, true, "id of its [[driver.modbus.line]]", wrong_line},
    Key{"unit_id", KeyKind::Integer, true, "the device's address on the line, 1 to 247",
        wrong_unit_id},
    Key{"every", KeyKind::Duration, false, "how often it is read; 10s", wrong_every},
    Key{"gap", KeyKind::Integer, false,
        "so many registers between two points are read in vain rather than asked around; 8",
        wrong_gap},
    Key{"point", KeyKind::Tables, true, "[[device.point]]: what to read, once each", wrong_points,
        modbus::point_keys},
};

/// The configuration reader has complained before; this is for those who build settings by hand.
void must_be_right(const std::string& whose, std::span<const Key> keys, const Settings& table,
                   const config::Config& config) {
  for (const Key& key : keys) {
    if (key.wrong == nullptr || !table.has(key.name)) continue;
    const auto wrong = key.wrong(table, config);
    if (!wrong.empty()) {
      throw std::runtime_error(whose + ": " + std::string(key.name) + " " + wrong);
    }
  }
}

LinkAddress address_of(const Settings& line) {
  if (line.has(ways[1])) return *parse_endpoint(line.get<std::string>(ways[1]));
  return *link_keys::address_of(line);
}

modbus::UnitPlan unit_of(const config::Device& device) {
  const Settings& settings_of = device.settings;
  modbus::UnitPlan unit;
  unit.device = device.id;
  unit.unit = static_cast<std::uint8_t>(settings_of.get<std::int64_t>("unit_id"));
  unit.every = settings_of.get("every", unit.every);
  unit.gap = static_cast<unsigned>(settings_of.get<std::int64_t>("gap", unit.gap));
  for (const Settings& table : settings_of.get<std::vector<Settings>>("point")) {
    auto point = modbus::point_of(table);
    if (!point) {
      throw std::runtime_error("device " + device.id + ": point " +
                               table.get<std::string>("quantity") + ": " + point.error().text());
    }
    unit.points.push_back(std::move(*point));
  }
  return unit;
}

modbus::LinePlan plan_of(const Settings& line, const config::Config& config) {
  modbus::LinePlan plan;
  plan.id = line.get<std::string>("id");
  must_be_right("driver.modbus: line " + plan.id, line_keys, line, config);
  plan.address = address_of(line);
  plan.framing = line.has("tcp") ? modbus::Framing::Tcp : modbus::Framing::Rtu;
  plan.baud = static_cast<unsigned>(line.get<std::int64_t>("baud", plan.baud));
  plan.timeout = line.get("timeout", plan.timeout);
  plan.retries = static_cast<int>(line.get<std::int64_t>("retries", plan.retries));
  for (const config::Device& device : config.devices) {
    if (device.driver != "modbus" || device.settings.get<std::string>("line") != plan.id) continue;
    plan.units.push_back(unit_of(device));
  }
  return plan;
}

/// All lines, each at its own pace. A line that is down is the health of its devices, so that it
/// does not take the others with it.
class ModbusMaster final : public Driver {
 public:
  explicit ModbusMaster(const DriverContext& context)
      : site_{context.io, context.clock, context.intake},
        changed_(context.io, asio::steady_timer::time_point::max()) {
    std::random_device random;
    for (const config::Device& device : context.config.devices) {
      if (device.driver != "modbus") continue;
      must_be_right("device " + device.id, unit_settings, device.settings, context.config);
    }
    const Settings& shared = context.config.driver("modbus");
    for (const Settings& line : shared.get<std::vector<Settings>>("line")) {
      auto plan = plan_of(line, context.config);
      if (!plan.units.empty()) lines_.emplace_back(std::move(plan), site_, random());
    }
  }

  asio::awaitable<Result<void>> run() override {
    running_ = lines_.size();
    std::exception_ptr broken;
    for (modbus::Line& line : lines_) {
      asio::co_spawn(site_.io, line.run(), [this, &broken](const std::exception_ptr& error) {
        if (error) broken = error;
        if (error) stop_lines();
        --running_;
        changed_.cancel();
      });
    }
    while (running_ > 0 || !(stopping_ || broken))
      co_await changed_.async_wait(as_result);
    for (Tally* tally : {&site_.troubles, &site_.refused, &site_.missed, &site_.unsaved})
      tally->flush();
    if (broken) std::rethrow_exception(broken);
    co_return Result<void>{};
  }

  void stop() override {
    stopping_ = true;
    stop_lines();
    changed_.cancel();
  }

 private:
  void stop_lines() {
    for (modbus::Line& line : lines_)
      line.stop();
  }

  modbus::Site site_;
  asio::steady_timer changed_;
  std::list<modbus::Line> lines_;
  std::size_t running_ = 0;
  bool stopping_ = false;
};

std::unique_ptr<Driver> make(const DriverContext& context) {
  return std::make_unique<ModbusMaster>(context);
}

}  // namespace

extern const DriverType modbus_driver{
    "modbus",      "sensors and meters that are asked over Modbus TCP, RTU or RTU over TCP",
    false,         settings,
    unit_settings, make};

}  // namespace jieding::drivers
