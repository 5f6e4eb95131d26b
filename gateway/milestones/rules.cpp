#include "gateway/milestones/rules.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>

#include "gateway/domain/calendar.hpp"
#include "gateway/domain/refusal.hpp"

namespace jieding::milestones {
namespace {

/// What the other statements say about the new one. A row with Any fits whatever they say.
enum class When {
  Any,
  Alone,    ///< no other owner puts this milestone forward
  Agree,    ///< another owner does, the days are close enough, and no height contradicts
  Differ,   ///< another owner does, and the days are too far apart
  Opposed,  ///< another owner does, but a hoist or a crane contradicts
  Quorum,   ///< enough members of the group confirm (of a document: one) and none disputes
  TooFew,   ///< not enough yet, or one of them still disputes
};

struct Row {
  Status from;
  Act act;
  Owner owner;
  When when;
  Status to;
};

// Nothing that the box or the contractor says alone gets past candidate, nor what a hoist or a
// crane contradicts; these raise nothing themselves. What a person of the group has confirmed only
// a person of the group can bring into dispute. A document's day is recorded by the operator and
// confirmed by the group; one that is corrected later waits beside the confirmed one until the
// group confirms it too. An act without a row is refused.
// clang-format off
constexpr std::array rows{
    //  from                  act            by                 when           becomes
    Row{Status::None,         Act::Propose,  Owner::Box,        When::Any,     Status::Candidate},
    Row{Status::None,         Act::Claim,    Owner::Contractor, When::Any,     Status::Candidate},
    Row{Status::Withdrawn,    Act::Propose,  Owner::Box,        When::Any,     Status::Candidate},
    Row{Status::Withdrawn,    Act::Claim,    Owner::Contractor, When::Any,     Status::Candidate},

    Row{Status::Candidate,    Act::Propose,  Owner::Box,        When::Alone,   Status::Candidate},
    Row{Status::Candidate,    Act::Propose,  Owner::Box,        When::Differ,  Status::Candidate},
    Row{Status::Candidate,    Act::Propose,  Owner::Box,        When::Opposed, Status::Candidate},
    Row{Status::Candidate,    Act::Propose,  Owner::Box,        When::Agree,   Status::Corroborated},
    Row{Status::Candidate,    Act::Claim,    Owner::Contractor, When::Alone,   Status::Candidate},
    Row{Status::Candidate,    Act::Claim,    Owner::Contractor, When::Differ,  Status::Candidate},
    Row{Status::Candidate,    Act::Claim,    Owner::Contractor, When::Opposed, Status::Candidate},
    Row{Status::Candidate,    Act::Claim,    Owner::Contractor, When::Agree,   Status::Corroborated},
    Row{Status::Candidate,    Act::Confirm,  Owner::Group,      When::TooFew,  Status::Candidate},
    Row{Status::Candidate,    Act::Confirm,  Owner::Group,      When::Quorum,  Status::Confirmed},
    Row{Status::Candidate,    Act::Dispute,  Owner::Group,      When::Any,     Status::Disputed},
    Row{Status::Candidate,    Act::Withdraw, Owner::Box,        When::Alone,   Status::Withdrawn},
    Row{Status::Candidate,    Act::Withdraw, Owner::Box,        When::Any,     Status::Candidate},
    Row{Status::Candidate,    Act::Withdraw, Owner::Contractor, When::Alone,   Status::Withdrawn},
    Row{Status::Candidate,    Act::Withdraw, Owner::Contractor, When::Any,     Status::Candidate},

    Row{Status::Corroborated, Act::Propose,  Owner::Box,        When::Agree,   Status::Corroborated},
    Row{Status::Corroborated, Act::Propose,  Owner::Box,        When::Any,     Status::Candidate},
    Row{Status::Corroborated, Act::Claim,    Owner::Contractor, When::Agree,   Status::Corroborated},
    Row{Status::Corroborated, Act::Claim,    Owner::Contractor, When::Any,     Status::Candidate},
    Row{Status::Corroborated, Act::Confirm,  Owner::Group,      When::TooFew,  Status::Corroborated},
    Row{Status::Corroborated, Act::Confirm,  Owner::Group,      When::Quorum,  Status::Confirmed},
    Row{Status::Corroborated, Act::Dispute,  Owner::Group,      When::Any,     Status::Disputed},
    Row{Status::Corroborated, Act::Withdraw, Owner::Box,        When::Any,     Status::Candidate},
    Row{Status::Corroborated, Act::Withdraw, Owner::Contractor, When::Any,     Status::Candidate},

    Row{Status::Disputed,     Act::Propose,  Owner::Box,        When::Any,     Status::Disputed},
    Row{Status::Disputed,     Act::Claim,    Owner::Contractor, When::Any,     Status::Disputed},
    Row{Status::Disputed,     Act::Confirm,  Owner::Group,      When::TooFew,  Status::Disputed},
    Row{Status::Disputed,     Act::Confirm,  Owner::Group,      When::Quorum,  Status::Confirmed},
    Row{Status::Disputed,     Act::Dispute,  Owner::Group,      When::Any,     Status::Disputed},
    Row{Status::Disputed,     Act::Withdraw, Owner::Box,        When::Alone,   Status::Withdrawn},
    Row{Status::Disputed,     Act::Withdraw, Owner::Box,        When::Any,     Status::Disputed},
    Row{Status::Disputed,     Act::Withdraw, Owner::Contractor, When::Alone,   Status::Withdrawn},
    Row{Status::Disputed,     Act::Withdraw, Owner::Contractor, When::Any,     Status::Disputed},

    Row{Status::Confirmed,    Act::Propose,  Owner::Box,        When::Any,     Status::Confirmed},
    Row{Status::Confirmed,    Act::Claim,    Owner::Contractor, When::Any,     Status::Confirmed},
    Row{Status::Confirmed,    Act::Confirm,  Owner::Group,      When::TooFew,  Status::Confirmed},
    Row{Status::Confirmed,    Act::Confirm,  Owner::Group,      When::Quorum,  Status::Confirmed},
    Row{Status::Confirmed,    Act::Dispute,  Owner::Group,      When::Any,     Status::Disputed},

    Row{Status::None,         Act::Record,   Owner::Operator,   When::Any,     Status::Recorded},
    Row{Status::Withdrawn,    Act::Record,   Owner::Operator,   When::Any,     Status::Recorded},
    Row{Status::Recorded,     Act::Record,   Owner::Operator,   When::Any,     Status::Recorded},
    Row{Status::Recorded,     Act::Confirm,  Owner::Group,      When::TooFew,  Status::Recorded},
    Row{Status::Recorded,     Act::Confirm,  Owner::Group,      When::Quorum,  Status::Confirmed},
    Row{Status::Recorded,     Act::Dispute,  Owner::Group,      When::Any,     Status::Disputed},
    Row{Status::Recorded,     Act::Withdraw, Owner::Operator,   When::Any,     Status::Withdrawn},
    Row{Status::Disputed,     Act::Record,   Owner::Operator,   When::Any,     Status::Disputed},
    Row{Status::Disputed,     Act::Withdraw, Owner::Operator,   When::Alone,   Status::Withdrawn},
    Row{Status::Disputed,     Act::Withdraw, Owner::Operator,   When::Any,     Status::Disputed},
    Row{Status::Confirmed,    Act::Record,   Owner::Operator,   When::Any,     Status::Confirmed},
};
// clang-format on

bool puts_forward(Act act) {
  return act == Act::Propose || act == Act::Claim || act == Act::Record;
}

/// The newest word of each speaker, the new statement included. Whoever confirmed has not seen what
/// was recorded afterwards.
std::map<std::string, const Statement*> last_words(const Milestone& milestone,
                                                   const Statement& statement) {
  std::map<std::string, const Statement*> words;
  const auto say = [&](const Statement& word) {
    if (word.act == Act::Record)
      std::erase_if(words, [](const auto& said) { return said.second->act == Act::Confirm; });
    words[word.by] = &word;
  };
  for (const Statement& earlier : milestone.statements)
    say(earlier);
  say(statement);
  return words;
}

bool agree(const Statement& one, const Statement& other, const Terms& terms) {
  const auto apart = std::chrono::abs(one.named_at - other.named_at);
  return apart <= std::chrono::days{terms.agreement_days};
}

When sources_say(const Milestone& milestone, const Statement& statement, const Terms& terms) {
  bool other_owner = false;
  bool agrees = false;
  for (const auto& [by, word] : last_words(milestone, statement)) {
    if (word->owner == statement.owner || !puts_forward(word->act)) continue;
    other_owner = true;
    agrees = agrees || agree(*word, statement, terms);
  }
  if (!other_owner) return When::Alone;
  if (!statement.contradicted_by.empty()) return When::Opposed;
  return agrees ? When::Agree : When::Differ;
}

/// The newest document; none: there is no document.
const Statement* newest_record(const Milestone& milestone) {
  const auto& said = milestone.statements;
  const auto found = std::find_if(said.rbegin(), said.rend(),
                                  [](const Statement& word) { return word.act == Act::Record; });
  return found == said.rend() ? nullptr : &*found;
}

/// What is seen takes the group's quorum; a document one second person beside who recorded it.
When people_say(const Milestone& milestone, const Statement& statement, const Terms& terms) {
  const int enough = newest_record(milestone) ? 1 : terms.quorum;
  int confirming = 0;
  for (const auto& [by, word] : last_words(milestone, statement)) {
    if (word->owner != Owner::Group) continue;
    if (word->act == Act::Dispute) return When::TooFew;
    if (word->act == Act::Confirm) ++confirming;
  }
  return confirming >= enough ? When::Quorum : When::TooFew;
}

const Row* find_row(Status from, const Statement& statement, When when) {
  const auto fits = [&](const Row& row) {
    return row.from == from && row.act == statement.act && row.owner == statement.owner &&
           (row.when == When::Any || row.when == when);
  };
  const auto found = std::find_if(rows.begin(), rows.end(), fits);
  return found == rows.end() ? nullptr : &*found;
}

/// The box saw it, so its day stands; without one the contractor's. A confirmation keeps the day,
/// or makes that of the document count which was confirmed.
Instant day_held(const Milestone& milestone, const Statement& statement, When when) {
  if (statement.act == Act::Confirm && when == When::Quorum)
    if (const Statement* record = newest_record(milestone)) return record->named_at;
  if (!puts_forward(statement.act) || milestone.status == Status::Confirmed) {
    return milestone.status == Status::None ? statement.named_at : milestone.at;
  }
  Instant day = statement.named_at;
  for (const auto& [by, word] : last_words(milestone, statement)) {
    if (puts_forward(word->act) && word->owner == Owner::Box) day = word->named_at;
  }
  return day;
}

/// A camera or the contractor tells what can be seen, the operator what a document shows.
Result<void> check_telling(const MilestoneKind& kind, const Statement& statement) {
  const bool records = statement.act == Act::Record;
  if (!kind.seen_by_camera && puts_forward(statement.act) && !records) {
    return Error{Fault::Invalid, std::string(kind.id) +
                                     " is documentary: it is recorded by the operator with its "
                                     "document, not claimed"};
  }
  if (records && !kind.documentary) {
    return Error{Fault::Invalid, std::string(kind.id) +
                                     " is seen, not recorded: the box proposes it or the "
                                     "contractor claims it"};
  }
  if (records && statement.document_sha256.empty()) {
    return Error{Fault::Invalid, std::string(kind.id) +
                                     " is recorded with its document; hand that in first and name "
                                     "its SHA-256"};
  }
  return {};
}

/// Only a trusted clock knows what the future is.
Result<void> check_day(const Statement& statement) {
  const bool told = statement.act == Act::Claim || statement.act == Act::Record;
  const SiteDay named = site_day(statement.named_at);
  if (!told || statement.said.quality == TimeQuality::Unsynced ||
      named <= site_day(statement.said.at))
    return {};
  return Error{Fault::Invalid,
               std::string(statement.milestone.kind) + " on " + to_text(named) +
                   " lies in the future; it is told when it is reached",
               refusal::in_future};
}

Result<void> check(const Statement& statement) {
  const MilestoneKind* kind = find_milestone_kind(statement.milestone.kind);
  if (kind == nullptr) {
    return Error{Fault::Invalid, "there is no milestone '" +
                                     statement.milestone.kind.substr(0, 40) +
                                     "'; use an id such as topping_out"};
  }
  if (auto told = check_telling(*kind, statement); !told) return told;
  const bool counts_storeys = kind->id == "storey_cast";
  if (counts_storeys != (statement.milestone.storey > 0)) {
    return Error{Fault::Invalid, counts_storeys
                                     ? "storey_cast needs the storey, counted from 1"
                                     : std::string(kind->id) + " has no storey; leave it 0"};
  }
  const bool decides = statement.act == Act::Confirm || statement.act == Act::Dispute ||
                       statement.act == Act::Record;
  if (decides && statement.said.quality == TimeQuality::Unsynced) {
    return Error{Fault::Unavailable,
                 "the box's clock is not trusted now, so nothing can be confirmed; wait for time "
                 "synchronisation",
                 refusal::clock_untrusted};
  }
  return check_day(statement);
}

/// The same person twice is one person, also after a change of role.
Result<void> check_second_person(const Milestone& milestone, const Statement& statement) {
  const Statement* record = newest_record(milestone);
  if (statement.act != Act::Confirm || record == nullptr || record->by != statement.by) return {};
  return Error{Fault::Refused,
               "whoever recorded a document cannot confirm it; let a second person look at it",
               refusal::second_person};
}

Error no_row(const Milestone& milestone, const Statement& statement) {
  const bool may_at_all = std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
    return row.act == statement.act && row.owner == statement.owner;
  });
  if (!may_at_all) {
    return {Fault::Refused,
            "owner " + std::string(to_text(statement.owner)) + " may not " +
                std::string(to_text(statement.act)) + " a milestone",
            refusal::not_their_part};
  }
  return {Fault::Conflict,
          "a milestone in status " + std::string(to_text(milestone.status)) +
              " cannot be met with " + std::string(to_text(statement.act)),
          refusal::status_changed};
}

}  // namespace

Result<Decision> decide(const Milestone& milestone, const Statement& statement,
                        const Terms& terms) {
  if (auto checked = check(statement); !checked) return checked.error();
  if (auto second = check_second_person(milestone, statement); !second) return second.error();
  const bool by_people = statement.act == Act::Confirm || statement.act == Act::Dispute;
  const When when = by_people ? people_say(milestone, statement, terms)
                              : sources_say(milestone, statement, terms);
  const Row* row = find_row(milestone.status, statement, when);
  if (row == nullptr) return no_row(milestone, statement);
  return Decision{row->to, day_held(milestone, statement, when)};
}

std::vector<Act> acts_open_to(Owner owner, Status status) {
  std::set<Act> open;
  for (const Row& row : rows) {
    if (row.from == status && row.owner == owner) open.insert(row.act);
  }
  return {open.begin(), open.end()};
}

}  // namespace jieding::milestones
