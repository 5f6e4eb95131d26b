#include "firmware-tools/node/client.hpp"

#include <algorithm>
#include <utility>

#include "firmware-tools/node/console_frame.hpp"

namespace jieding::tools::node {
namespace {

namespace asio = boost::asio;
/// What Zephyr gives a packet where it is not configured (CONFIG_MCUMGR_TRANSPORT_NETBUF_SIZE).
constexpr std::size_t usual_room = 384, least_room = 128;
constexpr std::size_t longest_echo = 256;

cbor::Value no_map() {
  return {cbor::Map{}};
}

}  // namespace

asio::awaitable<Result<cbor::Value>> Client::ask(Command command, cbor::Value map,
                                                 std::chrono::milliseconds patience, int tries) {
  for (int tried = 0; tried < tries && !road_.closed(); ++tried) {
    const std::uint8_t sequence = ++sequence_;
    road_.forget();
    std::string packet = request(command, sequence, map);
    const auto sent = co_await road_.send(std::move(packet));
    if (!sent) co_return sent.error();
    const auto until = std::chrono::steady_clock::now() + patience;
    while (true) {
      const auto reply = co_await road_.receive(until);
      if (!reply) break;
      // A late answer to what was asked before says nothing about this.
      if (is_reply(command, sequence, *reply)) co_return read_reply(command, sequence, *reply);
    }
  }
  const std::string why =
      road_.closed()
          ? "stopped"
          : "the node does not answer; check its power, the wires, and that it speaks SMP";
  co_return Error{Fault::Unavailable, why};
}

asio::awaitable<Result<cbor::Value>> Client::ask(Command command, cbor::Value map) {
  auto asked = ask(command, std::move(map), patience_.answer, patience_.tries);
  co_return co_await std::move(asked);
}

asio::awaitable<Result<std::string>> Client::echo(std::string text) {
  cbor::Map map;
  map.push_back({cbor::text("d"), cbor::text(text)});
  auto asked = ask(node::echo, cbor::Value{std::move(map)});
  const auto reply = co_await std::move(asked);
  if (!reply) co_return reply.error();
  const cbor::Value* said = reply->find("r");
  if (said == nullptr || said->text() == nullptr || said->text()->size() > longest_echo)
    co_return Error{Fault::Invalid, "the node's reply echoes nothing"};
  co_return *said->text();
}

asio::awaitable<Result<std::vector<SlotState>>> Client::slots(int tries) {
  auto asked = ask(list_images, no_map(), patience_.answer, tries);
  const auto reply = co_await std::move(asked);
  if (!reply) co_return reply.error();
  co_return read_slots(*reply);
}

asio::awaitable<Result<std::vector<SlotState>>> Client::slots() {
  return slots(patience_.tries);
}

asio::awaitable<std::size_t> Client::room() {
  auto asked = ask(parameters, no_map(), patience_.answer, 2);  // older nodes may not know it
  const auto reply = co_await std::move(asked);
  const cbor::Value* size = reply ? reply->find("buf_size") : nullptr;
  if (size == nullptr || size->number() == nullptr) co_return usual_room;
  co_return std::clamp<std::uint64_t>(*size->number(), least_room, longest_packet);
}

asio::awaitable<Result<std::vector<SlotState>>> Client::mark(std::string hash, bool confirm) {
  auto asked = ask(set_image_state, state_map(hash, confirm));
  const auto reply = co_await std::move(asked);
  if (!reply) co_return reply.error();
  co_return read_slots(*reply);
}

asio::awaitable<Result<void>> Client::reset() {
  auto asked = ask(node::reset, no_map());
  const auto reply = co_await std::move(asked);
  if (!reply && reply.error().kind() != Fault::Unavailable) co_return reply.error();
  co_return Result<void>{};
}

}  // namespace jieding::tools::node
