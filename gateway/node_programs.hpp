#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "config/nodes.hpp"
#include "gateway/domain/rollout.hpp"

namespace jieding {

/// What a node's update says while it goes on.
struct UpdateNews {
  std::optional<NodeStep> step;  ///< none: only more bytes have gone over
  int percent = 0;               ///< of the image's bytes
};

/// What a node says that it runs.
struct NodeRuns {
  std::string version;     ///< as nodes write it, `1.2.3` or `1.2.3.4`
  bool confirmed = false;  ///< no: on trial, until it is confirmed or falls back
  bool operator==(const NodeRuns&) const = default;
};

/// What an update may bring to a node.
struct UpdateTerms {
  std::optional<std::uint32_t> least_counter;  ///< security counter
  bool allow_older = false;                    ///< than the version that the node runs
};

/// jieding-node and jieding-image as the gateway uses them: a child for each question, within
/// bounds, that ends with us. What a node or an image says is parsed in there, never here.
/// Blocking: not for io.
class NodePrograms {
 public:
  /// Where both programs lie.
  explicit NodePrograms(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// What an image says of itself; without its name. Conflict: it is none.
  Result<Firmware> inspect(const std::filesystem::path& image) const;
  /// Conflict: not signed for this node, for another board, or its security counter is less.
  Result<void> verify(const std::filesystem::path& image, const config::Node& node,
                      std::optional<std::uint32_t> least_counter) const;
  /// Unavailable: the node is silent.
  Result<void> echo(const config::Node& node) const;
  /// Unavailable: the node is silent, or `stop` came first; Invalid: it says what cannot be.
  Result<NodeRuns> runs(const config::Node& node, std::stop_token stop) const;
  /// Until the node has confirmed the image. An error says in one line why not; `stop` ends it
  /// wherever it is, which a node survives.
  Result<void> update(const std::filesystem::path& image, const config::Node& node,
                      const UpdateTerms& terms, const std::function<void(const UpdateNews&)>& hear,
                      std::stop_token stop) const;

 private:
  std::vector<std::string> ask_node(const config::Node& node) const;

  std::filesystem::path folder_;
};

/// Beside the running jieding.
std::filesystem::path programs_folder();

}  // namespace jieding
