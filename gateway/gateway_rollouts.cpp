#include "gateway/gateway_rollouts.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "gateway/domain/refusal.hpp"
#include "gateway/public_name.hpp"
#include "sync/hash.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// GCC 12 destroys some aggregates that are built inside a coroutine twice: plain functions build
// them, and what runs aside takes parameters, not captures.
Asker asker_of(const config::Config& config, const web::Person& person) {
  return {person.role, public_name(config, person.id)};
}

sync::RolloutStart start_of(const Firmware& image, web::RolloutWish wish, Asker asker, Stamp now) {
  return {image, std::move(wish.nodes), asker.owner, std::move(asker.by), now, wish.allow_older};
}

sync::RolloutStop stop_of(Asker asker, Stamp now) {
  return {asker.owner, std::move(asker.by), now};
}

sync::KeptFirmware kept_of(Firmware firmware, std::size_t bytes, Instant now) {
  return {std::move(firmware), static_cast<std::int64_t>(bytes), now};
}

json::value kept_json(const Firmware& image) {
  json::object object{{"sha256", image.sha256}, {"version", image.version}};
  object["security_counter"] =
      image.security_counter ? json::value(*image.security_counter) : json::value(nullptr);
  return object;
}

json::object id_json(const Rollout& rollout) {
  return {{"rollout", rollout.id}, {"status", to_text(rollout.status)}};
}

Asker platform() {
  return {Owner::Platform, "platform"};
}

web::RolloutWish wish_of(sync::Request request) {
  return {std::move(request.image), std::move(request.nodes), request.allow_older};
}

/// What one image must fulfil at one node.
struct Demand {
  config::Node node;
  std::optional<std::uint32_t> least_counter;
};

asio::awaitable<Result<void>> verify_aside(const NodePrograms* programs,
                                           std::filesystem::path image,
                                           std::vector<Demand> demands) {
  for (const Demand& demand : demands) {
    const auto taken = programs->verify(image, demand.node, demand.least_counter);
    if (!taken) co_return taken.error().in("node " + demand.node.id);
  }
  co_return Result<void>();
}

asio::awaitable<Result<Firmware>> put_aside(const FirmwareShelf* shelf, std::string bytes) {
  co_return shelf->put(bytes);
}

}  // namespace

asio::awaitable<Result<void>> GatewayRollouts::mirror() {
  auto now = co_await parts_.book.now();
  if (!now) co_return now.error();
  now_ = std::move(*now);
  changed_();
  co_return Result<void>();
}

asio::awaitable<Result<void>> GatewayRollouts::sweep() {
  const auto kept = co_await parts_.book.all_firmware();
  if (!kept) co_return kept.error();
  std::vector<std::string> names;
  for (const sync::KeptFirmware& each : *kept)
    names.push_back(each.image.sha256);
  parts_.shelf.keep_only(names);
  co_return Result<void>();
}

asio::awaitable<Result<std::optional<std::uint32_t>>> GatewayRollouts::least_counter(
    config::Node node) {
  auto had = co_await parts_.book.counter_of(node.id);
  if (!had) co_return had;
  if (node.min_counter && (!*had || **had < *node.min_counter)) *had = node.min_counter;
  co_return had;
}

asio::awaitable<Result<void>> GatewayRollouts::step(sync::RolloutStep step) {
  const auto stepped = co_await parts_.book.step(std::move(step));
  if (!stepped) co_return stepped.error();
  auto mirrored = co_await mirror();
  parts_.committed();
  co_return mirrored;
}

void GatewayRollouts::show_heard(const std::string& node, NodeHeard heard) {
  const auto known = heard_.find(node);
  const bool news = known == heard_.end() || known->second.runs != heard.runs;
  heard_.insert_or_assign(node, std::move(heard));
  if (news) parts_.committed();
}

const config::Node* GatewayRollouts::node(std::string_view id) const {
  const auto found = std::find_if(parts_.nodes.begin(), parts_.nodes.end(),
                                  [&](const config::Node& each) { return each.id == id; });
  return found == parts_.nodes.end() ? nullptr : &*found;
}

/// What needs no program and no store.
Result<void> GatewayRollouts::check(const web::RolloutWish& wish) const {
  if (wish.nodes.empty()) return Error{Fault::Invalid, "name the nodes"};
  for (auto id = wish.nodes.begin(); id != wish.nodes.end(); ++id) {
    if (node(*id) == nullptr)
      return Error{Fault::NotFound, "there is no node '" + id->substr(0, 40) + "' here"};
    if (std::find(wish.nodes.begin(), id, *id) != id)
      return Error{Fault::Invalid, "node '" + *id + "' is named twice"};
  }
  return {};
}

asio::awaitable<Result<void>> GatewayRollouts::verify(std::string image,
                                                      std::vector<std::string> nodes) {
  std::vector<Demand> demands;
  for (const std::string& id : nodes) {
    Demand& demand = demands.emplace_back();
    demand.node = *node(id);
    const auto least = co_await least_counter(demand.node);
    if (!least) co_return least.error();
    demand.least_counter = *least;
  }
  auto verifying = verify_aside(&parts_.programs, parts_.shelf.file_of(image), std::move(demands));
  const auto taken = co_await asio::co_spawn(aside_, std::move(verifying), asio::use_awaitable);
  co_return taken;
}

asio::awaitable<Result<Rollout>> GatewayRollouts::start(Asker asker, web::RolloutWish wish) {
  const auto sound = check(wish);
  if (!sound) co_return sound.error();
  const auto image = co_await parts_.book.firmware(wish.image);
  if (!image) co_return image.error();
  if (!*image) co_return Error(Fault::NotFound, "no image here has this SHA-256; hand it in first");
  const auto taken = co_await verify(wish.image, wish.nodes);
  if (!taken) co_return taken.error();
  sync::RolloutStart start =
      start_of((*image)->image, std::move(wish), std::move(asker), parts_.clock.now());
  auto started = co_await parts_.book.start(std::move(start));
  if (!started) co_return started;
  percent_ = 0;
  const auto mirrored = co_await mirror();
  if (!mirrored) co_return mirrored.error();
  parts_.committed();
  co_return started;
}

asio::awaitable<Result<Rollout>> GatewayRollouts::stop(Asker asker) {
  sync::RolloutStop stop = stop_of(std::move(asker), parts_.clock.now());
  auto stopped = co_await parts_.book.stop(std::move(stop));
  if (!stopped) co_return stopped;
  const auto mirrored = co_await mirror();
  if (!mirrored) co_return mirrored.error();
  parts_.committed();
  co_return stopped;
}

asio::awaitable<Result<json::object>> GatewayRollouts::obey(sync::Request request) {
  if (request.kind == sync::RequestKind::StopRollout) {
    const auto stopped = co_await stop(platform());
    if (!stopped) co_return stopped.error();
    co_return id_json(*stopped);
  }
  web::RolloutWish wish = wish_of(std::move(request));
  const auto started = co_await start(platform(), std::move(wish));
  if (!started) co_return started.error();
  co_return id_json(*started);
}

void GatewayRollouts::show(json::object& site) const {
  site["nodes"] = nodes_json(parts_.nodes, now_.nodes, heard_);
  site["rollout"] =
      now_.newest ? json::value(rollout_json(*now_.newest, percent_)) : json::value(nullptr);
}

asio::awaitable<Result<json::value>> GatewayRollouts::nodes() {
  const auto kept = co_await parts_.book.all_firmware();
  if (!kept) co_return kept.error();
  json::object answer;
  show(answer);
  answer["firmware"] = firmware_json(*kept);
  co_return json::value(std::move(answer));
}

asio::awaitable<Result<json::value>> GatewayRollouts::keep_firmware(std::string sha256,
                                                                    std::string bytes) {
  if (sync::sha256_hex(bytes) != sha256)
    co_return Error(Fault::Invalid, "these bytes have another SHA-256; send them again",
                    refusal::image_damaged);
  const std::size_t size = bytes.size();
  auto putting = put_aside(&parts_.shelf, std::move(bytes));
  const auto put = co_await asio::co_spawn(aside_, std::move(putting), asio::use_awaitable);
  if (!put) co_return put.error();
  sync::KeptFirmware row = kept_of(*put, size, parts_.clock.now().at);
  const auto gone = co_await parts_.book.keep(std::move(row));
  if (!gone) co_return gone.error();
  for (const std::string& name : *gone)
    parts_.shelf.remove(name);
  co_return kept_json(*put);
}

asio::awaitable<Result<json::value>> GatewayRollouts::start_rollout(web::Person person,
                                                                    web::RolloutWish wish) {
  Asker asker = asker_of(parts_.config, person);
  const auto started = co_await start(std::move(asker), std::move(wish));
  if (!started) co_return started.error();
  co_return json::value(id_json(*started));
}

asio::awaitable<Result<json::value>> GatewayRollouts::stop_rollout(web::Person person) {
  Asker asker = asker_of(parts_.config, person);
  const auto stopped = co_await stop(std::move(asker));
  if (!stopped) co_return stopped.error();
  co_return json::value(id_json(*stopped));
}

}  // namespace jieding
