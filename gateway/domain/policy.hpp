#pragma once
// A city's policy and the project that it is held against, as values: read from files, decided in
// gateway/policy.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/domain/calendar.hpp"
#include "gateway/domain/households.hpp"

namespace jieding {

/// The same words in both languages of the page.
struct Wording {
  std::string zh;
  std::string en;
};

/// What becomes of whoever is late: `principle` ("原则上") is a warning, `must` a breach.
enum class Force { Principle, Must };

enum class RuleForm {
  Deadline,    ///< `target` within `period` of `anchor`
  Date,        ///< `target` by the day `due`
  Gate,        ///< `target` not before `anchor` is reached
  Facilities,  ///< all facilities of these kinds ready when `target` is reached
  Households,  ///< no household waits any more; it has no date
  Told,        ///< not computed; `why_not` says why
};

/// For what each rule is counted.
enum class Scope { Building, Phase, Project };

/// Where the new houses stand.
enum class Siting { InPlace, NewSite };

/// The rule concerns only projects whose milestone lies before a day.
struct RuleCondition {
  std::string milestone;
  SiteDay before{};
};

struct Rule {
  std::string id;         ///< `R7`
  Wording name;           ///< short, for a heading
  Wording article;        ///< what the policy says
  Wording source;         ///< where it says so; empty: as the policy
  bool in_force = false;  ///< false: of a draft, or nobody has verified that it binds
  RuleForm form = RuleForm::Told;
  Force force = Force::Principle;
  Scope scope = Scope::Phase;
  std::optional<Siting> siting;  ///< none: for both
  std::optional<RuleCondition> when;
  std::string anchor;  ///< milestone
  std::string target;  ///< milestone
  Term period;
  SiteDay due{};
  std::vector<std::string> facilities;  ///< kinds
  /// Of facilities: the milestone whose last day holds where no rule sets one for `target`.
  std::string latest;
  /// `target` is not reached while such households are counted on its day or later.
  std::optional<Waiting> waiting;
  int due_soon_days = 90;
  bool starts_action = false;  ///< from the anchor on, people are told that the target has to begin
  Wording why_not;
};

/// Steps that follow each other, held against one limit for all of them.
struct Chain {
  std::string id;
  Wording name;
  std::string limit;               ///< rule whose due day is that of the whole
  std::vector<std::string> rules;  ///< each begins with the milestone that the one before ends with
};

struct FacilityKind {
  std::string id;
  Wording name;
};

struct Policy {
  std::string id;
  Wording name;
  Wording source;
  bool in_force = false;  ///< what its rules are unless they say otherwise
  /// Civil Code art. 203: a period whose last day is a holiday ends on the day after. A rule of
  /// civil law; the policies' own periods are administrative, so it is off unless the file says so.
  bool roll_over_holidays = false;
  std::set<SiteDay> holidays;
  std::vector<FacilityKind> facility_kinds;
  std::vector<Rule> rules;
  std::vector<Chain> chains;

  const Rule* rule(std::string_view wanted) const;
};

struct Phase {
  std::string id;
  std::string name;
  std::vector<std::string> buildings;
};

/// A road, a school: what must be ready when people move in.
struct Facility {
  std::string id;
  std::string name;
  std::string kind;
  std::string phase;  ///< empty: serves all
};

struct Project {
  std::string id = "project";
  std::string name;
  Siting siting = Siting::InPlace;
  std::vector<Phase> phases;
  std::vector<Facility> facilities;
};

}  // namespace jieding
