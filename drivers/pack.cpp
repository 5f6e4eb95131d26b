#include "drivers/pack.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "drivers/quoted.hpp"

namespace jieding::drivers::pack {
namespace {

namespace json = boost::json;

}  // namespace

Result<Batch> parse(std::string_view body, Form form, const senml::Sender& sender,
                    const plain_json::Dialect& dialect) {
  if (body.size() > longest_body) {
    return Error{Fault::TooMuch, "the pack has more than 256 KiB; send several"};
  }
  json::parse_options limits;
  limits.max_depth = deepest;
  json::error_code failed;
  const json::value parsed = json::parse(body, failed, {}, limits);
  if (failed) return Error{Fault::Invalid, "not JSON: " + failed.message()};
  if (form == Form::Either && plain_json::is_plain(parsed)) {
    return plain_json::read(parsed, sender, dialect);
  }
  return senml::read(parsed, sender);
}

plain_json::Dialect dialect_of(const config::Settings& device) {
  return {device.get<config::TextTable>("names"), device.get<config::TextTable>("units")};
}

std::string wrong_names(const config::Settings& device, const config::Config&) {
  const senml::Sender anybody;
  for (const auto& [theirs, ours] : device.get<config::TextTable>("names")) {
    if (ours.empty() || ours == "time" || senml::resolve(ours, anybody)) continue;
    return drivers::quoted(theirs) + " is to become " + drivers::quoted(ours) +
           "; write a quantity such as \"pm10\" or \"pm10/minute.mean\", \"time\", or \"\"";
  }
  return "";
}

std::string wrong_units(const config::Settings& device, const config::Config&) {
  for (const auto& [quantity, unit] : device.get<config::TextTable>("units")) {
    if (senml::is_unit(unit)) continue;
    return "the unit of " + drivers::quoted(quantity) + " is not up to 32 printable characters";
  }
  return "";
}

}  // namespace jieding::drivers::pack
