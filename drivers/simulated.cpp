// Devices that are not there: for demonstrations, and to look at a configuration before the real
// ones are connected. Nobody may take them for real: every reading carries the flag `simulated`, to
// the platform too, and the site's JSON and page say it of the device.

#include <algorithm>
#include <array>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <stdexcept>
#include <vector>

#include "drivers/driver.hpp"
#include "drivers/simulated_model.hpp"
#include "gateway/domain/names.hpp"
#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using config::KeyKind;
using std::chrono::milliseconds;

constexpr milliseconds usual_period{10'000};
constexpr milliseconds least_period{100};

std::optional<simulated::Kind> kind_of(const config::Settings& device) {
  return enumerator<simulated::Kind>(simulated::kind_words, device.get<std::string>("kind"));
}

/// One invented device. Dated by the site's clock: while that stands still, as between the pictures
/// of a demonstration, there is nothing new to say.
struct Invented {
  std::string device;
  simulated::Kind kind{};
  std::uint64_t seed = 0;
  milliseconds every = usual_period;
  RuntimeClock::time_point due{};
  Instant said{};  ///< of the last readings; a clock at zero does not tell the time yet

  Batch batch(Stamp now) const {
    Batch batch;
    for (const auto& value : simulated::values_of(kind, seed, now.at)) {
      Reading& reading = batch.emplace_back();
      reading.device = device;
      reading.quantity = value.quantity;
      reading.unit = value.unit;
      reading.value = value.value;
      reading.device_time = now.at;
      reading.received = now;
      reading.flag = "simulated";
    }
    return batch;
  }
};

/// All of them, each at its pace. Thread-bound to io.
class SimulatedDevices final : public Driver {
 public:
  explicit SimulatedDevices(const DriverContext& context)
      : clock_(context.clock), intake_(context.intake), timer_(context.io) {
    for (const config::Device& device : context.config.devices) {
      if (device.driver != "simulated") continue;
      const auto kind = kind_of(device.settings);
      if (!kind) throw std::runtime_error("device " + device.id + ": kind is not known");
      Invented& made = devices_.emplace_back();
      made.device = device.id;
      made.kind = *kind;
      made.seed = simulated::seed_of(device.id);
      made.every = std::max(device.settings.get("every", usual_period), least_period);
    }
  }

  asio::awaitable<Result<void>> run() override {
    for (const Invented& each : devices_)
      log::warning("simulated",
                   "device " + each.device + " is not real: its readings are invented");
    while (!stopping_) {
      Invented& next =
          *std::min_element(devices_.begin(), devices_.end(),
                            [](const Invented& a, const Invented& b) { return a.due < b.due; });
      if (next.due > runtime_.now()) {
        timer_.expires_at(next.due);
        co_await timer_.async_wait(as_result);
        continue;
      }
      next.due = runtime_.now() + next.every;
      co_await speak(next);
    }
    co_return Result<void>{};
  }

  void stop() override {
    stopping_ = true;
    timer_.cancel();
  }

 private:
  asio::awaitable<void> speak(Invented& device) {
    const Stamp now = clock_.now();
    if (now.at == device.said) co_return intake_.heard(device.device);
    auto batch = device.batch(now);
    const auto accepted = co_await intake_.readings(std::move(batch));
    if (accepted) {
      device.said = now.at;
    } else {
      DeviceHealth health{device.device, Health::Warning, accepted.error().text()};
      intake_.health(std::move(health));
    }
  }

  const BusinessClock& clock_;
  Intake& intake_;
  RuntimeClock runtime_;
  asio::steady_timer timer_;
  std::vector<Invented> devices_;
  bool stopping_ = false;
};

std::string wrong_kind(const config::Settings& device, const config::Config&) {
  return kind_of(device) ? "" : "wrong value; write \"dust\", \"hoist\" or \"crane\"";
}
std::string wrong_every(const config::Settings& device, const config::Config&) {
  return device.get<milliseconds>("every") >= least_period
             ? ""
             : "wrong value; write \"100ms\" at least";
}

constexpr std::array unit_settings{
    config::Key{"kind", KeyKind::Text, true, "what it pretends to be: dust, hoist, crane",
                wrong_kind},
    config::Key{"every", KeyKind::Duration, false, "how often it speaks; 10s", wrong_every},
};

std::unique_ptr<Driver> make(const DriverContext& context) {
  return std::make_unique<SimulatedDevices>(context);
}

}  // namespace

extern const DriverType simulated_driver{
    "simulated",   "invented readings of a dust station, a hoist or a crane, marked as such",
    false,         {},
    unit_settings, make};

}  // namespace jieding::drivers
