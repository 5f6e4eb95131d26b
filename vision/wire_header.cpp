#include "vision/wire_header.hpp"

#include <utility>

namespace jieding::vision::wire {
namespace {

namespace json = boost::json;

Result<json::object> object_of(const Message& message) {
  json::parse_options options;
  options.max_depth = 8;
  json::error_code ec;
  json::value value = json::parse(message.header, ec, {}, options);
  if (ec || !value.is_object()) return wrong_message("header is no JSON object");
  return std::move(value.as_object());
}

std::string kind_of(const json::object& header) {
  const json::value* given = header.if_contains("kind");
  const json::string* name = given != nullptr ? given->if_string() : nullptr;
  return name != nullptr ? std::string(*name) : std::string();
}

}  // namespace

Error wrong_message(const std::string& what) {
  return Error(Fault::Invalid, "vision message: " + what);
}

std::string kind(const Message& message) {
  const auto header = object_of(message);
  return header ? kind_of(*header) : std::string();
}

Result<json::object> header_of(const Message& message, std::string_view kind) {
  auto header = object_of(message);
  if (header && kind_of(*header) != kind)
    return wrong_message("expected kind " + std::string(kind));
  return header;
}

}  // namespace jieding::vision::wire
