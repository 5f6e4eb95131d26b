#include "gateway/web/rollout_input.hpp"

#include <boost/json/parse.hpp>
#include <utility>

#include "gateway/domain/sha256_name.hpp"
#include "gateway/web/api_input.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;

constexpr std::size_t most_nodes = 64;

}  // namespace

Result<RolloutWish> read_rollout(const std::string& body) {
  json::parse_options options;
  options.max_depth = 2;
  boost::system::error_code error;
  const json::value value = json::parse(body, error, json::storage_ptr{}, options);
  const json::object* object = error ? nullptr : value.if_object();
  const json::value* image = object == nullptr ? nullptr : object->if_contains("image");
  const json::value* nodes = object == nullptr ? nullptr : object->if_contains("nodes");
  const json::value* older = object == nullptr ? nullptr : object->if_contains("allow_older");
  if (image == nullptr || nodes == nullptr || object->size() != (older == nullptr ? 2U : 3U))
    return invalid(
        "the body must be a JSON object with image and nodes, perhaps allow_older, and nothing "
        "else");
  if (older != nullptr && !older->is_bool()) return invalid("allow_older must be true or false");
  if (!image->is_string() || !is_sha256(image->get_string()))
    return invalid("image must be 64 lower-case hexadecimal digits");
  const json::array* list = nodes->if_array();
  if (list == nullptr || list->empty() || list->size() > most_nodes)
    return invalid("nodes must be a list of 1 to " + std::to_string(most_nodes) + " ids");
  RolloutWish wish{std::string(image->get_string()), {}, older != nullptr && older->get_bool()};
  for (const json::value& node : *list) {
    if (!node.is_string() || !is_id(node.get_string())) return invalid("nodes must be ids");
    wish.nodes.emplace_back(node.get_string());
  }
  return wish;
}

}  // namespace jieding::web
