#pragma once

#include "gateway/domain/calendar.hpp"

namespace jieding {

/// Days in a row, the first and the last included.
struct Days {
  SiteDay from;
  SiteDay to;
  bool hold(SiteDay day) const { return from <= day && day <= to; }
};

}  // namespace jieding
