#pragma once
// The policy's rules held against what was reached. Pure: the day is given.

#include <optional>
#include <string>
#include <vector>

#include "gateway/policy/dates.hpp"

namespace jieding::policy {

/// How a rule stands. Only confirmed days count; what is missing makes it Unknown, never Ok.
enum class Standing {
  Ok,       ///< time is left, or the gate is open
  DueSoon,  ///< the last day is near
  Overdue,  ///< the last day has passed, or the gate was passed while it was shut
  DoneInTime,
  DoneLate,
  Shut,           ///< of a gate: not to be passed yet
  Unknown,        ///< see `missing`
  Remaining,      ///< households wait, and no day is set by which they must not
  NotApplicable,  ///< the rule does not concern this project
  NotComputed,    ///< see Rule::why_not
};
std::string_view to_text(Standing standing);

/// One rule for one building, phase or project; of a rule about facilities, for one of them.
struct Deadline {
  const Rule* rule = nullptr;
  std::string subject;
  std::string facility;  ///< id, or where none is configured its kind; empty: no such rule
  Standing standing = Standing::Unknown;
  std::optional<Reached> anchor;
  std::optional<SiteDay> due;    ///< with an anchor that is not confirmed only where it would lie
  std::optional<int> days_left;  ///< to `due`; 0: today is the last day; negative: days late
  std::optional<Reached> done;   ///< also where it is not confirmed; then it does not count
  std::vector<Missing> missing;
  std::optional<Households> households;  ///< of a rule that waits for some, where they are counted

  /// The due day hangs on a day that nobody has confirmed.
  bool provisional() const { return due && anchor && !anchor->confirmed(); }
  /// It is said to be done, and households were counted on that day or later that still wait.
  bool contradicted() const;
  /// Confirmed, and no count says otherwise.
  bool ended() const { return done && done->confirmed() && !contradicted(); }
};

/// All rules, in the policy's order, for all that each concerns.
std::vector<Deadline> deadlines(const Policy& policy, const Dates& dates, SiteDay today);

/// The period's last day, after the holidays where the policy says so.
SiteDay due_day(const Policy& policy, SiteDay event, Term period);

}  // namespace jieding::policy
