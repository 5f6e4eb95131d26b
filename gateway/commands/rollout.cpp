#include "gateway/commands/rollout.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "gateway/commands/complain.hpp"
#include "gateway/firmware_shelf.hpp"
#include "gateway/rollout_json.hpp"
#include "gateway/runtime/clock.hpp"
#include "sync/sign_in.hpp"
#include "sync/state_folder.hpp"

namespace jieding::commands {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto longest_answer = 60s;  // many nodes' demands are held against the image
constexpr auto look_every = 200ms;

Result<std::string> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{Fault::NotFound, "cannot read " + path};
  std::string bytes(longest_firmware + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

struct Box {
  config::Config config;
  std::vector<config::Node> nodes;
  std::unique_ptr<sync::Database> database;
};

Result<Firmware> keep_image(const Box& box, const std::string& path) {
  const auto bytes = bytes_of(path);
  if (!bytes) return bytes.error();
  const NodePrograms programs(programs_folder());
  const FirmwareShelf shelf(box.config.storage.state, programs, box.nodes);
  auto firmware = shelf.put(*bytes);
  if (!firmware) return firmware.error().in(path);
  const auto gone = sync::firmware_table::keep(
      *box.database, {*firmware, static_cast<std::int64_t>(bytes->size()), SystemClock().now().at});
  if (!gone) return gone.error();
  for (const std::string& sha256 : *gone)
    shelf.remove(sha256);
  return firmware;
}

std::string line_of(const json::object& node) {
  std::string line = "  " + std::string(node.at("node").as_string()) + ": ";
  const json::value& step = node.at("step");
  line += step.is_null() ? "waits" : std::string(step.as_string());
  if (const auto* reason = node.if_contains("reason"))
    line += ", " + std::string(reason->as_string());
  return line;
}

void print(const json::object& rollout) {
  std::cout << "rollout " << rollout.at("id") << ": "
            << std::string(rollout.at("status").as_string()) << ", version "
            << std::string(rollout.at("version").as_string()) << ", image "
            << std::string(rollout.at("image").as_string()) << '\n';
  for (const json::value& node : rollout.at("nodes").as_array())
    std::cout << line_of(node.as_object()) << '\n';
}

bool gateway_runs(const config::Config& config) {
  return !sync::StateLock::take(config.storage.state);
}

/// Asked of the running gateway; whatever comes of it, the question is gone afterwards.
Result<std::string> ask(sync::Database& database, const std::string& asked) {
  const auto id = sync::rollout_orders::ask(database, asked);
  if (!id) return id.error();
  const auto until = std::chrono::steady_clock::now() + longest_answer;
  Result<std::optional<std::string>> said = std::optional<std::string>{};
  while (said && !*said && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(look_every);
    said = sync::rollout_orders::answer_to(database, *id);
  }
  const auto forgotten = sync::rollout_orders::forget(database, *id);
  if (!said) return said.error();
  if (!forgotten) return forgotten.error();
  if (*said) return **said;
  return Error{Fault::Unavailable,
               "the gateway does not answer; see `jieding rollout status` and its log"};
}

int ask_and_print(const Box& box, const std::string& asked) {
  if (!gateway_runs(box.config))
    return complain({Fault::Unavailable, "the gateway does not run; start it first"});
  const auto said = ask(*box.database, asked);
  if (!said) return complain(said.error());
  const json::object answer = json::parse(*said).as_object();
  if (!answer.at("ok").as_bool())
    return complain({Fault::Refused, std::string(answer.at("error").as_string())});
  print(answer.at("rollout").as_object());
  return 0;
}

/// What all of them need; says why it cannot be had.
std::optional<Box> open_box(const Source& source) {
  auto config = load(source);
  if (!config) return std::nullopt;
  auto nodes = load_nodes(source);
  if (!nodes) return std::nullopt;
  auto database = sync::open_database(config->storage.state);
  if (!database) {
    complain(database.error());
    return std::nullopt;
  }
  return Box{std::move(*config), std::move(*nodes), std::move(*database)};
}

int print_status(const Box& box) {
  const auto kept = sync::firmware_table::all(*box.database);
  if (!kept) return complain(kept.error());
  for (const sync::KeptFirmware& each : *kept)
    std::cout << "image " << each.image.sha256 << "  version " << each.image.version << '\n';
  const auto brought = sync::rollout_table::node_firmware(*box.database);
  if (!brought) return complain(brought.error());
  for (const json::value& node : nodes_json(box.nodes, *brought, {})) {
    const json::value& version = node.at("version");
    std::cout << "node " << std::string(node.at("id").as_string()) << "  "
              << (version.is_null() ? "not brought to any version yet"
                                    : "version " + std::string(version.as_string()))
              << '\n';
  }
  const auto newest = sync::rollout_table::newest(*box.database);
  if (!newest) return complain(newest.error());
  if (*newest)
    print(rollout_json(**newest, 0));
  else
    std::cout << "there was no rollout yet\n";
  return 0;
}

}  // namespace

std::optional<std::vector<config::Node>> load_nodes(const Source& source) {
  auto nodes = config::load_nodes(source.file, source.overrides);
  if (nodes) return std::move(*nodes);
  complain(nodes.error());
  return std::nullopt;
}

int rollout_keep(const Source& source, const std::string& image) {
  const auto box = open_box(source);
  if (!box) return 1;
  const auto kept = keep_image(*box, image);
  if (!kept) return complain(kept.error());
  std::cout << kept->sha256 << "  version " << kept->version << '\n';
  return 0;
}

int rollout_start(const Source& source, const RolloutStart& what) {
  const auto box = open_box(source);
  if (!box) return 1;
  std::vector<std::string> nodes = what.nodes;
  if (what.all)
    for (const config::Node& node : box->nodes)
      nodes.push_back(node.id);
  const json::object wish{{"image", what.image},
                          {"nodes", json::array(nodes.begin(), nodes.end())},
                          {"allow_older", what.allow_older}};
  return ask_and_print(*box, json::serialize(wish));
}

int rollout_stop(const Source& source) {
  const auto box = open_box(source);
  return box ? ask_and_print(*box, "stop") : 1;
}

int rollout_status(const Source& source) {
  const auto box = open_box(source);
  return box ? print_status(*box) : 1;
}

}  // namespace jieding::commands
