#include "gateway/web/json_parts.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace jieding::web {

namespace json = boost::json;

const json::value& part(const json::value& value, std::string_view name) {
  static const json::value nothing;
  const json::object* object = value.if_object();
  const json::value* found = object ? object->if_contains(name) : nullptr;
  return found ? *found : nothing;
}

const json::array& list(const json::value& value, std::string_view name) {
  static const json::array none;
  const json::array* array = part(value, name).if_array();
  return array ? *array : none;
}

std::string text(const json::value& value, std::string_view name) {
  const json::string* found = part(value, name).if_string();
  return found ? std::string(*found) : std::string();
}

bool is(const json::value& value, std::string_view name) {
  const bool* found = part(value, name).if_bool();
  return found && *found;
}

std::int64_t whole(const json::value& value) {
  if (const auto* number = value.if_int64()) return *number;
  if (const auto* number = value.if_uint64()) return static_cast<std::int64_t>(*number);
  return 0;
}

double real(const json::value& value) {
  const auto* number = value.if_double();
  return number ? *number : static_cast<double>(whole(value));
}

std::string number(const json::value& value) {
  if (const auto* real = value.if_double()) {
    const auto tenths = static_cast<std::int64_t>(*real * 10 + (*real < 0 ? -0.5 : 0.5));
    const auto size = tenths < 0 ? -tenths : tenths;
    const std::string digits = std::to_string(size / 10);
    const std::string rest = size % 10 == 0 ? "" : "." + std::to_string(size % 10);
    return (tenths < 0 ? "-" : "") + digits + rest;
  }
  return std::to_string(whole(value));
}

}  // namespace jieding::web
