#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::sync {

/// The migrations in order; the first brings an empty database to version 1.
std::span<const std::string_view> migrations();

class Database;

/// Of a database that a newer program has brought to `version`: whether this one may still work on
/// it as it is. Conflict: it may not.
Result<void> accept_newer(Database& database, std::int64_t version);

}  // namespace jieding::sync
