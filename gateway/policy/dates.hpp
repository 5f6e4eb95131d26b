#pragma once
// When which milestone was reached and how many households wait, asked for a building, a phase or
// the whole project.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/milestone.hpp"
#include "gateway/domain/policy.hpp"

namespace jieding::policy {

/// A milestone's day and how far people stand behind it.
struct Reached {
  SiteDay day;
  Status status = Status::Confirmed;
  bool confirmed() const { return status == Status::Confirmed; }
};

/// A milestone that a clock waits for. Status None: nobody has put it forward.
struct Missing {
  std::string subject;
  std::string milestone;
  Status status = Status::None;
};

/// What was reached of each subject (building, phase, project, facility) itself. A project is the
/// sum of its phases and a phase that of its buildings: it begins with the first of them and is
/// done with the last. What is recorded for the project as a whole holds for each phase.
class Dates {
 public:
  explicit Dates(const Project& project) : project_(&project) {}

  /// What was withdrawn, or never said, counts as not reached.
  void set(std::string subject, std::string milestone, Reached reached);

  /// A count that stands: neither corrected nor taken the place of by a later day.
  void count(Households households);

  /// A confirmed day before one that is not; none: not reached.
  std::optional<Reached> of(const std::string& subject, const std::string& milestone) const;
  /// What has to be confirmed before `of` is. Empty: it is.
  std::vector<Missing> missing(const std::string& subject, const std::string& milestone) const;

  /// The newest count of a phase or the project. A project's is also the sum of its phases where
  /// each has one, as of the oldest of them; the only phase's is also the project's.
  std::optional<Households> households(const std::string& subject) const;

  const Project& project() const { return *project_; }

 private:
  std::optional<Reached> own(const std::string& subject, const std::string& milestone) const;
  std::optional<Reached> of_parts(const std::string& subject, const std::string& milestone) const;
  std::optional<Reached> itself_or_parts(const std::string& subject,
                                         const std::string& milestone) const;
  std::vector<std::string> parts(const std::string& subject) const;
  bool is_phase(const std::string& subject) const;
  std::optional<Households> own_count(const std::string& subject) const;
  std::optional<Households> sum_of_phases() const;

  const Project* project_;
  std::map<std::pair<std::string, std::string>, Reached> reached_;
  std::map<std::string, Households> households_;  ///< newest of each subject
};

}  // namespace jieding::policy
