// Whatever a node sends over its console: no packet is longer than it may be, and what a reply says
// is within its bounds.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "firmware-tools/node/console_frame.hpp"
#include "firmware-tools/node/smp.hpp"

namespace {

using namespace jieding::tools;

void read(std::string_view packet) {
  constexpr std::size_t image_size = 1'000'000;
  const auto sequence = packet.size() > 6 ? static_cast<std::uint8_t>(packet[6]) : std::uint8_t{0};
  for (const node::Command& command :
       {node::echo, node::list_images, node::set_image_state, node::upload_image}) {
    const auto reply = node::read_reply(command, sequence, packet);
    if (!reply) continue;
    if (!cbor::decode(cbor::encode(*reply))) std::abort();
    const auto slots = node::read_slots(*reply);
    if (slots && slots->size() > 16) std::abort();
    const auto offset = node::read_offset(*reply, image_size);
    if (offset && *offset > image_size) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  read(input);
  node::LineReader reader;
  reader.push(input);
  while (const auto packet = reader.next()) {
    if (packet->size() > node::longest_packet) std::abort();
    read(*packet);
  }
  return 0;
}
