#include <gtest/gtest.h>

#include <optional>

#include "drivers/mqtt_packet.hpp"
#include "drivers/pack.hpp"
#include "tests/drivers/recordings.hpp"

namespace jieding::drivers::test {
namespace {

/// One connection after the other.
class Session {
 public:
  std::string read(const mqtt::Packet& packet) {
    if (!version_) return read_connect(packet);
    if (packet.type == mqtt::Type::Disconnect) {
      const bool sound = static_cast<bool>(mqtt::parse_disconnect(packet, *version_));
      version_.reset();
      return sound ? "disconnect\n" : "refused disconnect\n";
    }
    const auto publish = mqtt::parse_publish(packet, *version_);
    if (!publish) return "refused " + publish.error().detail + "\n";
    const auto batch =
        pack::parse(publish->payload, pack::Form::Either, {"hz-demo", "hoist-1", received}, {});
    return "publish " + std::string(publish->topic) + " QoS " + std::to_string(publish->qos) +
           "\n" + (batch ? describe(*batch) : "refused " + batch.error().text() + "\n");
  }

 private:
  std::string read_connect(const mqtt::Packet& packet) {
    const auto connect = mqtt::parse_connect(packet);
    if (!connect) return "refused " + connect.error().detail + "\n";
    version_ = connect->version;
    return "connect " + std::to_string(static_cast<int>(connect->version)) + " user " +
           connect->user + " keep-alive " + std::to_string(connect->keep_alive) + "\n";
  }

  std::optional<mqtt::Version> version_;
};

std::string play_mqtt(const tools::Recording& recording) {
  const std::string all = said_by_device(recording);
  Session session;
  std::string outcome;
  for (std::string_view rest = all; !rest.empty();) {
    const auto packet = mqtt::first_packet(rest, 4096);
    if (!packet || !*packet) return outcome + "refused: not one packet\n";
    outcome += session.read(**packet);
    rest.remove_prefix((*packet)->size);
  }
  return outcome;
}

TEST(Recordings, MqttIsReadAsExpected) {
  play_all("mqtt", play_mqtt);
}

}  // namespace
}  // namespace jieding::drivers::test
