#pragma once
// Times as devices on Chinese sites write them: local (+08:00, no summer time), without an offset.

#include <optional>
#include <string>
#include <string_view>

#include "gateway/domain/time.hpp"

namespace jieding::drivers {

/// `YYYYMMDDhhmmss`; none: not 14 digits, or no such time.
std::optional<Instant> local_time(std::string_view digits);
/// The same way back, with milliseconds: `YYYYMMDDhhmmsszzz`.
std::string local_digits(Instant at);

}  // namespace jieding::drivers
