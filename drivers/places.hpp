#pragma once

#include <algorithm>
#include <cstddef>

namespace jieding::drivers {

/// Whether one more connection may come. When all places are taken, one that has not yet shown
/// whose it is (`evictable`) is dismissed to make room.
template <class Sessions, class Dismiss>
bool make_room(const Sessions& sessions, std::size_t most, Dismiss dismiss) {
  if (sessions.size() < most) return true;
  const auto stranger = std::find_if(sessions.begin(), sessions.end(),
                                     [](const auto& session) { return session->evictable(); });
  if (stranger == sessions.end()) return false;
  dismiss(**stranger);
  return true;
}

}  // namespace jieding::drivers
