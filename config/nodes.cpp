// [[node]]: sensor nodes whose firmware the box brings up to date.

#include <algorithm>
#include <limits>

#include "config/nodes.hpp"
#include "config/table.hpp"
#include "config/words.hpp"

namespace jieding::config {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_nodes = 64;

/// Empty: it may be right.
std::string_view wrong_place(std::string_view place) {
  constexpr std::string_view serial = "serial:/";
  if (place.starts_with(serial) && place.size() > serial.size()) return {};
  for (const std::string_view way : {"udp:", "tcp:"}) {
    if (!place.starts_with(way)) continue;
    const auto address = parse_address(place.substr(way.size()));
    if (address && address->port > 0) return {};
  }
  return "is no place of a node; write serial:/dev/ttyUSB0,115200,8N1, udp:ADDRESS:1337 or "
         "tcp:ADDRESS:PORT";
}

Node read_node(Table& table, const std::vector<Node>& before) {
  Node node;
  table.must_have("id", "\"...\"");
  const auto has_its_id = [&](const Node& other) { return other.id == node.id; };
  if (table.id("id", node.id) && std::any_of(before.begin(), before.end(), has_its_id))
    table.complain("id", "another [[node]] has this id; choose another one");
  node.name = node.id;
  table.text("name", node.name);
  table.must_have("at", "\"udp:10.0.0.7:1337\"");
  if (table.text("at", node.at))
    if (const auto wrong = wrong_place(node.at); !wrong.empty()) table.complain("at", wrong);
  table.must_have("key", "the file of the board's public key (PEM)");
  table.path("key", node.key);
  table.text("vendor", node.vendor);
  table.text("board", node.board);
  std::int64_t least = 0;
  if (table.integer("min_counter", least, {0, std::numeric_limits<std::uint32_t>::max()}))
    node.min_counter = static_cast<std::uint32_t>(least);
  table.boolean("self_confirm", node.self_confirm);
  table.duration("answer_within", node.answer_within, {100ms, 10min});
  table.duration("back_within", node.back_within, {1s, 1h});
  table.refuse_unknown();
  return node;
}

}  // namespace

std::vector<Node> read_nodes(Table& root) {
  std::vector<Node> nodes;
  for (auto& table : root.tables("node")) {
    if (nodes.size() == most_nodes) {
      root.complain("node", "are more than 64; remove some");
      break;
    }
    nodes.push_back(read_node(table, nodes));
  }
  return nodes;
}

}  // namespace jieding::config
