#pragma once
// How many households wait: counts only. Who they are the box does not know.

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/domain/calendar.hpp"

namespace jieding {

/// What somebody counted on a day.
struct Households {
  std::string subject;  ///< the project, or one of its phases
  SiteDay counted{};
  int awaiting_return = 0;
  int housed = 0;
  int awaiting_registration = 0;
  std::vector<std::uint64_t> events;  ///< of the ledger, on which it stands; of a sum several
};

inline constexpr int most_households = 1'000'000;  ///< of one count

/// Which households a rule waits for.
enum class Waiting { Return, Registration };

inline int waiting(const Households& households, Waiting waiting_for) {
  return waiting_for == Waiting::Return ? households.awaiting_return
                                        : households.awaiting_registration;
}

}  // namespace jieding
