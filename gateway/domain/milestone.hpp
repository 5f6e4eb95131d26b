#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/domain/time.hpp"

namespace jieding {

/// One step in a building's or project's life, as policy and people name it.
struct MilestoneKind {
  std::string_view id;  ///< stable: stands in the ledger and in messages
  std::string_view zh;
  std::string_view en;
  bool seen_by_camera;
  bool documentary;  ///< recorded by the operator with a document; a start is both
};

std::span<const MilestoneKind> milestone_kinds();
const MilestoneKind* find_milestone_kind(std::string_view id);

enum class Status { None, Candidate, Corroborated, Confirmed, Disputed, Withdrawn, Recorded };

/// On whose behalf a source speaks. Two sources are independent only if their owners differ.
enum class Owner { Box, Contractor, Group, Operator, Platform };

/// What a source does to a milestone; `Record` is the operator's, with a document.
enum class Act { Propose, Claim, Confirm, Dispute, Withdraw, Record };

std::string_view to_text(Status status);
std::string_view to_text(Owner owner);
std::string_view to_text(Act act);
std::optional<Status> status_from_text(std::string_view text);
std::optional<Owner> owner_from_text(std::string_view text);
std::optional<Act> act_from_text(std::string_view text);

/// Which milestone of what.
struct MilestoneKey {
  std::string building;  ///< or the phase, the project, the facility that it is said of
  std::string kind;
  int storey = 0;  ///< for storey_cast only, else 0
  friend auto operator<=>(const MilestoneKey&, const MilestoneKey&) = default;
};

}  // namespace jieding
