#include "gateway/milestones/order.hpp"

#include <algorithm>
#include <array>

#include "gateway/domain/calendar.hpp"
#include "gateway/domain/refusal.hpp"

namespace jieding::milestones {
namespace {

struct Order {
  std::string_view earlier;
  std::string_view later;
};

/// By the nature of the things. What is merely forbidden (a demolition without a plan) may well
/// happen: that is for the policy to show, not for us to refuse.
constexpr std::array orders{
    Order{"demolition_start", "plot_cleared"},
    Order{"construction_start", "topping_out"},
    Order{"construction_start", "acceptance"},
    Order{"construction_start", "completion_filing"},
    Order{"topping_out", "acceptance"},
    Order{"topping_out", "completion_filing"},
    Order{"topping_out", "handover"},
    Order{"acceptance", "completion_filing"},
    Order{"completion_filing", "first_registration"},
    Order{"first_registration", "transfer_registration"},
    Order{"handover", "return_complete"},
};

constexpr std::array<std::string_view, 3> needs_the_structure{"acceptance", "completion_filing",
                                                              "handover"};

std::string dated(std::string_view milestone, const std::string& subject, Instant at) {
  return std::string(milestone) + " of " + subject + " on " + to_text(site_day(at));
}

Error wrong_way_round(const std::string& earlier, const std::string& later) {
  return {Fault::Conflict,
          later + " lies before " + earlier + "; correct the day, or have the other put right",
          refusal::out_of_order};
}

bool needs_topping_out(std::string_view milestone) {
  return std::find(needs_the_structure.begin(), needs_the_structure.end(), milestone) !=
         needs_the_structure.end();
}

}  // namespace

Result<void> check_order(const Statement& statement, std::span<const Neighbour> neighbours,
                         std::span<const std::string> buildings) {
  if (statement.act != Act::Claim && statement.act != Act::Record) return {};
  const std::string& kind = statement.milestone.kind;
  const std::string said = dated(kind, statement.milestone.building, statement.named_at);
  const SiteDay day = site_day(statement.named_at);
  for (const Neighbour& other : neighbours) {
    const std::string known = dated(other.key.kind, other.key.building, other.at);
    for (const Order& order : orders) {
      if (order.later == kind && order.earlier == other.key.kind && day < site_day(other.at))
        return wrong_way_round(known, said);
      if (order.earlier == kind && order.later == other.key.kind && site_day(other.at) < day)
        return wrong_way_round(said, known);
    }
  }
  if (!needs_topping_out(kind)) return {};
  for (const std::string& building : buildings) {
    const bool topped_out =
        std::any_of(neighbours.begin(), neighbours.end(), [&](const Neighbour& other) {
          return other.key.building == building && other.key.kind == "topping_out";
        });
    if (!topped_out) {
      return Error{Fault::Conflict,
                   said + " cannot be before topping_out of " + building +
                       ", which nobody has put forward; have that claimed and "
                       "confirmed first",
                   refusal::not_topped_out};
    }
  }
  return {};
}

}  // namespace jieding::milestones
