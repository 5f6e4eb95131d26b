#pragma once
// What `jieding-node` can be asked to do with the node at a place.

#include <optional>
#include <string>

#include "firmware-tools/image/verify.hpp"
#include "firmware-tools/node/client.hpp"
#include "firmware-tools/node/update.hpp"

namespace jieding::tools::node {

struct At {
  std::string place;  ///< see make_road
  Patience patience;
};

Result<void> echo_text(const At& at, const std::string& text);
Result<void> list_slots(const At& at, bool as_json);
Result<void> reset_node(const At& at);

/// By a hash in hex, or by the first digits of it that no other slot has; empty for `confirm`: the
/// image that runs.
Result<void> mark_image(const At& at, const std::string& hash, bool confirm);

struct Send {
  std::string image;              ///< file
  std::vector<std::string> keys;  ///< files; one of them must have signed it
  image::Demands demands;         ///< without keys
  bool allow_older = false;       ///< than what runs
};
/// Into the second slot, no further.
Result<void> upload(const At& at, const Send& what);
Result<void> update(const At& at, const Send& what, Confirm confirm);

}  // namespace jieding::tools::node
