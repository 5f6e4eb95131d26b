#include "gateway/policy/chain.hpp"

#include <algorithm>

namespace jieding::policy {
namespace {

std::optional<SiteDay> confirmed_day(const Dates& dates, const std::string& subject,
                                     const std::string& milestone) {
  const auto reached = dates.of(subject, milestone);
  return reached && reached->confirmed() ? std::optional(reached->day) : std::nullopt;
}

int days_between(SiteDay from, SiteDay to) {
  return static_cast<int>((to - from).count());
}

class ChainLook {
 public:
  ChainLook(const Policy& policy, const Dates& dates, SiteDay today)
      : policy_(policy), dates_(dates), today_(today) {}

  ChainState look(const Chain& chain, const std::string& subject) const {
    ChainState state;
    state.chain = &chain;
    state.subject = subject;
    std::optional<SiteDay> expected;
    for (const std::string& id : chain.rules) {
      state.steps.push_back(step(*policy_.rule(id), subject, expected));
      expected = state.steps.back().by;
    }
    hold_against_limit(state);
    return state;
  }

 private:
  ChainStep step(const Rule& rule, const std::string& subject,
                 const std::optional<SiteDay>& expected) const {
    ChainStep step;
    step.rule = &rule;
    const auto anchor = confirmed_day(dates_, subject, rule.anchor);
    step.from = anchor ? anchor : expected;
    step.by = confirmed_day(dates_, subject, rule.target);
    step.done = step.by.has_value();
    if (!step.from) step.missing = dates_.missing(subject, rule.anchor);
    if (!step.done && step.from)
      step.by = std::max(due_day(policy_, *step.from, rule.period), today_);
    return step;
  }

  void hold_against_limit(ChainState& state) const {
    const Rule& limit = *policy_.rule(state.chain->limit);
    state.missing = dates_.missing(state.subject, limit.anchor);
    const auto begun = confirmed_day(dates_, state.subject, limit.anchor);
    if (!begun) return;
    state.limit = due_day(policy_, *begun, limit.period);
    if (state.steps.back().by) state.slack = days_between(*state.steps.back().by, *state.limit);
    SiteDay end = *begun;
    for (const ChainStep& step : state.steps)
      end = due_day(policy_, end, step.rule->period);
    state.slack_of_policy = days_between(end, *state.limit);
  }

  const Policy& policy_;
  const Dates& dates_;
  SiteDay today_;
};

}  // namespace

std::vector<ChainState> chains(const Policy& policy, const Dates& dates, SiteDay today) {
  std::vector<ChainState> found;
  const ChainLook look(policy, dates, today);
  for (const Chain& chain : policy.chains)
    for (const Phase& phase : dates.project().phases)
      found.push_back(look.look(chain, phase.id));
  return found;
}

}  // namespace jieding::policy
