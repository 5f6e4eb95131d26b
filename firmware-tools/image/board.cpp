#include "firmware-tools/image/board.hpp"

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <stdexcept>

namespace jieding::tools::image {
namespace {

std::optional<Uuid> written(std::string_view text) {
  try {
    return boost::uuids::string_generator()(text.begin(), text.end());
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

Uuid named(const Uuid& within, std::string_view name) {
  return boost::uuids::name_generator_sha1(within)(name.data(), name.size());
}

}  // namespace

Uuid vendor_uuid(std::string_view text) {
  if (const auto uuid = written(text)) return *uuid;
  return named(boost::uuids::ns::dns(), text);
}

Result<Uuid> board_uuid(const std::optional<Uuid>& vendor, std::string_view text) {
  if (const auto uuid = written(text)) return *uuid;
  if (vendor) return named(*vendor, text);
  return Error{Fault::Invalid, "board '" + std::string(text.substr(0, 60)) +
                                   "' is a name; name its vendor as well, or write a UUID"};
}

std::string to_text(const Uuid& uuid) {
  return boost::uuids::to_string(uuid);
}

std::string_view bytes_of(const Uuid& uuid) {
  return {reinterpret_cast<const char*>(uuid.data), uuid.size()};
}

std::optional<Uuid> uuid_from(std::string_view bytes) {
  Uuid uuid;
  if (bytes.size() != uuid.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), uuid.begin());
  return uuid;
}

}  // namespace jieding::tools::image
