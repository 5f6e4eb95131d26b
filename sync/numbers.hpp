#pragma once

#include <cstdint>
#include <string_view>

#include "gateway/domain/result.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

/// Named numbers that must survive: cursors of lanes, counts. On journal, in the caller's
/// transaction.
namespace numbers {

Result<std::int64_t> get(Database& database, std::string_view name, std::int64_t otherwise = 0);
Result<void> set(Database& database, std::string_view name, std::int64_t value);
Result<void> add(Database& database, std::string_view name, std::int64_t more);

}  // namespace numbers
}  // namespace jieding::sync
