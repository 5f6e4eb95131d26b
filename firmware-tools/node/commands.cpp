#include "firmware-tools/node/commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <iostream>
#include <utility>

#include "firmware-tools/image/digest.hpp"
#include "firmware-tools/image/file.hpp"
#include "firmware-tools/image/key.hpp"
#include "firmware-tools/node/progress.hpp"
#include "firmware-tools/until_stopped.hpp"
#include "gateway/domain/hex.hpp"

namespace jieding::tools::node {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using Work = std::function<asio::awaitable<Result<void>>(Client&)>;

asio::awaitable<Result<void>> opened_and_done(Road& road, Patience patience, const Work& work) {
  const auto opened = co_await road.open();
  if (!opened) co_return opened.error();
  Client client(road, patience);
  auto doing = work(client);
  auto done = co_await std::move(doing);
  road.close();
  co_return done;
}

Result<void> with_node(const At& at, const Work& work) {
  asio::io_context io(1);
  auto road = make_road(io.get_executor(), at.place);
  if (!road) return road.error();
  const auto done = until_stopped<void>(io, opened_and_done(**road, at.patience, work),
                                        std::nullopt, [&] { (*road)->close(); });
  if (!done) return done.error().in(at.place);
  return {};
}

std::string words_of(const SlotState& slot) {
  std::string out = "image " + std::to_string(slot.image) + " slot " + std::to_string(slot.slot) +
                    ": version " + slot.version;
  if (slot.active) out += ", runs";
  if (slot.confirmed) out += ", confirmed";
  if (slot.pending) out += slot.permanent ? ", next for good" : ", next for one boot";
  if (!slot.bootable) out += ", cannot boot";
  return out + (slot.hash.empty() ? "" : "\n  " + to_hex(slot.hash));
}

void print(const std::vector<SlotState>& slots, bool as_json) {
  json::array all;
  for (const SlotState& slot : slots) {
    if (!as_json) std::cout << words_of(slot) << '\n';
    all.push_back({{"image", slot.image},
                   {"slot", slot.slot},
                   {"version", slot.version},
                   {"hash", to_hex(slot.hash)},
                   {"active", slot.active},
                   {"confirmed", slot.confirmed},
                   {"pending", slot.pending},
                   {"permanent", slot.permanent},
                   {"bootable", slot.bootable}});
  }
  if (as_json) std::cout << json::serialize(all) << '\n';
  std::cout << std::flush;
}

asio::awaitable<Result<void>> echo_and_compare(Client& client, std::string text) {
  const auto said = co_await client.echo(text);
  if (!said) co_return said.error();
  if (*said != text) co_return Error{Fault::Refused, "the node echoes something else"};
  std::cout << "the node echoes it\n";
  co_return Result<void>{};
}

asio::awaitable<Result<void>> list_and_print(Client& client, bool as_json) {
  const auto slots = co_await client.slots();
  if (!slots) co_return slots.error();
  print(*slots, as_json);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> mark_and_print(Client& client, std::string wanted, bool confirm) {
  const auto slots = co_await client.slots();
  if (!slots) co_return slots.error();
  std::vector<std::string> meant;
  for (const SlotState& slot : *slots) {
    const bool named = wanted.empty() ? slot.active : to_hex(slot.hash).starts_with(wanted);
    if (named && !slot.hash.empty()) meant.push_back(slot.hash);
  }
  if (meant.size() != 1) {
    co_return Error{Fault::NotFound, std::to_string(meant.size()) +
                                         " images of the node have that hash; see `list`"};
  }
  const auto marked = co_await client.mark(meant.front(), confirm);
  if (!marked) co_return marked.error();
  print(*marked, false);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> reset_now(Client& client) {
  return client.reset();
}

/// As nodes write it (`1.2.3.4`) and as images do (`1.2.3+4`).
Result<image::Version> version_of(std::string text) {
  if (std::count(text.begin(), text.end(), '.') == 3) text[text.rfind('.')] = '+';
  return image::parse_version(text);
}

/// Nothing older than what runs may go in, unless people say so.
asio::awaitable<Result<void>> check_it_is_newer(Client& client, const image::Version& version,
                                                const std::string& hash) {
  const auto slots = co_await client.slots();
  if (!slots) co_return slots.error();
  for (const SlotState& slot : *slots) {
    if (!slot.active || slot.image != 0 || slot.hash == hash) continue;
    const auto runs = version_of(slot.version);
    if (!runs) co_return runs.error().in("the node's version");
    if (version <= *runs) {
      co_return Error{Fault::Refused, "version " + image::to_text(version) + " is not newer than " +
                                          image::to_text(*runs) + ", which the node runs"};
    }
  }
  co_return Result<void>{};
}

/// What may be sent.
struct Sendable {
  std::string bytes;
  NewImage image;
  image::Version version;
};

Result<void> load(const Send& what, Sendable& out) {
  auto bytes = image::read_file(what.image, image::longest_image);
  if (!bytes) return bytes.error();
  out.bytes = std::move(*bytes);
  image::Demands demands = what.demands;
  for (const std::string& path : what.keys) {
    auto file = image::read_key(path);
    if (!file) return file.error();
    demands.keys.push_back(std::move(file->key));
  }
  const auto verified = image::verify(out.bytes, demands);
  if (!verified) return verified.error().in(what.image);
  out.image = {out.bytes, std::string(verified->manifest.hash),
               image::digest(image::Hash::Sha256, out.bytes)};
  out.version = verified->image.version;
  return {};
}

/// What an upload and an update have in common; `further` is empty for an upload.
asio::awaitable<Result<void>> send_or_update(Client& client, const Send& what, const Sendable& it,
                                             std::optional<Confirm> further) {
  if (!what.allow_older) {
    auto checking = check_it_is_newer(client, it.version, it.image.hash);
    const auto newer = co_await std::move(checking);
    if (!newer) co_return newer.error();
  }
  ProgressLine line(std::cout, ::isatty(STDOUT_FILENO) == 1);
  const Progress progress = [&line](std::size_t has, std::size_t of) { line.show(has, of); };
  if (!further) co_return co_await send_image(client, it.image, progress);
  const Step step = [](std::string_view name) { std::cout << name << std::endl; };
  co_return co_await put_in_force(client, it.image, *further, progress, step);
}

Result<void> send_with(const At& at, const Send& what, std::optional<Confirm> further) {
  Sendable it;
  if (auto loaded = load(what, it); !loaded) return loaded;
  return with_node(at, [&](Client& client) { return send_or_update(client, what, it, further); });
}

}  // namespace

Result<void> echo_text(const At& at, const std::string& text) {
  return with_node(at, [&](Client& client) { return echo_and_compare(client, text); });
}

Result<void> list_slots(const At& at, bool as_json) {
  return with_node(at, [&](Client& client) { return list_and_print(client, as_json); });
}

Result<void> reset_node(const At& at) {
  return with_node(at, reset_now);
}

Result<void> mark_image(const At& at, const std::string& hash, bool confirm) {
  return with_node(at, [&](Client& client) { return mark_and_print(client, hash, confirm); });
}

Result<void> upload(const At& at, const Send& what) {
  return send_with(at, what, std::nullopt);
}

Result<void> update(const At& at, const Send& what, Confirm confirm) {
  return send_with(at, what, confirm);
}

}  // namespace jieding::tools::node
