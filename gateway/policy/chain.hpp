#pragma once
// Deadlines that follow each other: whether the whole can still be kept when every step that is
// left takes all the time it may.

#include <optional>
#include <string>
#include <vector>

#include "gateway/policy/deadlines.hpp"

namespace jieding::policy {

struct ChainStep {
  const Rule* rule = nullptr;
  std::optional<SiteDay> from;  ///< none: the step before is not known
  std::optional<SiteDay>
      by;             ///< when it was done, or at the latest will be if nobody is late again
  bool done = false;  ///< `by` is confirmed
  std::vector<Missing> missing;  ///< what `from` waits for
};

struct ChainState {
  const Chain* chain = nullptr;
  std::string subject;
  std::vector<ChainStep> steps;
  std::optional<SiteDay> limit;  ///< last day of the whole
  /// Days between the end of the last step and the limit: what may still be lost. Negative: it
  /// cannot be kept any more, or was not.
  std::optional<int> slack;
  /// The same if every step takes all its time from the first day on: what the policy leaves.
  std::optional<int> slack_of_policy;
  std::vector<Missing> missing;  ///< what the limit waits for
};

/// Each chain for each phase. On confirmed days; a step that is overdue ends today at the earliest.
std::vector<ChainState> chains(const Policy& policy, const Dates& dates, SiteDay today);

}  // namespace jieding::policy
