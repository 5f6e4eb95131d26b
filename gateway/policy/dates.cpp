#include "gateway/policy/dates.hpp"

#include <algorithm>
#include <array>

namespace jieding::policy {
namespace {

/// Reached by the whole as soon as by one part; all others when by every part.
constexpr std::array<std::string_view, 3> begun_by_the_first{"agreement_signed", "demolition_start",
                                                             "construction_start"};

bool begins(std::string_view milestone) {
  return std::find(begun_by_the_first.begin(), begun_by_the_first.end(), milestone) !=
         begun_by_the_first.end();
}

bool earlier(const Reached& one, const Reached& other) {
  return one.day < other.day;
}

std::optional<Reached> surer(const std::optional<Reached>& first,
                             const std::optional<Reached>& second) {
  const bool take_second = second && (!first || (second->confirmed() && !first->confirmed()));
  return take_second ? second : first;
}

}  // namespace

void Dates::set(std::string subject, std::string milestone, Reached reached) {
  if (reached.status == Status::None || reached.status == Status::Withdrawn) return;
  reached_.insert_or_assign({std::move(subject), std::move(milestone)}, reached);
}

std::optional<Reached> Dates::own(const std::string& subject, const std::string& milestone) const {
  const auto found = reached_.find({subject, milestone});
  return found == reached_.end() ? std::nullopt : std::optional(found->second);
}

bool Dates::is_phase(const std::string& subject) const {
  return std::any_of(project_->phases.begin(), project_->phases.end(),
                     [&](const Phase& phase) { return phase.id == subject; });
}

std::vector<std::string> Dates::parts(const std::string& subject) const {
  std::vector<std::string> ids;
  for (const Phase& phase : project_->phases) {
    if (phase.id == subject) return phase.buildings;
    if (subject == project_->id) ids.push_back(phase.id);
  }
  return ids;
}

std::optional<Reached> Dates::of_parts(const std::string& subject,
                                       const std::string& milestone) const {
  std::vector<Reached> reached;
  const auto all = parts(subject);
  for (const std::string& part : all)
    if (const auto one = itself_or_parts(part, milestone)) reached.push_back(*one);
  const bool first = begins(milestone);
  if (reached.empty() || (!first && reached.size() < all.size())) return std::nullopt;
  // A guess does not stop a clock that runs on a confirmed day.
  const auto guesses = std::stable_partition(reached.begin(), reached.end(),
                                             [](const Reached& one) { return one.confirmed(); });
  if (first) {
    const bool sure = guesses != reached.begin();
    return *std::min_element(reached.begin(), sure ? guesses : reached.end(), earlier);
  }
  Reached last = *std::max_element(reached.begin(), reached.end(), earlier);
  if (guesses != reached.end()) last.status = guesses->status;
  return last;
}

std::optional<Reached> Dates::itself_or_parts(const std::string& subject,
                                              const std::string& milestone) const {
  return surer(own(subject, milestone), of_parts(subject, milestone));
}

std::optional<Reached> Dates::of(const std::string& subject, const std::string& milestone) const {
  const auto found = itself_or_parts(subject, milestone);
  return is_phase(subject) ? surer(found, own(project_->id, milestone)) : found;
}

std::vector<Missing> Dates::missing(const std::string& subject,
                                    const std::string& milestone) const {
  const auto reached = of(subject, milestone);
  if (reached && reached->confirmed()) return {};
  const auto itself = own(subject, milestone);
  const auto all = parts(subject);
  const bool parts_have_it = std::any_of(all.begin(), all.end(), [&](const std::string& part) {
    return itself_or_parts(part, milestone).has_value();
  });
  if (itself || !parts_have_it)
    return {{subject, milestone, reached ? reached->status : Status::None}};
  std::vector<Missing> open;
  for (const std::string& part : all)
    for (Missing& one : missing(part, milestone))
      open.push_back(std::move(one));
  return open;
}

void Dates::count(Households households) {
  const auto known = households_.find(households.subject);
  if (known != households_.end() && households.counted < known->second.counted) return;
  std::string subject = households.subject;
  households_.insert_or_assign(std::move(subject), std::move(households));
}

std::optional<Households> Dates::own_count(const std::string& subject) const {
  const auto found = households_.find(subject);
  return found == households_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Households> Dates::sum_of_phases() const {
  std::optional<Households> sum;
  for (const Phase& phase : project_->phases) {
    const auto one = own_count(phase.id);
    if (!one) return std::nullopt;
    if (!sum) sum = Households{project_->id, one->counted, 0, 0, 0, {}};
    sum->counted = std::min(sum->counted, one->counted);
    sum->awaiting_return += one->awaiting_return;
    sum->housed += one->housed;
    sum->awaiting_registration += one->awaiting_registration;
    sum->events.insert(sum->events.end(), one->events.begin(), one->events.end());
  }
  return sum;
}

std::optional<Households> Dates::households(const std::string& subject) const {
  const bool only_phase = is_phase(subject) && project_->phases.size() == 1;
  const auto own = own_count(subject);
  const auto other = subject == project_->id ? sum_of_phases()
                     : only_phase            ? own_count(project_->id)
                                             : std::nullopt;
  auto newest = own && (!other || other->counted <= own->counted) ? own : other;
  if (newest) newest->subject = subject;
  return newest;
}

}  // namespace jieding::policy
