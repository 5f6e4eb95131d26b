#include "vision/wire_header.hpp"

#include <utility>

namespace jieding::vision::wire {

namespace json = boost::json;

Error wrong_message(const std::string& what) {
  return Error(Fault::Invalid, "vision message: " + what);
}

Result<json::object> header_of(const Message& message, std::string_view kind) {
  json::parse_options options;
  options.max_depth = 8;
  json::error_code ec;
  json::value value = json::parse(message.header, ec, {}, options);
  if (ec || !value.is_object()) return wrong_message("header is no JSON object");
  json::object& object = value.as_object();
  const json::value* given = object.if_contains("kind");
  if (given == nullptr || !given->is_string() || std::string_view(given->as_string()) != kind)
    return wrong_message("expected kind " + std::string(kind));
  return std::move(object);
}

}  // namespace jieding::vision::wire
