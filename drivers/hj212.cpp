// HJ 212, the protocol of dust and noise stations on construction sites. The station is the
// TCP client, we listen; neither port nor direction stands in the standard, this is the custom.

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <set>
#include <stdexcept>

#include "drivers/address.hpp"
#include "drivers/driver.hpp"
#include "drivers/hj212_session.hpp"
#include "drivers/listener.hpp"
#include "drivers/places.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

tcp::endpoint endpoint_of(const config::Settings& settings) {
  const auto parsed = parse_endpoint(settings.get<std::string>("listen", "127.0.0.1:9212"));
  if (!parsed) throw std::runtime_error("driver.hj212: listen: " + parsed.error().text());
  return *parsed;
}

hj212::Limits limits_of(const config::Settings& settings) {
  hj212::Limits limits;
  limits.idle = settings.get("idle_timeout", limits.idle);
  limits.half_frame = settings.get("frame_timeout", limits.half_frame);
  limits.frames_per_second = settings.get("frames_per_second", limits.frames_per_second);
  limits.parts.patience = settings.get("parts_timeout", limits.parts.patience);
  limits.clock_error = settings.get("clock_error", limits.clock_error);
  const auto longest = settings.get<std::int64_t>("longest_segment", hj212::longest_segment);
  if (longest < std::int64_t{hj212::longest_segment} ||
      longest > std::int64_t{hj212::longest_segment_ever}) {
    throw std::runtime_error("driver.hj212: longest_segment must be 1024 to 4096");
  }
  limits.longest_segment = static_cast<std::size_t>(longest);
  if (limits.frames_per_second < 1) {
    throw std::runtime_error("driver.hj212: frames_per_second must be at least 1");
  }
  return limits;
}

/// Accepts connections and keeps them until they end. Thread-bound to io.
class Hj212Listener final : public Driver {
 public:
  explicit Hj212Listener(const DriverContext& context)
      : stations_(context.config),
        limits_(limits_of(context.config.driver("hj212"))),
        hall_{stations_, limits_, context.clock, context.intake},
        io_(context.io),
        listener_(context.io, endpoint_of(context.config.driver("hj212")), "hj212"),
        changed_(context.io, asio::steady_timer::time_point::max()),
        sweep_(context.io) {
    const config::Settings& settings = context.config.driver("hj212");
    const auto most = settings.get<std::int64_t>("max_connections", 64);
    if (most < 1) throw std::runtime_error("driver.hj212: max_connections must be at least 1");
    max_connections_ = static_cast<std::size_t>(most);
  }

  asio::awaitable<Result<void>> run() override {
    if (auto opened = listener_.open(); !opened) co_return opened.error();
    ended_ = false;
    sweeping_ = true;
    asio::co_spawn(io_, sweep(), [this](const std::exception_ptr&) {
      sweeping_ = false;
      changed_.cancel();
    });
    Listener::Welcome on_connection = [this](tcp::socket socket) { welcome(std::move(socket)); };
    const Result<void> outcome = co_await listener_.accept(std::move(on_connection));
    for (const auto& session : sessions_)
      session->stop();
    ended_ = true;
    sweep_.cancel();
    while (!sessions_.empty() || sweeping_)
      co_await changed_.async_wait(as_result);
    hall_.report(hall_.joiner.give_up_all());
    hall_.refused.flush();
    hall_.unsaved.flush();
    co_return outcome;
  }

  void stop() override { listener_.close(); }
  std::uint16_t port() const override { return listener_.port(); }

 private:
  /// Gives up packets that never became whole, and says how many frames were refused last.
  asio::awaitable<void> sweep() {
    while (!ended_) {
      sweep_.expires_after(std::chrono::seconds{1});
      co_await sweep_.async_wait(as_result);
      hall_.report(hall_.joiner.give_up(std::chrono::steady_clock::now()));
    }
  }

  void welcome(tcp::socket socket) {
    const asio::ip::address peer = peer_of(socket);
    if (peer.is_unspecified()) return;
    if (!stations_.anyone_may_come_from(peer))
      return turn_away(peer, "address", "no device's `allow` names it");
    const auto dismiss = [](hj212::Session& one) { one.stop(); };
    if (!make_room(sessions_, max_connections_, dismiss))
      return turn_away(peer, "connections", "all max_connections are taken");
    tune(socket);
    auto session = std::make_shared<hj212::Session>(std::move(socket), hall_);
    sessions_.insert(session);
    asio::co_spawn(io_, session->run(), [this, session](const std::exception_ptr&) {
      sessions_.erase(session);
      changed_.cancel();
    });
  }

  void turn_away(const asio::ip::address& peer, std::string_view reason, std::string detail) {
    hall_.refused.count(std::string(reason) + " " + peer.to_string() + ": " + detail);
    hall_.intake.refuse(
        {"hj212", peer.to_string(), "", std::string(reason), std::move(detail), ""});
  }

  hj212::Stations stations_;
  hj212::Limits limits_;
  hj212::Hall hall_;
  std::size_t max_connections_ = 0;
  asio::any_io_executor io_;
  Listener listener_;
  asio::steady_timer changed_;
  asio::steady_timer sweep_;
  std::set<std::shared_ptr<hj212::Session>> sessions_;
  bool ended_ = false;
  bool sweeping_ = false;
};

using config::KeyKind;

constexpr std::array settings{
    config::Key{"listen", KeyKind::Text, false, "ADDRESS:PORT to listen on; 127.0.0.1:9212"},
    config::Key{"idle_timeout", KeyKind::Duration, false,
                "a connection without a good frame for so long is closed; 10m"},
    config::Key{"frame_timeout", KeyKind::Duration, false,
                "a frame must be whole so long after its first byte; 10s"},
    config::Key{"max_connections", KeyKind::Integer, false, "stations at the same time; 64"},
    config::Key{"frames_per_second", KeyKind::Number, false,
                "each connection is read no faster, bursts of 5 s apart; 50"},
    config::Key{"longest_segment", KeyKind::Integer, false,
                "bytes of a data segment; 1024, the standard's, up to 4096 for stations that "
                "tolerate `long_segment`"},
    config::Key{"parts_timeout", KeyKind::Duration, false,
                "an upload in several packets is given up so long after its last one; 10m"},
    config::Key{"clock_error", KeyKind::Duration, false,
                "a station whose clock is further off gets a warning; 10m"},
};

constexpr std::array unit_settings{
    config::Key{"mn", KeyKind::Text, true, "the station's MN, as in its frames"},
    config::Key{"pw", KeyKind::Text, false, "the station's PW; left out: any is taken"},
    config::Key{"allow", KeyKind::TextList, false,
                "addresses (10.1.2.3) and ranges (10.1.0.0/16) it may come from; left out: any"},
    config::Key{"units", KeyKind::TextTable, false,
                "units the station sends, by factor: { a34004 = \"mg/m3\", a01006 = \"hPa\" }; "
                "ug/m3 for dust and kPa for pressure"},
    config::Key{"aliases", KeyKind::TextTable, false,
                "the maker's own factor codes: { a50001 = \"LA\" }"},
    config::Key{"tolerate", KeyKind::TextList, false,
                "what it may do beside the standard: short_qn, blanks ..., or field for all that "
                "is seen in the field; left out: nothing",
                hj212::wrong_tolerate},
    config::Key{"reply", KeyKind::Text, false,
                "what CP of our 9014 holds: standard, qnrtn, qnrtn_exertn, 2005; standard",
                hj212::wrong_reply},
    config::Key{"answer_parts", KeyKind::Text, false,
                "packets of one upload are answered each, or when the whole is stored (stations "
                "that give all packets one QN): each, whole; each",
                hj212::wrong_answer_parts},
    config::Key{"sm4_key_file", KeyKind::Path, false,
                "HJ 212-2025's encryption: a file with one key a line, the newest first, such as "
                "secrets/dust-1.sm4; left out: in the clear"},
    config::Key{"sm4_wire", KeyKind::Text, false,
                "how encrypted bytes are sent, not verified on a device: raw, hex; raw",
                hj212::wrong_sm4_wire},
};

std::unique_ptr<Driver> make(const DriverContext& context) {
  return std::make_unique<Hj212Listener>(context);
}

}  // namespace

extern const DriverType hj212_driver{
    "hj212",       "dust and noise stations that speak HJ 212 (2005, 2017, 2025) over TCP",
    false,         settings,
    unit_settings, make};

}  // namespace jieding::drivers
