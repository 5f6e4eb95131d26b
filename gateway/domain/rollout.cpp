#include "gateway/domain/rollout.hpp"

#include <algorithm>

#include "gateway/domain/names.hpp"

namespace jieding {
namespace {

constexpr std::array<std::string_view, 4> status_names{"running", "stopping", "done", "stopped"};
constexpr std::array<std::string_view, 7> step_names{"begun",   "sent",      "marked", "restarted",
                                                     "running", "confirmed", "failed"};

bool is_over(const NodeProgress& node) {
  return node.step == NodeStep::Confirmed || node.step == NodeStep::Failed;
}

}  // namespace

std::string_view to_text(RolloutStatus status) {
  return status_names.at(std::size_t(status));
}
std::string_view to_text(NodeStep step) {
  return step_names.at(std::size_t(step));
}
std::optional<RolloutStatus> rollout_status_from_text(std::string_view text) {
  return enumerator<RolloutStatus>(status_names, text);
}
std::optional<NodeStep> node_step_from_text(std::string_view text) {
  return enumerator<NodeStep>(step_names, text);
}

const NodeProgress* Rollout::node(std::string_view name) const {
  const auto found = std::find_if(nodes.begin(), nodes.end(),
                                  [&](const NodeProgress& each) { return each.node == name; });
  return found == nodes.end() ? nullptr : &*found;
}

const NodeProgress* Rollout::next() const {
  const auto found = std::find_if_not(nodes.begin(), nodes.end(), is_over);
  return found == nodes.end() ? nullptr : &*found;
}

bool may_step(const Rollout& rollout, std::string_view node, NodeStep step) {
  const NodeProgress* next = rollout.next();
  if (!rollout.open() || next == nullptr || next->node != node) return false;
  if (!next->step) return step == NodeStep::Begun && rollout.status == RolloutStatus::Running;
  return step > *next->step;
}

RolloutStatus after_step(const Rollout& rollout, NodeStep step) {
  if (step == NodeStep::Failed) return RolloutStatus::Stopped;
  if (step != NodeStep::Confirmed) return rollout.status;
  const auto open = std::count_if(rollout.nodes.begin(), rollout.nodes.end(),
                                  [](const NodeProgress& each) { return !is_over(each); });
  if (open <= 1) return RolloutStatus::Done;
  return rollout.status == RolloutStatus::Stopping ? RolloutStatus::Stopped : rollout.status;
}

RolloutStatus after_stop(const Rollout& rollout) {
  const NodeProgress* next = rollout.next();
  const bool in_hand = next != nullptr && next->step.has_value();
  return in_hand ? RolloutStatus::Stopping : RolloutStatus::Stopped;
}

}  // namespace jieding
