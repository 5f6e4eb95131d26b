#pragma once
// Reading the API's own JSON where the box writes a page from it. What is missing is empty.

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace jieding::web {

/// Null where there is none.
const boost::json::value& part(const boost::json::value& value, std::string_view name);
const boost::json::array& list(const boost::json::value& value, std::string_view name);
std::string text(const boost::json::value& value, std::string_view name);
bool is(const boost::json::value& value, std::string_view name);
std::int64_t whole(const boost::json::value& value);
double real(const boost::json::value& value);
/// As people read it: to a tenth.
std::string number(const boost::json::value& value);

}  // namespace jieding::web
