#pragma once
// The Simple Management Protocol of mcumgr (Zephyr, "SMP Protocol Specification"; groups 0 and 1):
// bytes of requests, and what replies say. Pure.
//
//   0  1   operation: 0 read, 1 its reply, 2 write, 3 its reply; bits 3 and 4: version
//   1  1   flags, 0
//   2  2   length of what follows the header
//   4  2   group: 0 the system, 1 images
//   6  1   sequence number, the same in the reply
//   7  1   command
//   8  -   CBOR map                              numbers are big-endian

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "firmware-tools/cbor.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::tools::node {

constexpr std::size_t smp_header_size = 8;

enum class Operation : std::uint8_t { Read = 0, ReadReply = 1, Write = 2, WriteReply = 3 };

/// What is asked for.
struct Command {
  Operation operation = Operation::Read;
  std::uint16_t group = 0;
  std::uint8_t id = 0;
};
constexpr Command echo{Operation::Write, 0, 0};
constexpr Command reset{Operation::Write, 0, 5};
constexpr Command parameters{Operation::Read, 0, 6};
constexpr Command list_images{Operation::Read, 1, 0};
constexpr Command set_image_state{Operation::Write, 1, 0};
constexpr Command upload_image{Operation::Write, 1, 1};

std::string request(const Command& command, std::uint8_t sequence, const cbor::Value& map);

/// Whether a packet is the reply to this request, by its header: a console may echo what it gets.
bool is_reply(const Command& command, std::uint8_t sequence, std::string_view packet);

/// The map of the reply to this command. Refused: another reply, one that lies about its length,
/// and the node's own refusal, with its number in words.
Result<cbor::Value> read_reply(const Command& command, std::uint8_t sequence,
                               std::string_view packet);

/// One slot of a node, as the node tells it.
struct SlotState {
  std::uint64_t image = 0, slot = 0;
  std::string version;
  std::string hash;  ///< of the image's bytes (SHA-256); empty: not told
  bool active = false, confirmed = false, pending = false, permanent = false, bootable = false;
};
Result<std::vector<SlotState>> read_slots(const cbor::Value& reply);

/// How many bytes of an upload the node has; never more than the image is long.
Result<std::size_t> read_offset(const cbor::Value& reply, std::size_t image_size);

/// Marks the image with this hash for one boot, or for good.
cbor::Value state_map(std::string_view hash, bool confirm);

}  // namespace jieding::tools::node
