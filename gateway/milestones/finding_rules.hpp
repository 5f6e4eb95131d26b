#pragma once
// What may be done about a finding, by whom, and what becomes of it: an aligned table in
// finding_rules.cpp.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/calendar.hpp"
#include "gateway/domain/finding.hpp"
#include "gateway/domain/milestone.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"

namespace jieding::findings {

/// One thing done about one finding.
struct Step {
  FindingAct act = FindingAct::Raise;
  Owner owner = Owner::Group;
  std::string by;  ///< "sha256:" and a hash, never a name
  Stamp said;
  std::string text_sha256;            ///< lower-case hex; empty: no words
  std::vector<std::string> pictures;  ///< SHA-256 of masked photos
  std::optional<SiteDay> due;         ///< set_due: the day that it names
};

struct Finding {
  FindingKind kind = FindingKind::Quality;
  FindingPlace place;
  FindingStatus status = FindingStatus::None;
  Instant raised;
  std::optional<SiteDay> due;  ///< none: raised while the clock was not trusted, and nobody set one
};

struct Decision {
  FindingStatus status = FindingStatus::None;
  std::optional<SiteDay> due;
};

/// What becomes of a finding by one more step. `due_days` from the day it is raised on it is due.
/// Pure. Errors: Invalid (words, a photo or a day are missing, or make no sense with this act),
/// Conflict (not in this status), Refused (this owner may not do this).
Result<Decision> decide(const Finding& finding, const Step& step, int due_days);

/// Its due day has passed, and it is not put right. What waits for the group's look is not the
/// contractor's delay.
bool overdue(const Finding& finding, SiteDay today);

/// Which acts are open to an owner, for pages that offer buttons.
std::vector<FindingAct> acts_open_to(Owner owner, FindingStatus status);

}  // namespace jieding::findings
