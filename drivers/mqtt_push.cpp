// Devices that push over MQTT 3.1.1 or 5: the box is the endpoint they publish to, not a broker.
// User is the device's id, password its token, topic jieding/v1/push/DEVICE/readings, payload SenML
// or plain JSON (pack.hpp). PUBACK means: it is on the disk.

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <optional>
#include <set>
#include <stdexcept>

#include "drivers/address.hpp"
#include "drivers/driver.hpp"
#include "drivers/listener.hpp"
#include "drivers/mqtt_session.hpp"
#include "drivers/pack.hpp"
#include "drivers/places.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::string_view default_listen = "127.0.0.1:1883";
/// Room for topic and properties beside the longest pack.
constexpr std::size_t longest_packet = pack::longest_body + 4096;
/// A device that was cut off sends at most one whole pack at once.
constexpr double burst = static_cast<double>(senml::most_records);

std::int64_t bounded(const config::Settings& settings, std::string_view key, std::int64_t otherwise,
                     std::int64_t most) {
  const auto value = settings.get(key, otherwise);
  if (value < 1 || value > most) {
    throw std::runtime_error("driver.mqtt: " + std::string(key) + " must be 1 to " +
                             std::to_string(most));
  }
  return value;
}

mqtt::Senders senders_of(const config::Config& config) {
  const double pace = config.driver("mqtt").get("readings_per_second", 50.0);
  if (!(pace > 0)) throw std::runtime_error("driver.mqtt: readings_per_second must be above 0");
  mqtt::Senders senders;
  for (const config::Device& device : config.devices) {
    if (device.driver != "mqtt") continue;
    const TokenDigest token = read_token(device);
    for (const auto& [id, other] : senders) {
      if (!same_token(token, other.token)) continue;
      throw std::runtime_error("device " + device.id + ": its token is that of device " + id);
    }
    mqtt::Sender sender{device.id,
                        token,
                        TokenBucket(pace, burst, RuntimeClock{}.now()),
                        pack::dialect_of(device.settings),
                        {},
                        {},
                        {},
                        {}};
    senders.emplace(device.id, std::move(sender));
  }
  return senders;
}

mqtt::Limits limits_of(const config::Settings& settings) {
  mqtt::Limits limits;
  limits.connect = settings.get("connect_timeout", limits.connect);
  limits.packet = settings.get("packet_timeout", limits.packet);
  limits.in_flight =
      static_cast<std::uint16_t>(bounded(settings, "receive_maximum", limits.in_flight, 256));
  limits.longest_packet = longest_packet;
  return limits;
}

tcp::endpoint endpoint_of(const config::Settings& settings) {
  const auto parsed =
      parse_endpoint(settings.get<std::string>("listen", std::string(default_listen)));
  if (!parsed) throw std::runtime_error("driver.mqtt: listen: " + parsed.error().text());
  return *parsed;
}

/// Beyond loopback tokens travel under TLS, unless the file says otherwise in so many words.
std::optional<mqtt::Tls> tls_of(const config::Config& config) {
  const config::Settings& settings = config.driver("mqtt");
  if (!settings.get("tls", !endpoint_of(settings).address().is_loopback())) return std::nullopt;
  if (config.web.tls_certificate.empty() || config.web.tls_key.empty()) {
    throw std::runtime_error(
        "driver.mqtt: TLS needs web.tls_certificate and web.tls_key; add them, listen on "
        "127.0.0.1, or write tls = false and send the tokens in the clear");
  }
  auto loaded = mqtt::Tls::load(config.web.tls_certificate, config.web.tls_key);
  if (!loaded) throw std::runtime_error("driver.mqtt: web." + loaded.error().text());
  return std::move(*loaded);
}

/// Accepts connections and keeps them until they end. Thread-bound to io.
class MqttPush final : public Driver {
 public:
  explicit MqttPush(const DriverContext& context)
      : config_(context.config),
        senders_(senders_of(context.config)),
        limits_(limits_of(context.config.driver("mqtt"))),
        tls_(tls_of(context.config)),
        max_connections_(static_cast<std::size_t>(
            bounded(context.config.driver("mqtt"), "max_connections", 256, 100'000))),
        hall_{senders_, limits_, context.config.site.id, context.clock, context.intake},
        io_(context.io),
        listener_(context.io, endpoint_of(context.config.driver("mqtt")), "mqtt"),
        changed_(context.io, asio::steady_timer::time_point::max()) {}

  asio::awaitable<Result<void>> run() override {
    if (auto opened = listener_.open(); !opened) co_return opened.error();
    Listener::Welcome on_connection = [this](tcp::socket socket) { welcome(std::move(socket)); };
    const Result<void> outcome = co_await listener_.accept(std::move(on_connection));
    for (const auto& session : sessions_)
      session->end(mqtt::Reason::ShuttingDown);
    while (!sessions_.empty())
      co_await changed_.async_wait(as_result);
    hall_.refused.flush();
    hall_.unsaved.flush();
    co_return outcome;
  }
  void stop() override { listener_.close(); }
  /// Whoever came with the old one has to come again.
  void read_token_again(std::string_view id) override {
    const auto found = senders_.find(id);
    if (found == senders_.end()) return;
    found->second.token = read_token(*config_.device(id));
    const auto connections = found->second.connections;
    for (mqtt::Session* session : connections)
      session->end(mqtt::Reason::NotAuthorised);
  }
  std::uint16_t port() const override { return listener_.port(); }

 private:
  void welcome(tcp::socket socket) {
    const asio::ip::address from = peer_of(socket);
    if (from.is_unspecified()) return;
    const auto dismiss = [](mqtt::Session& one) { one.end(mqtt::Reason::ServerBusy); };
    if (!make_room(sessions_, max_connections_, dismiss)) {
      const std::string peer = from.to_string();
      hall_.refused.count("connections " + peer + ": all max_connections are taken");
      hall_.intake.refuse({"mqtt", peer, "", "connections", "all max_connections are taken", ""});
      return;
    }
    tune(socket);
    auto line = tls_ ? tls_->line(std::move(socket)) : mqtt::plain_line(std::move(socket));
    auto session = std::make_shared<mqtt::Session>(std::move(line), hall_);
    sessions_.insert(session);
    asio::co_spawn(io_, session->run(), [this, session](const std::exception_ptr&) {
      sessions_.erase(session);
      changed_.cancel();
    });
  }

  const config::Config& config_;
  mqtt::Senders senders_;
  mqtt::Limits limits_;
  std::optional<mqtt::Tls> tls_;
  std::size_t max_connections_;
  mqtt::Hall hall_;
  asio::any_io_executor io_;
  Listener listener_;
  asio::steady_timer changed_;
  std::set<std::shared_ptr<mqtt::Session>> sessions_;
};

using config::KeyKind;

constexpr std::array settings{
    config::Key{"listen", KeyKind::Text, false, "ADDRESS:PORT to listen on; 127.0.0.1:1883"},
    config::Key{"tls", KeyKind::Boolean, false,
                "with the certificate of [web]; left out: beyond loopback. false there sends the "
                "tokens in the clear"},
    config::Key{"readings_per_second", KeyKind::Number, false,
                "each device is read no faster, bursts of one pack apart; 50"},
    config::Key{"receive_maximum", KeyKind::Integer, false,
                "messages of one connection taken and not yet acknowledged; 32"},
    config::Key{"max_connections", KeyKind::Integer, false, "at the same time; 256"},
    config::Key{"connect_timeout", KeyKind::Duration, false,
                "a new connection must sign in within; 10s"},
    config::Key{"packet_timeout", KeyKind::Duration, false,
                "a packet must be whole so long after its first byte; 30s"},
};

std::unique_ptr<Driver> make(const DriverContext& context) {
  return std::make_unique<MqttPush>(context);
}

}  // namespace

extern const DriverType mqtt_push_driver{"mqtt",
                                         "devices that publish readings over MQTT 3.1.1 or 5",
                                         false,
                                         settings,
                                         pack::device_keys,
                                         make};

}  // namespace jieding::drivers
