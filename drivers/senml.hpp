#pragma once
// SenML JSON (RFC 8428) from devices that push readings, without HTTP.
//
//   [{"bn":"urn:dev:jieding:hz-demo:hoist-1:","bt":1710460800,"n":"hoist_height","u":"m","v":4},
//    {"n":"pm10/minute.mean","u":"ug/m3","t":-60,"v":81}]
//
//   bn n   names joined; the last part is QUANTITY or QUANTITY/STATISTIC. What stands before is
//          nothing, the device's own id, or `urn:dev:...` (jieding's form must name the device)
//   bt t   seconds, added; below 2^28 relative to now (RFC 8428 §4.5.3), none: when it was received
//   bu u   unit; bv v value, added; vb is taken as 1 or 0; vs, vd and s are refused
//   bver   at most 10; a field whose name ends in `_` must be understood, so it is refused

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/domain/reading.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::drivers::senml {

inline constexpr std::size_t most_records = 2000;

/// Whose token came with the pack, and when.
struct Sender {
  std::string site;
  std::string device;
  Stamp received;
};

/// What a name says: QUANTITY or QUANTITY/STATISTIC, with or without the sender in front.
struct Name {
  std::string quantity;
  Statistic statistic;
};

/// The readings of one pack. Invalid: not SenML as drawn above; Refused: it names another device;
/// TooMuch: more than `most_records`.
Result<Batch> read(const boost::json::value& pack, const Sender& sender);

/// Invalid: no name as drawn above; Refused: another device's.
Result<Name> resolve(const std::string& name, const Sender& sender);
bool is_unit(std::string_view text);
/// Seconds since 1970; none: not between 1970 and 9999.
std::optional<Instant> instant_of(double seconds);

}  // namespace jieding::drivers::senml
