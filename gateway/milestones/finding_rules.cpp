#include "gateway/milestones/finding_rules.hpp"

#include <algorithm>
#include <array>

#include "gateway/domain/refusal.hpp"

namespace jieding::findings {
namespace {

struct Row {
  FindingStatus from;
  FindingAct act;
  Owner owner;
  FindingStatus to;
};

// The group alone raises, sends back and closes; what the contractor says or shows never ends a
// finding. A closed one that was not right after all is sent back. An act without a row is refused.
// clang-format off
constexpr std::array rows{
    //  from                       act                    by                 becomes
    Row{FindingStatus::None,       FindingAct::Raise,     Owner::Group,      FindingStatus::Open},

    Row{FindingStatus::Open,       FindingAct::Answer,    Owner::Contractor, FindingStatus::Answered},
    Row{FindingStatus::Open,       FindingAct::PutRight,  Owner::Contractor, FindingStatus::PutRight},
    Row{FindingStatus::Open,       FindingAct::Close,     Owner::Group,      FindingStatus::Closed},
    Row{FindingStatus::Open,       FindingAct::SetDue,    Owner::Operator,   FindingStatus::Open},

    Row{FindingStatus::Answered,   FindingAct::Answer,    Owner::Contractor, FindingStatus::Answered},
    Row{FindingStatus::Answered,   FindingAct::PutRight,  Owner::Contractor, FindingStatus::PutRight},
    Row{FindingStatus::Answered,   FindingAct::SendBack,  Owner::Group,      FindingStatus::Open},
    Row{FindingStatus::Answered,   FindingAct::Close,     Owner::Group,      FindingStatus::Closed},
    Row{FindingStatus::Answered,   FindingAct::SetDue,    Owner::Operator,   FindingStatus::Answered},

    Row{FindingStatus::PutRight,   FindingAct::PutRight,  Owner::Contractor, FindingStatus::PutRight},
    Row{FindingStatus::PutRight,   FindingAct::SendBack,  Owner::Group,      FindingStatus::Open},
    Row{FindingStatus::PutRight,   FindingAct::Close,     Owner::Group,      FindingStatus::Closed},

    Row{FindingStatus::Closed,     FindingAct::SendBack,  Owner::Group,      FindingStatus::Open},
};

enum class Need { Must, May, Not };

struct Needs {
  FindingAct act;
  Need words;
  Need photo;
  Need due;
};

constexpr std::array needs{
    //    act                    words       photo       due day
    Needs{FindingAct::Raise,     Need::Must, Need::Must, Need::Not},
    Needs{FindingAct::Answer,    Need::Must, Need::May,  Need::Not},
    Needs{FindingAct::PutRight,  Need::May,  Need::Must, Need::Not},
    Needs{FindingAct::SendBack,  Need::Must, Need::May,  Need::Not},
    Needs{FindingAct::Close,     Need::May,  Need::May,  Need::Not},
    Needs{FindingAct::SetDue,    Need::May,  Need::Not,  Need::Must},
};
// clang-format on

bool fits(Need need, bool given) {
  return need == Need::May || (need == Need::Must) == given;
}

Error wants(FindingAct act, Need need, std::string_view what) {
  return {Fault::Invalid, std::string(to_text(act)) +
                              (need == Need::Must ? " needs " : " takes no ") + std::string(what)};
}

Result<void> check(const Finding& finding, const Step& step) {
  const Needs& need = needs.at(std::size_t(step.act));
  if (!fits(need.words, !step.text_sha256.empty())) return wants(step.act, need.words, "text");
  if (!fits(need.photo, !step.pictures.empty())) return wants(step.act, need.photo, "photo");
  if (!fits(need.due, step.due.has_value())) return wants(step.act, need.due, "due day");
  const FindingPlace& place = finding.place;
  if (place.building.empty() && place.words_sha256.empty())
    return Error{Fault::Invalid, "name the place: a building, or in words"};
  if (step.due && *step.due < site_day(finding.raised))
    return Error{Fault::Invalid, "the due day is before the finding was raised",
                 refusal::due_too_early};
  return {};
}

Error no_row(const Finding& finding, const Step& step) {
  const bool may_at_all = std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
    return row.act == step.act && row.owner == step.owner;
  });
  if (!may_at_all)
    return {Fault::Refused,
            "owner " + std::string(to_text(step.owner)) + " may not do " +
                std::string(to_text(step.act)) + " with a finding",
            refusal::not_their_part};
  return {Fault::Conflict,
          "a finding in status " + std::string(to_text(finding.status)) + " cannot be met with " +
              std::string(to_text(step.act)),
          refusal::status_changed};
}

/// A clock that is not trusted sets no day: the operator does.
std::optional<SiteDay> first_due(const Step& step, int due_days) {
  if (step.said.quality == TimeQuality::Unsynced) return std::nullopt;
  return site_day(step.said.at) + std::chrono::days{due_days};
}

}  // namespace

Result<Decision> decide(const Finding& finding, const Step& step, int due_days) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& each) {
    return each.from == finding.status && each.act == step.act && each.owner == step.owner;
  });
  if (row == rows.end()) return no_row(finding, step);
  if (auto checked = check(finding, step); !checked) return checked.error();
  if (step.act == FindingAct::Raise) return Decision{row->to, first_due(step, due_days)};
  return Decision{row->to, step.due ? step.due : finding.due};
}

bool overdue(const Finding& finding, SiteDay today) {
  const bool waits_for_contractor =
      finding.status == FindingStatus::Open || finding.status == FindingStatus::Answered;
  return waits_for_contractor && finding.due && today > *finding.due;
}

std::vector<FindingAct> acts_open_to(Owner owner, FindingStatus status) {
  std::vector<FindingAct> open;
  for (const Row& row : rows)
    if (row.from == status && row.owner == owner) open.push_back(row.act);
  return open;
}

}  // namespace jieding::findings
