#include "firmware-tools/node/smp.hpp"

#include <array>
#include <utility>

namespace jieding::tools::node {
namespace {

/// A node has two slots for each of a few images.
constexpr std::size_t most_slots = 16;
constexpr std::size_t longest_version = 32;
constexpr std::size_t longest_hash = 64;
constexpr unsigned operation_bits = 0x07;

/// mcumgr's errors (enum mcumgr_err_t), by their number.
constexpr std::array error_words{"no error",
                                 "unknown error",
                                 "out of memory",
                                 "wrong argument",
                                 "took too long",
                                 "no such thing",
                                 "its state does not allow it",
                                 "the answer is too long",
                                 "not supported",
                                 "the data are corrupt",
                                 "busy",
                                 "access denied"};

Error wrong(std::string what) {
  return {Fault::Invalid, "the node's reply " + std::move(what)};
}

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}
unsigned two_bytes_at(std::string_view bytes, std::size_t at) {
  return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

std::string words_for(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  if (number >= error_words.size()) return "error " + digits;
  return std::string(error_words[number]) + " (" + digits + ")";
}

/// Version 1 says `rc`, version 2 says `err` with `group` and `rc`.
Result<void> check_accepted(const cbor::Value& map) {
  const cbor::Value* error = map.find("err");
  const cbor::Value* code = error == nullptr ? map.find("rc") : error->find("rc");
  if (code == nullptr && error == nullptr) return {};
  const std::uint64_t* number = code == nullptr ? nullptr : code->number();
  if (number == nullptr) return wrong("holds an error that is no number");
  if (*number == 0) return {};
  return Error{Fault::Refused, "the node refuses: " + words_for(*number)};
}

Result<SlotState> read_slot(const cbor::Value& of) {
  const cbor::Value* slot = of.find("slot");
  const cbor::Value* version = of.find("version");
  if (slot == nullptr || slot->number() == nullptr || version == nullptr ||
      version->text() == nullptr || version->text()->size() > longest_version) {
    return wrong("holds a slot without number or version");
  }
  // It is shown on terminals: nothing but what a version is made of.
  if (version->text()->find_first_not_of("0123456789.+") != std::string::npos)
    return wrong("holds a version that is none");
  SlotState state;
  state.slot = *slot->number();
  state.version = *version->text();
  if (const cbor::Value* image = of.find("image")) {
    if (image->number() == nullptr) return wrong("numbers an image in words");
    state.image = *image->number();
  }
  if (const cbor::Value* hash = of.find("hash")) {
    if (hash->bytes() == nullptr || hash->bytes()->size() > longest_hash) {
      return wrong("holds a hash that is none");
    }
    state.hash = *hash->bytes();
  }
  const auto is = [&](std::string_view flag) {
    const cbor::Value* value = of.find(flag);
    return value != nullptr && value->is_true();
  };
  state.active = is("active");
  state.confirmed = is("confirmed");
  state.pending = is("pending");
  state.permanent = is("permanent");
  state.bootable = is("bootable");
  return state;
}

}  // namespace

std::string request(const Command& command, std::uint8_t sequence, const cbor::Value& map) {
  const std::string body = cbor::encode(map);
  std::string packet;
  packet += static_cast<char>(command.operation);
  packet += '\0';
  packet += static_cast<char>(body.size() >> 8 & 0xFF);
  packet += static_cast<char>(body.size() & 0xFF);
  packet += static_cast<char>(command.group >> 8);
  packet += static_cast<char>(command.group & 0xFF);
  packet += static_cast<char>(sequence);
  packet += static_cast<char>(command.id);
  return packet + body;
}

bool is_reply(const Command& command, std::uint8_t sequence, std::string_view packet) {
  return packet.size() >= smp_header_size && byte_at(packet, 6) == sequence &&
         (byte_at(packet, 0) & operation_bits) == static_cast<unsigned>(command.operation) + 1 &&
         two_bytes_at(packet, 4) == command.group && byte_at(packet, 7) == command.id;
}

Result<cbor::Value> read_reply(const Command& command, std::uint8_t sequence,
                               std::string_view packet) {
  if (packet.size() < smp_header_size) return wrong("is shorter than its header");
  if (two_bytes_at(packet, 2) != packet.size() - smp_header_size) {
    return wrong("lies about its length");
  }
  if (byte_at(packet, 6) != sequence) return wrong("answers another question");
  if (!is_reply(command, sequence, packet)) return wrong("answers another command");
  auto map = cbor::decode(packet.substr(smp_header_size));
  if (!map) return map.error().in("the node's reply");
  if (map->map() == nullptr) return wrong("holds no map");
  if (auto accepted = check_accepted(*map); !accepted) return accepted.error();
  return map;
}

Result<std::vector<SlotState>> read_slots(const cbor::Value& reply) {
  const cbor::Value* images = reply.find("images");
  if (images == nullptr || images->array() == nullptr) return wrong("lists no images");
  if (images->array()->size() > most_slots) return wrong("lists too many images");
  std::vector<SlotState> slots;
  for (const cbor::Value& each : *images->array()) {
    auto slot = read_slot(each);
    if (!slot) return slot.error();
    slots.push_back(std::move(*slot));
  }
  return slots;
}

Result<std::size_t> read_offset(const cbor::Value& reply, std::size_t image_size) {
  const cbor::Value* offset = reply.find("off");
  if (offset == nullptr || offset->number() == nullptr) return wrong("does not say what it has");
  if (*offset->number() > image_size) return wrong("says that it has more than the image");
  return static_cast<std::size_t>(*offset->number());
}

cbor::Value state_map(std::string_view hash, bool confirm) {
  return {cbor::Map{{cbor::text("hash"), cbor::bytes(hash)},
                    {cbor::text("confirm"), cbor::truth(confirm)}}};
}

}  // namespace jieding::tools::node
