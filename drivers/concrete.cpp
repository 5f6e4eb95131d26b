// Loggers of mass concrete: they print a line for each node (concrete_line.hpp) over a serial port,
// or through a serial server, and hear nothing.

#include "drivers/concrete_line.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <list>
#include <random>
#include <stdexcept>

#include "drivers/driver.hpp"
#include "drivers/link_keys.hpp"
#include "drivers/senml.hpp"
#include "drivers/tally.hpp"
#include "drivers/tap.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;

/// A line has some 150 bytes: at 300 baud it takes five seconds.
constexpr std::chrono::milliseconds line_timeout{10'000};
constexpr std::chrono::minutes clock_wrong_beyond{10};
constexpr std::size_t most_odd_told = 3;

struct Hall {
  const BusinessClock& clock;
  Intake& intake;
  Tally refused{"concrete", "lines refused"};
  Tally unsaved{"concrete", "records not saved"};
};

std::string joined(const std::vector<std::string>& odd) {
  std::string text = "values that cannot be: ";
  for (std::size_t i = 0; i < std::min(odd.size(), most_odd_told); ++i)
    text += (i == 0 ? "" : ", ") + odd[i];
  const std::size_t untold = odd.size() - std::min(odd.size(), most_odd_told);
  return untold == 0 ? text : text + " and " + std::to_string(untold) + " more";
}

/// One logger on its line. Thread-bound to io.
class Logger {
 public:
  Logger(const DriverContext& context, const config::Device& device, const LinkAddress& address,
         Hall& hall, std::uint64_t seed)
      : hall_(hall),
        logger_{device.id, device.settings.get<config::TextTable>("names")},
        host_(device.settings.get<std::string>("host")),
        tap_(
            context.io, context.clock, context.intake,
            Tap::Plan{"concrete", device.id, address, line_timeout},
            [this](std::string bytes) { return take(std::move(bytes)); }, seed) {}
  Tap& tap() { return tap_; }

 private:
  asio::awaitable<void> take(std::string bytes) {
    if (bytes.empty() && !finder_.unfinished().empty()) {
      refuse("torn", "no more came of a line that had begun", finder_.unfinished());
      finder_.clear();
    }
    finder_.push(bytes);
    for (auto line = finder_.next(); line; line = finder_.next()) {
      if (!line->empty()) co_await take_line(std::move(*line));
    }
  }

  asio::awaitable<void> take_line(std::string line) {
    concrete::Line read = concrete::read(line, logger_, hall_.clock.now());
    if (const auto* strange = std::get_if<concrete::Strange>(&read)) {
      refuse(strange->reason, strange->detail, std::move(line));
    } else if (const auto* beat = std::get_if<concrete::Heartbeat>(&read)) {
      if (is_ours(beat->host, line)) hall_.intake.heard(logger_.device);
    } else {
      auto& record = std::get<concrete::Record>(read);
      if (is_ours(record.host, line)) co_await store(std::move(record), std::move(line));
    }
  }

  bool is_ours(const std::string& host, const std::string& line) {
    if (host_.empty() || host == host_) return true;
    refuse("unknown_device", "a logger that is not host = \"" + host_ + "\"", line);
    return false;
  }

  asio::awaitable<void> store(concrete::Record record, std::string line) {
    const Reading first = record.batch.front();
    const auto accepted = co_await hall_.intake.readings(std::move(record.batch));
    if (!accepted && accepted.error().kind() == Fault::Invalid) {
      refuse("rejected", accepted.error().text(), std::move(line));
    } else if (!accepted) {  // the logger prints once and hears nothing
      hall_.unsaved.count(logger_.device + ": " + accepted.error().text());
    } else if (!record.odd.empty()) {
      warn(joined(record.odd));
    } else if (first.received.quality == TimeQuality::Synced &&
               std::chrono::abs(first.device_time - first.received.at) > clock_wrong_beyond) {
      warn("its clock says " + to_rfc3339(first.device_time) + ", ours " +
           to_rfc3339(first.received.at) + "; set it");
    } else if (warned_since_) {
      warned_since_.reset();
      hall_.intake.health({logger_.device, Health::Ok, ""});
    }
  }

  void warn(const std::string& why) {
    if (!warned_since_) warned_since_ = hall_.clock.now().at;
    hall_.intake.health({logger_.device, Health::Warning, why, warned_since_});
  }

  void refuse(std::string_view reason, const std::string& detail, std::string bytes) {
    const std::string where = tap_.link().where();
    hall_.refused.count(std::string(reason) + " from " + where + " (" + logger_.device +
                        "): " + detail);
    hall_.intake.refuse(
        {"concrete", where, logger_.device, std::string(reason), detail, std::move(bytes)});
  }

  Hall& hall_;
  concrete::Logger logger_;
  std::string host_;  ///< empty: whoever is on the line
  concrete::LineFinder finder_;
  std::optional<Instant> warned_since_;
  Tap tap_;
};

/// Thread-bound to io.
class ConcreteDriver final : public Driver {
 public:
  explicit ConcreteDriver(const DriverContext& context)
      : io_(context.io),
        hall_{context.clock, context.intake},
        changed_(context.io, asio::steady_timer::time_point::max()) {
    std::random_device random;
    for (const config::Device& device : context.config.devices) {
      if (device.driver != "concrete") continue;
      const auto address = link_keys::address_of(device.settings);
      if (!address) {
        throw std::runtime_error("device " + device.id +
                                 ": where is it? add serial = \"/dev/serial/by-id/...\" or tcp");
      }
      loggers_.emplace_back(context, device, *address, hall_, random());
    }
  }

  asio::awaitable<Result<void>> run() override {
    for (Logger& logger : loggers_) {
      if (stopping_) break;
      ++running_;
      asio::co_spawn(io_, logger.tap().run(), [this](const std::exception_ptr&) {
        --running_;
        changed_.cancel();
      });
    }
    while (running_ > 0)
      co_await changed_.async_wait(as_result);
    hall_.refused.flush();
    hall_.unsaved.flush();
    co_return Result<void>{};
  }
  void stop() override {
    stopping_ = true;
    for (Logger& logger : loggers_)
      logger.tap().stop();
  }

 private:
  asio::any_io_executor io_;
  Hall hall_;
  asio::steady_timer changed_;
  std::list<Logger> loggers_;
  std::size_t running_ = 0;
  bool stopping_ = false;
};

using config::Key;
using config::KeyKind;

std::string wrong_names(const config::Settings& device, const config::Config&) {
  const senml::Sender anybody;
  for (const auto& [channel, quantity] : device.get<config::TextTable>("names")) {
    const auto name = senml::resolve(quantity, anybody);
    if (!name || name->quantity != quantity) {
      return "channel " + channel + " is to become \"" + quantity +
             "\"; write a quantity such as \"slab_core_temperature\"";
    }
  }
  return "";
}

constexpr std::array own_keys{
    Key{"host", KeyKind::Text, false,
        "the four characters its lines begin with; left out: any, it is alone on its line"},
    Key{"names", KeyKind::TextTable, false,
        "quantities by node and channel: { \"1.1\" = \"slab_core_temperature\" }; left out: "
        "concrete_temperature_1_1",
        wrong_names},
};
constexpr auto unit_settings = link_keys::after(own_keys);

std::unique_ptr<Driver> make(const DriverContext& context) {
  return std::make_unique<ConcreteDriver>(context);
}

}  // namespace

extern const DriverType concrete_driver{
    "concrete",    "mass-concrete temperature loggers that print lines over a serial port",
    false,         {},
    unit_settings, make};

}  // namespace jieding::drivers
