#include "gateway/policy/deadlines.hpp"

#include <algorithm>
#include <array>

namespace jieding::policy {
namespace {

constexpr std::array<std::string_view, 10> standing_names{
    "ok",   "due_soon", "overdue",   "done_in_time",   "done_late",
    "shut", "unknown",  "remaining", "not_applicable", "not_computed"};

std::vector<std::string> subjects(const Project& project, Scope scope) {
  std::vector<std::string> ids;
  if (scope == Scope::Project) ids.push_back(project.id);
  for (const Phase& phase : project.phases) {
    if (scope == Scope::Phase) ids.push_back(phase.id);
    if (scope == Scope::Building)
      ids.insert(ids.end(), phase.buildings.begin(), phase.buildings.end());
  }
  return ids;
}

/// Facilities that serve a phase, or any phase of the project.
std::vector<const Facility*> serving(const Project& project, const std::string& subject,
                                     const std::string& kind) {
  std::vector<const Facility*> found;
  for (const Facility& facility : project.facilities) {
    const bool serves =
        facility.phase.empty() || facility.phase == subject || subject == project.id;
    if (facility.kind == kind && serves) found.push_back(&facility);
  }
  return found;
}

bool confirmed(const std::optional<Reached>& reached) {
  return reached && reached->confirmed();
}

/// One look at a project through a policy, on one day.
class Look {
 public:
  Look(const Policy& policy, const Dates& dates, SiteDay today)
      : policy_(policy), dates_(dates), today_(today) {}

  std::vector<Deadline> all() {
    for (const Rule& rule : policy_.rules)
      for (const std::string& subject : subjects(dates_.project(), rule.scope))
        hold(rule, subject);
    return std::move(found_);
  }

 private:
  void hold(const Rule& rule, const std::string& subject) {
    Deadline deadline;
    deadline.rule = &rule;
    deadline.subject = subject;
    if (rule.form == RuleForm::Told) {
      deadline.standing = Standing::NotComputed;
    } else if (rule.siting && *rule.siting != dates_.project().siting) {
      deadline.standing = Standing::NotApplicable;
    } else if (!rule.when || applies(rule, deadline)) {
      if (rule.form == RuleForm::Facilities) return hold_facilities(deadline);
      judge(deadline);
    }
    found_.push_back(std::move(deadline));
  }

  /// Where it does not, or cannot be told, the deadline says so.
  bool applies(const Rule& rule, Deadline& deadline) const {
    const std::string& milestone = rule.when->milestone;
    deadline.missing = dates_.missing(deadline.subject, milestone);
    if (!deadline.missing.empty()) return false;
    if (dates_.of(deadline.subject, milestone)->day < rule.when->before) return true;
    deadline.standing = Standing::NotApplicable;
    return false;
  }

  void judge(Deadline& deadline) const {
    const Rule& rule = *deadline.rule;
    if (rule.waiting) deadline.households = dates_.households(deadline.subject);
    deadline.done = dates_.of(deadline.subject, rule.target);
    if (rule.form == RuleForm::Households) return count(deadline);
    if (rule.form == RuleForm::Date) {
      run_until(deadline, rule.due);
      return;
    }
    deadline.anchor = dates_.of(deadline.subject, rule.anchor);
    deadline.missing = dates_.missing(deadline.subject, rule.anchor);
    if (rule.form == RuleForm::Gate) return keep_gate(deadline);
    if (deadline.anchor) run_until(deadline, due_day(policy_, deadline.anchor->day, rule.period));
    if (!deadline.missing.empty()) deadline.standing = Standing::Unknown;
  }

  void run_until(Deadline& deadline, SiteDay due) const {
    deadline.due = due;
    const SiteDay counted = deadline.ended() ? deadline.done->day : today_;
    const auto left = static_cast<int>((due - counted).count());
    deadline.days_left = left;
    if (deadline.ended())
      deadline.standing = left >= 0 ? Standing::DoneInTime : Standing::DoneLate;
    else if (left < 0)
      deadline.standing = Standing::Overdue;
    else
      deadline.standing = left <= deadline.rule->due_soon_days ? Standing::DueSoon : Standing::Ok;
  }

  /// What nobody counted is unknown, also where somebody says that it is done.
  static void count(Deadline& deadline) {
    if (!deadline.households) return;
    const Households& counted = *deadline.households;
    if (waiting(counted, *deadline.rule->waiting) > 0)
      deadline.standing = Standing::Remaining;
    else
      deadline.standing = counted.housed > 0 ? Standing::DoneInTime : Standing::Ok;
  }

  /// What has to be there first is the anchor; what waits for it the target.
  static void keep_gate(Deadline& deadline) {
    const bool open = confirmed(deadline.anchor);
    if (!confirmed(deadline.done)) {
      deadline.standing = open ? Standing::Ok : Standing::Shut;
    } else if (!open) {
      deadline.standing = Standing::Overdue;
    } else {
      deadline.due = deadline.done->day;
      deadline.days_left = static_cast<int>((*deadline.due - deadline.anchor->day).count());
      deadline.standing = *deadline.days_left >= 0 ? Standing::DoneInTime : Standing::DoneLate;
    }
  }

  void hold_facilities(const Deadline& blank) {
    for (const std::string& kind : blank.rule->facilities) {
      const auto facilities = serving(dates_.project(), blank.subject, kind);
      if (facilities.empty()) {
        Deadline deadline = blank;
        deadline.facility = kind;
        deadline.missing.push_back({kind, "facility_ready", Status::None});
        found_.push_back(std::move(deadline));
      }
      for (const Facility* facility : facilities)
        hold_facility(blank, facility->id);
    }
  }

  /// Needed on the day on which the target is reached, or else until the day by which it must be.
  void hold_facility(Deadline deadline, const std::string& facility) {
    const Rule& rule = *deadline.rule;
    deadline.facility = facility;
    deadline.done = dates_.of(facility, "facility_ready");
    deadline.anchor = dates_.of(deadline.subject, rule.target);
    const std::optional<SiteDay> needed =
        deadline.anchor ? deadline.anchor->day : last_day_for(deadline.subject, rule);
    if (needed) run_until(deadline, *needed);
    const bool open = !confirmed(deadline.anchor);
    // Nobody is late before the day on which it is needed has come.
    if (open && deadline.standing == Standing::Overdue) deadline.standing = Standing::DueSoon;
    if (open && deadline.standing == Standing::DoneLate) deadline.standing = Standing::DoneInTime;
    if (!needed) {
      deadline.missing = dates_.missing(deadline.subject, rule.target);
      if (confirmed(deadline.done)) deadline.standing = Standing::DoneInTime;
    }
    found_.push_back(std::move(deadline));
  }

  std::optional<SiteDay> last_day_for(const std::string& subject, const Rule& rule) const {
    const auto own = limit_of(subject, rule.target);
    return own || rule.latest.empty() ? own : limit_of(subject, rule.latest);
  }

  /// By when the policy wants a milestone at the latest: the strictest of its rules. One whose
  /// anchor is not reached yet runs from the last day that the policy leaves to that. So each day
  /// goes back to a confirmed one; `steps` ends rules that wait for each other.
  std::optional<SiteDay> limit_of(const std::string& subject, const std::string& milestone,
                                  std::size_t steps = 0) const {
    if (steps > policy_.rules.size()) return std::nullopt;
    std::optional<SiteDay> strictest;
    for (const Rule& rule : policy_.rules) {
      if (rule.form != RuleForm::Deadline || rule.target != milestone) continue;
      if (!concerns(rule, subject)) continue;
      const auto anchor = dates_.of(subject, rule.anchor);
      const auto from = confirmed(anchor) ? std::optional(anchor->day)
                                          : limit_of(subject, rule.anchor, steps + 1);
      if (!from) continue;
      const SiteDay due = due_day(policy_, *from, rule.period);
      if (!strictest || due < *strictest) strictest = due;
    }
    return strictest;
  }

  bool concerns(const Rule& rule, const std::string& subject) const {
    if (rule.siting && *rule.siting != dates_.project().siting) return false;
    if (!rule.when) return true;
    const auto reached = dates_.of(subject, rule.when->milestone);
    return confirmed(reached) && reached->day < rule.when->before;
  }

  const Policy& policy_;
  const Dates& dates_;
  SiteDay today_;
  std::vector<Deadline> found_;
};

}  // namespace

std::string_view to_text(Standing standing) {
  return standing_names.at(static_cast<std::size_t>(standing));
}

bool Deadline::contradicted() const {
  return done && households && rule->waiting && waiting(*households, *rule->waiting) > 0 &&
         done->day <= households->counted;
}

SiteDay due_day(const Policy& policy, SiteDay event, Term period) {
  SiteDay due = last_day_of(event, period);
  while (policy.roll_over_holidays && policy.holidays.contains(due))
    due += std::chrono::days{1};
  return due;
}

std::vector<Deadline> deadlines(const Policy& policy, const Dates& dates, SiteDay today) {
  return Look(policy, dates, today).all();
}

}  // namespace jieding::policy
