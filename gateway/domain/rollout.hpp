#pragma once
// A firmware image on its way to the site's sensor nodes, one node after another.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/milestone.hpp"
#include "gateway/domain/time.hpp"

namespace jieding {

/// Stopping: no further node is begun, the one in hand is brought to an end.
enum class RolloutStatus { Running, Stopping, Done, Stopped };

/// How far a node is, in this order; Failed may follow any but Confirmed.
enum class NodeStep { Begun, Sent, Marked, Restarted, Running, Confirmed, Failed };

std::string_view to_text(RolloutStatus status);
std::string_view to_text(NodeStep step);
std::optional<RolloutStatus> rollout_status_from_text(std::string_view text);
std::optional<NodeStep> node_step_from_text(std::string_view text);

/// A signed image (MCUboot) for sensor nodes.
struct Firmware {
  std::string sha256;  ///< of the whole file, lower-case hex: its name
  std::string version;
  std::optional<std::uint32_t> security_counter;
};

struct NodeProgress {
  std::string node;
  std::optional<NodeStep> step;  ///< none: its turn has not come
  std::string reason;            ///< of a failure, one line
  Instant at{};                  ///< of the step
};

struct Rollout {
  std::uint64_t id = 0;  ///< the event that began it
  Firmware image;
  std::vector<NodeProgress> nodes;  ///< in their order
  RolloutStatus status = RolloutStatus::Running;
  Owner owner = Owner::Operator;
  bool allow_older = false;  ///< than what a node runs; never than its security counter
  Instant began{}, updated{};

  bool open() const {
    return status == RolloutStatus::Running || status == RolloutStatus::Stopping;
  }
  const NodeProgress* node(std::string_view name) const;
  /// The node whose turn it is; null: none is left.
  const NodeProgress* next() const;
};

/// Whether this node may take this step now: its turn, and forwards.
bool may_step(const Rollout& rollout, std::string_view node, NodeStep step);
/// What becomes of a rollout by a step that it may take: it stops at the first node that fails.
RolloutStatus after_step(const Rollout& rollout, NodeStep step);
/// ... and by being told to stop: a node in hand is brought to an end first.
RolloutStatus after_stop(const Rollout& rollout);

}  // namespace jieding
