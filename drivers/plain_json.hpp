#pragma once
// Plain JSON from simple senders: what a script or a small controller prints without knowing SenML.
//
//   {"time":"2026-03-15T12:00:00+08:00","pm10":81,"noise":{"value":62.1,"unit":"dB"},"door":true}
//   [{"quantity":"pm10/minute.mean","value":81,"unit":"ug/m3","time":1773547200}]
//
//   an object   QUANTITY or QUANTITY/STATISTIC: number, true, false or null (not measured, passed
//               over), or an object of `value` and, where wanted, `unit` and `time`. The key `time`
//               is the time of all that have none of their own
//   a list      objects of `quantity`, `value` and, where wanted, `unit` and `time`
//   time        RFC 3339 with offset, or seconds since 1970; none: when it was received
//
// What a maker calls otherwise is renamed first, by the device's configuration.

#include <boost/json/fwd.hpp>
#include <map>
#include <string>

#include "drivers/senml.hpp"

namespace jieding::drivers::plain_json {

using TextTable = std::map<std::string, std::string, std::less<>>;

/// What one device's words mean.
struct Dialect {
  TextTable names;  ///< the maker's key to ours; to an empty text: passed over
  TextTable units;  ///< by our quantity, where the sender names none
};

/// An object, or a list whose first entry has a `quantity`.
bool is_plain(const boost::json::value& body);

/// Invalid: not as drawn above; Refused: it names another device; TooMuch: more than
/// `senml::most_records`.
Result<Batch> read(const boost::json::value& body, const senml::Sender& sender,
                   const Dialect& dialect);

}  // namespace jieding::drivers::plain_json
