#pragma once
// From the contents of an HJ 212 upload to readings, without Asio.

#include <map>
#include <string>
#include <string_view>

#include "drivers/hj212_message.hpp"
#include "gateway/domain/reading.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::drivers::hj212 {

/// What one station does differently, from its part of the configuration.
struct Dialect {
  using Table = std::map<std::string, std::string, std::less<>>;
  Table units;    ///< factor code -> unit as sent: ug/m3 ng/m3 mg/m3 kPa hPa Pa ...
  Table aliases;  ///< the maker's own code -> code of the standard
  Tolerances tolerated = harmless();
};

/// Whether every unit and alias makes sense; the error names the key.
Result<void> check(const Dialect& dialect);

struct Decoded {
  Batch batch;           ///< all of one device, command and device time
  Tolerances used;       ///< in CP; all of them granted
  bool undated = false;  ///< the time was not in the frame: `Tolerance::UndatedPart`
};

/// Whether CP begins with a readable DataTime.
std::optional<Instant> data_time(std::string_view contents);

/// The measurements of a data upload, all that the message used being granted by the dialect. A
/// code that no table knows is kept under its own name, in lower case, without a unit. A value of
/// zero passes every range: a station sends it for a sensor that is not fitted; so does one that
/// the station itself flags as not normal. `part_time`: DataTime of the first part of the same
/// packets, for parts that have none.
Parsed<Decoded> readings(const Message& message, const Dialect& dialect, std::string_view device,
                         Stamp received, std::optional<Instant> part_time = {});

}  // namespace jieding::drivers::hj212
