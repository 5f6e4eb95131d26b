// Any bytes as a stream of MQTT packets: nothing is read beyond its packet, and what is accepted is
// within the bounds that the session relies on. The first byte picks the version.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "drivers/mqtt_answer.hpp"
#include "drivers/mqtt_packet.hpp"
#include "drivers/mqtt_reader.hpp"

namespace {

namespace mqtt = jieding::drivers::mqtt;

constexpr std::size_t longest = 8192;

void need(bool so) {
  if (!so) std::abort();
}

/// What we write must be a packet too, and no longer than the client takes.
void need_packet(const std::string& bytes, std::size_t most) {
  const auto found = mqtt::first_packet(bytes, most);
  need(found && *found && (*found)->size == bytes.size());
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void read_publish(const mqtt::Packet& packet, mqtt::Version version) {
  const auto publish = mqtt::parse_publish(packet, version);
  if (!publish) return;
  need(publish->qos <= 1 && (publish->qos == 0) == (publish->id == 0));
  need(!publish->topic.empty() && mqtt::is_text(publish->topic));
  need(lies_in(publish->topic, packet.body) && lies_in(publish->payload, packet.body));
  need_packet(mqtt::puback(version, publish->id, mqtt::Reason::PayloadFormatInvalid, publish->topic,
                           longest),
              longest);
}

void read(const mqtt::Packet& packet, mqtt::Version version) {
  mqtt::protocol_level(packet.body);
  if (const auto connect = mqtt::parse_connect(packet)) {
    need(mqtt::is_text(connect->client) && mqtt::is_text(connect->user));
    need(connect->longest_packet > 0);
    mqtt::Welcome welcome;
    welcome.assigned_client = connect->client.substr(0, 100);
    need_packet(mqtt::connack(connect->version, welcome), longest);
  }
  read_publish(packet, version);
  if (const auto filters = mqtt::parse_filters(packet, version)) {
    need(filters->id != 0 && filters->count > 0 && filters->count <= packet.body.size());
    need_packet(mqtt::refuse_filters(version, packet.type, *filters), longest);
  }
  (void)mqtt::parse_disconnect(packet, version);
  (void)mqtt::check_ping(packet);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const auto version = bytes[0] % 2 == 0 ? mqtt::Version::V311 : mqtt::Version::V5;
  std::string_view rest(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  while (true) {
    const auto found = mqtt::first_packet(rest, longest);
    if (!found || !*found) return 0;
    const mqtt::Packet& packet = **found;
    need(packet.size <= longest && packet.size <= rest.size());
    need(packet.body.size() < packet.size && lies_in(packet.body, rest));
    read(packet, version);
    rest.remove_prefix(packet.size);
  }
}
