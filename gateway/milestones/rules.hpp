#pragma once
// How statements of several sources become the status of a milestone: an aligned table in
// rules.cpp.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/milestone.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"

namespace jieding::milestones {

/// What one source says about one milestone.
struct Statement {
  MilestoneKey milestone;
  Act act = Act::Propose;
  Owner owner = Owner::Box;
  std::string by;    ///< camera or device id; for persons "sha256:" and a hash, never a name
  Instant named_at;  ///< the day the source names; for confirm and dispute: when it was said
  Stamp said;
  std::vector<std::string> evidence;  ///< SHA-256, lower-case hex
  std::string comment_sha256;         ///< empty: none
  std::string document_sha256;        ///< empty: none
  std::uint64_t ledger_index = 0;     ///< of the event that records it; set by the ledger
  /// Propose and claim: devices whose heights spoke against it when it was said.
  std::vector<std::string> contradicted_by = {};
};

/// A milestone with all that was said about it, oldest first.
struct Milestone {
  MilestoneKey key;
  Status status = Status::None;
  Instant at;  ///< the day it is held to have been reached
  std::vector<Statement> statements;
};

/// What else has days that a statement must fit to.
struct Surroundings {
  /// Its building, phase or project itself, what that is part of, and what it consists of.
  std::vector<std::string> subjects;
  std::vector<std::string> buildings;  ///< those of them that are buildings the statement speaks of
};

/// The configured terms of agreement.
struct Terms {
  int agreement_days = 14;  ///< two sources agree when their days are at most this far apart
  int quorum = 1;  ///< distinct members of the group that confirm what is seen; a document takes
                   ///< one second person
  Surroundings around = {};
};

struct Decision {
  Status status = Status::None;
  Instant at;
};

/// What the milestone becomes by one more statement. Pure.
/// Errors: Invalid (no such milestone, a storey missing), Conflict (the table has no row: e.g. to
/// confirm what nobody has put forward), Refused (this owner may not do this),
/// Unavailable (a confirmation or a record while the clock is not trusted).
Result<Decision> decide(const Milestone& milestone, const Statement& statement, const Terms& terms);

/// Which acts are open to an owner in this status, for pages that offer buttons.
std::vector<Act> acts_open_to(Owner owner, Status status);

}  // namespace jieding::milestones
