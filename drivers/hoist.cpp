// Construction hoists that send binary frames (hoist_frame.hpp): over TCP, where the hoist connects
// to us, or over a line of its own.

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <list>
#include <memory>
#include <random>
#include <set>
#include <stdexcept>

#include "drivers/driver.hpp"
#include "drivers/hoist_talk.hpp"
#include "drivers/link_keys.hpp"
#include "drivers/listener.hpp"
#include "drivers/places.hpp"
#include "drivers/tap.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr std::string_view default_listen = "127.0.0.1:9213";
constexpr std::size_t serial_number_bytes = 8;

template <class T>
T or_throw(Result<T> result, const std::string& where) {
  if (!result) throw std::runtime_error(where + ": " + result.error().text());
  return std::move(*result);
}

struct Limits {
  milliseconds idle{600'000};
  milliseconds half_frame{10'000};
  std::size_t connections = 64;
};

Limits limits_of(const config::Settings& settings) {
  Limits limits;
  limits.idle = settings.get("idle_timeout", limits.idle);
  limits.half_frame = settings.get("frame_timeout", limits.half_frame);
  const auto most = settings.get<std::int64_t>("max_connections", 64);
  if (most < 1 || most > 10'000)
    throw std::runtime_error("driver.hoist: max_connections must be 1 to 10000");
  limits.connections = static_cast<std::size_t>(most);
  return limits;
}

/// A hoist that connected to us, until it hangs up, is idle, or is thrown out.
class Visit {
 public:
  Visit(tcp::socket socket, hoist::Hall& hall, const Limits& limits)
      : link_(std::move(socket)), talk_(link_, hall), limits_(limits) {}

  asio::awaitable<void> run() {
    auto until = runtime_.now() + limits_.idle;
    bool begun = false;
    while (true) {
      auto bytes = co_await link_.read(until);
      const bool over = !bytes || bytes->empty();
      if (over) bytes = std::string{};
      co_await talk_.take(std::move(*bytes));
      if (over) break;
      // Half a frame must become whole in time, however slowly its bytes drip.
      if (!talk_.begun()) until = runtime_.now() + limits_.idle;
      if (talk_.begun() && !begun) until = runtime_.now() + limits_.half_frame;
      begun = talk_.begun();
    }
    link_.close();
  }
  void stop() { link_.close(); }
  /// It never sent a frame of a known hoist: who does may have its place.
  bool evictable() const { return talk_.device().empty(); }

 private:
  Link link_;
  hoist::Talk talk_;
  const Limits& limits_;
  RuntimeClock runtime_;
};

/// A hoist on a line of its own.
class Line {
 public:
  Line(const DriverContext& context, hoist::Hall& hall, Tap::Plan plan, std::uint64_t seed)
      : tap_(
            context.io, context.clock, context.intake, std::move(plan),
            [this](std::string bytes) { return talk_.take(std::move(bytes)); }, seed),
        talk_(tap_.link(), hall) {}
  Tap& tap() { return tap_; }

 private:
  Tap tap_;
  hoist::Talk talk_;
};

/// Thread-bound to io.
class HoistDriver final : public Driver {
 public:
  explicit HoistDriver(const DriverContext& context)
      : io_(context.io),
        limits_(limits_of(context.config.driver("hoist"))),
        hall_{{}, context.io, context.clock, context.intake},
        changed_(context.io, asio::steady_timer::time_point::max()) {
    std::random_device random;
    bool visitors = false;
    for (const config::Device& device : context.config.devices) {
      if (device.driver != "hoist") continue;
      add(device);
      const auto address = link_keys::address_of(device.settings);
      visitors = visitors || !address;
      if (address)
        lines_.emplace_back(context, hall_,
                            Tap::Plan{"hoist", device.id, *address, limits_.half_frame}, random());
    }
    const auto listen =
        context.config.driver("hoist").get<std::string>("listen", std::string(default_listen));
    const auto endpoint = or_throw(parse_endpoint(listen), "driver.hoist: listen");
    if (visitors) listener_ = std::make_unique<Listener>(context.io, endpoint, "hoist");
  }

  asio::awaitable<Result<void>> run() override {
    if (listener_) {
      if (auto opened = listener_->open(); !opened) co_return opened.error();
    }
    for (Line& line : lines_) {
      if (!stopping_) begin(line.tap().run());
    }
    Result<void> outcome;
    if (listener_) {
      Listener::Welcome on_connection = [this](tcp::socket socket) { welcome(std::move(socket)); };
      outcome = co_await listener_->accept(std::move(on_connection));
    } else {
      while (!stopping_)
        co_await changed_.async_wait(as_result);
    }
    end_all();
    while (running_ > 0)
      co_await changed_.async_wait(as_result);
    hall_.refused.flush();
    hall_.unsaved.flush();
    co_return outcome;
  }
  void stop() override {
    stopping_ = true;
    if (listener_) listener_->close();
    changed_.cancel();
  }
  std::uint16_t port() const override { return listener_ ? listener_->port() : 0; }

 private:
  void add(const config::Device& device) {
    const std::string where = "device " + device.id;
    const auto serial = device.settings.get<std::string>("sn");
    auto allow =
        or_throw(AddressList::parse(device.settings.get<std::vector<std::string>>("allow")),
                 where + ": allow");
    const auto [known, fresh] =
        hall_.hoists.emplace(serial, hoist::Hoist{device.id, std::move(allow)});
    if (!fresh) throw std::runtime_error(where + ": sn is that of device " + known->second.device);
  }

  void begin(asio::awaitable<void> work) {
    ++running_;
    asio::co_spawn(io_, std::move(work), [this](const std::exception_ptr&) {
      --running_;
      changed_.cancel();
    });
  }

  void welcome(tcp::socket socket) {
    const auto dismiss = [](Visit& one) { one.stop(); };
    if (!make_room(visits_, limits_.connections, dismiss)) {
      hall_.refused.count("connections: all max_connections are taken");
      hall_.intake.refuse({"hoist", "", "", "connections", "all max_connections are taken", ""});
      return;
    }
    tune(socket);
    auto visit = std::make_shared<Visit>(std::move(socket), hall_, limits_);
    visits_.insert(visit);
    begin(attend(visit));
  }

  asio::awaitable<void> attend(std::shared_ptr<Visit> visit) {
    co_await visit->run();
    visits_.erase(visit);
  }

  void end_all() {
    for (Line& line : lines_)
      line.tap().stop();
    for (const auto& visit : visits_)
      visit->stop();
  }

  asio::any_io_executor io_;
  Limits limits_;
  hoist::Hall hall_;
  asio::steady_timer changed_;
  std::unique_ptr<Listener> listener_;  ///< null where every hoist has a line of its own
  std::list<Line> lines_;
  std::set<std::shared_ptr<Visit>> visits_;
  std::size_t running_ = 0;
  bool stopping_ = false;
};

using config::Key;
using config::KeyKind;

std::string wrong_sn(const config::Settings& device, const config::Config&) {
  const auto serial = device.get<std::string>("sn");
  return serial.size() == serial_number_bytes ? "" : "wrong value; write its eight characters";
}

constexpr std::array settings{
    Key{"listen", KeyKind::Text, false, "ADDRESS:PORT to listen on; 127.0.0.1:9213"},
    Key{"idle_timeout", KeyKind::Duration, false,
        "a connection on which nothing comes for so long is closed; 10m"},
    Key{"frame_timeout", KeyKind::Duration, false,
        "a frame must be whole so long after its first byte; 10s"},
    Key{"max_connections", KeyKind::Integer, false, "hoists at the same time; 64"},
};

constexpr std::array own_keys{
    Key{"sn", KeyKind::Text, true, "the hoist's serial number, eight characters, as in its frames",
        wrong_sn},
    Key{"allow", KeyKind::TextList, false,
        "addresses (10.1.2.3) and ranges (10.1.0.0/16) it may come from; left out: any"},
};
constexpr auto unit_settings = link_keys::after(own_keys);

std::unique_ptr<Driver> make(const DriverContext& context) {
  return std::make_unique<HoistDriver>(context);
}

}  // namespace

extern const DriverType hoist_driver{
    "hoist",       "construction hoists that send GOYO frames over TCP or a serial port",
    false,         settings,
    unit_settings, make};

}  // namespace jieding::drivers
