#pragma once
// From the fields of an HJ 212 upload to readings, without Asio.

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
};

/// Whether every unit and alias makes sense; the error names the key.
Result<void> check(const Dialect& dialect);

/// The measurements of a data upload. A code that no table knows is kept under its own name, in
/// lower case, without a unit. A value of zero passes every range: a station sends it for a sensor
/// that is not fitted; so does one that the station itself flags as not normal.
Parsed<Batch> readings(const Message& message, const Dialect& dialect, std::string_view device,
                       Stamp received);

}  // namespace jieding::drivers::hj212
