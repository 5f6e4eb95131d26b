#include "gateway/rollout_json.hpp"

#include <algorithm>

namespace jieding {
namespace {

namespace json = boost::json;

json::value counter_json(const std::optional<std::uint32_t>& counter) {
  return counter ? json::value(*counter) : json::value(nullptr);
}

json::object progress_json(const NodeProgress& node) {
  json::object object{{"node", node.node}, {"step", nullptr}, {"at", nullptr}};
  if (!node.step) return object;
  object["step"] = to_text(*node.step);
  object["at"] = to_rfc3339(node.at);
  if (!node.reason.empty()) object["reason"] = node.reason;
  return object;
}

json::value heard_json(const NodesHeard& heard, const std::string& node) {
  const auto found = heard.find(node);
  if (found == heard.end()) return nullptr;
  json::object object{
      {"at", to_rfc3339(found->second.at)}, {"version", nullptr}, {"confirmed", nullptr}};
  if (const auto& runs = found->second.runs) {
    object["version"] = runs->version;
    object["confirmed"] = runs->confirmed;
  }
  return object;
}

}  // namespace

json::object rollout_json(const Rollout& rollout, int percent) {
  json::array nodes;
  for (const NodeProgress& node : rollout.nodes) {
    json::object& object = nodes.emplace_back(progress_json(node)).get_object();
    if (rollout.open() && node.step == NodeStep::Begun) object["percent"] = percent;
  }
  return {{"id", rollout.id},
          {"image", rollout.image.sha256},
          {"version", rollout.image.version},
          {"security_counter", counter_json(rollout.image.security_counter)},
          {"status", to_text(rollout.status)},
          {"owner", to_text(rollout.owner)},
          {"allow_older", rollout.allow_older},
          {"began", to_rfc3339(rollout.began)},
          {"updated", to_rfc3339(rollout.updated)},
          {"nodes", std::move(nodes)}};
}

json::array nodes_json(const std::vector<config::Node>& nodes,
                       const std::vector<sync::NodeFirmware>& brought, const NodesHeard& heard) {
  json::array array;
  for (const config::Node& node : nodes) {
    json::object object{{"id", node.id}, {"name", node.name}};
    const auto found = std::find_if(brought.begin(), brought.end(),
                                    [&](const auto& each) { return each.node == node.id; });
    const bool known = found != brought.end();
    object["image"] = known ? json::value(found->image.sha256) : json::value(nullptr);
    object["version"] = known ? json::value(found->image.version) : json::value(nullptr);
    object["since"] = known ? json::value(to_rfc3339(found->since)) : json::value(nullptr);
    object["heard"] = heard_json(heard, node.id);
    array.push_back(std::move(object));
  }
  return array;
}

json::array firmware_json(const std::vector<sync::KeptFirmware>& kept) {
  json::array array;
  for (const sync::KeptFirmware& each : kept)
    array.push_back(json::object{{"sha256", each.image.sha256},
                                 {"version", each.image.version},
                                 {"security_counter", counter_json(each.image.security_counter)},
                                 {"bytes", each.bytes},
                                 {"kept", to_rfc3339(each.kept)}});
  return array;
}

}  // namespace jieding
