#pragma once
// What an image is for: two UUIDs, of the board's maker and of the board.

#include <boost/uuid/uuid.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::tools::image {

using Uuid = boost::uuids::uuid;

/// A UUID, or the maker's domain: then its UUID 5 below DNS (RFC 4122, 4.3), as imgtool makes it.
Uuid vendor_uuid(std::string_view text);

/// A UUID, or the board's name: then its UUID 5 below the vendor's. Refused: a name without vendor.
Result<Uuid> board_uuid(const std::optional<Uuid>& vendor, std::string_view text);

std::string to_text(const Uuid& uuid);
/// Its sixteen bytes.
std::string_view bytes_of(const Uuid& uuid);
/// From exactly sixteen bytes.
std::optional<Uuid> uuid_from(std::string_view bytes);

}  // namespace jieding::tools::image
