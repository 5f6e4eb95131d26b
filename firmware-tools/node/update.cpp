#include "firmware-tools/node/update.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "firmware-tools/node/upload.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::tools::node {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
constexpr std::chrono::milliseconds between_looks{500};
/// Nodes answer a reset and do it a moment later.
constexpr std::chrono::milliseconds reset_under_way{2'000};

asio::awaitable<void> pause() {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_after(between_looks);
  co_await timer.async_wait(as_result);
}

const SlotState* running(const std::vector<SlotState>& slots) {
  const auto active = std::find_if(slots.begin(), slots.end(), [](const SlotState& slot) {
    return slot.active && slot.image == 0;
  });
  return active == slots.end() ? nullptr : &*active;
}

bool holds(const std::vector<SlotState>& slots, const std::string& hash) {
  return std::any_of(slots.begin(), slots.end(),
                     [&](const SlotState& slot) { return slot.hash == hash && slot.image == 0; });
}

/// The reset has not come yet, or the swap: nothing is decided.
bool waits_for_boot(const std::vector<SlotState>& slots, const std::string& hash) {
  return std::any_of(slots.begin(), slots.end(), [&](const SlotState& slot) {
    return slot.hash == hash && slot.pending && !slot.active;
  });
}

/// The image waits for a boot before we have done anything: whoever marked it may have asked for
/// that boot a moment ago, and a second reset would take the image back.
asio::awaitable<Result<std::vector<SlotState>>> let_it_boot(Client& client, std::string hash) {
  const auto until = steady_clock::now() + reset_under_way;
  while (true) {
    co_await pause();
    auto slots = co_await client.slots(1);
    if (!slots && slots.error().kind() == Fault::Unavailable)
      co_return co_await wait_until_back(client, hash);
    const bool waits = slots && waits_for_boot(*slots, hash);
    if (!waits || steady_clock::now() >= until) co_return slots;
  }
}

Error fell_back(const SlotState* now) {
  const std::string what = now == nullptr ? "nothing that it names" : "version " + now->version;
  return {Fault::Refused, "the node did not keep the image and runs " + what +
                              "; see its console for why its bootloader refused it"};
}

/// Whether the node says so by itself in its time.
asio::awaitable<Result<void>> wait_until_confirmed(Client& client, const std::string& hash) {
  const auto until = steady_clock::now() + client.patience().come_back;
  while (steady_clock::now() < until) {
    const auto slots = co_await client.slots(1);
    if (!slots && slots.error().kind() != Fault::Unavailable) co_return slots.error();
    const SlotState* now = slots ? running(*slots) : nullptr;
    if (now != nullptr && now->hash != hash) co_return fell_back(now);
    if (now != nullptr && now->confirmed) co_return Result<void>{};
    co_await pause();
  }
  const auto restarted = co_await client.reset();
  if (!restarted) co_return restarted.error();
  const auto slots = co_await wait_until_back(client, "");
  if (!slots) co_return slots.error();
  const SlotState* now = running(*slots);
  const std::string runs = now == nullptr ? "" : " to version " + now->version;
  if (now != nullptr && now->hash == hash)
    co_return Error{Fault::Refused, "the node neither confirms the image nor falls back"};
  co_return Error{Fault::Refused,
                  "the node did not confirm the image in its time and fell back" + runs};
}

}  // namespace

asio::awaitable<Result<void>> send_image(Client& client, const NewImage& image,
                                         const Progress& progress) {
  const std::size_t room = co_await client.room();
  Upload upload(image.bytes, image.sha256, room);
  while (!upload.done()) {
    const auto patience = upload.offset() == 0 ? client.patience().erase : client.patience().answer;
    auto asked = client.ask(upload_image, upload.next(), patience, client.patience().tries);
    const auto reply = co_await std::move(asked);
    if (!reply) co_return reply.error();
    const auto offset = read_offset(*reply, image.bytes.size());
    if (!offset) co_return offset.error();
    const auto reached = upload.reached(*offset);
    if (!reached) co_return reached.error();
    progress(upload.offset(), image.bytes.size());
  }
  co_return Result<void>{};
}

asio::awaitable<Result<std::vector<SlotState>>> wait_until_back(Client& client, std::string hash) {
  const auto until = steady_clock::now() + client.patience().come_back;
  while (true) {
    co_await pause();
    auto slots = co_await client.slots(1);
    const bool waits = slots && waits_for_boot(*slots, hash);
    const bool silent = !slots && slots.error().kind() == Fault::Unavailable;
    if (!waits && !silent) co_return slots;
    if (steady_clock::now() >= until) {
      co_return Error{
          Fault::Unavailable,
          "the node did not come back after its reset; it falls back to what it had when "
          "it is switched off and on"};
    }
  }
}

asio::awaitable<Result<void>> put_in_force(Client& client, const NewImage& image, Confirm confirm,
                                           const Progress& progress, const Step& step) {
  auto slots = co_await client.slots();
  if (slots && waits_for_boot(*slots, image.hash)) slots = co_await let_it_boot(client, image.hash);
  if (!slots) co_return slots.error();
  const SlotState* now = running(*slots);
  const bool runs_already = now != nullptr && now->hash == image.hash;
  if (!runs_already) {
    if (!holds(*slots, image.hash)) {
      const auto sent = co_await send_image(client, image, progress);
      if (!sent) co_return sent.error();
    }
    step("sent");
    slots = co_await client.mark(image.hash, false);
    if (!slots) co_return slots.error();
    step("marked");
    const auto restarted = co_await client.reset();
    if (!restarted) co_return restarted.error();
    step("restarted");
    slots = co_await wait_until_back(client, image.hash);
    if (!slots) co_return slots.error();
    now = running(*slots);
    if (now == nullptr || now->hash != image.hash) co_return fell_back(now);
  }
  step("running");
  if (!now->confirmed && confirm == Confirm::ByNode) {
    const auto confirmed = co_await wait_until_confirmed(client, image.hash);
    if (!confirmed) co_return confirmed.error();
  } else if (!now->confirmed) {
    slots = co_await client.mark(image.hash, true);
    if (!slots) co_return slots.error();
    now = running(*slots);
    if (now == nullptr || !now->confirmed)
      co_return Error{Fault::Refused,
                      "the node does not take the confirmation; it falls back at its next reset"};
  }
  step("confirmed");
  co_return Result<void>{};
}

}  // namespace jieding::tools::node
