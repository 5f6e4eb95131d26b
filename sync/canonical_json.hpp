#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "gateway/domain/result.hpp"

namespace jieding::sync {

/// The one text of a JSON value by RFC 8785: members sorted by UTF-16 code units, numbers as
/// ECMAScript writes them, no white space. Invalid: a number beyond 2^53 that was given as an
/// integer, infinities, text that is not UTF-8.
Result<std::string> canonical_json(const boost::json::value& value);

/// A double as ECMAScript writes it (Number::toString); must be finite.
std::string ecmascript_number(double value);

}  // namespace jieding::sync
