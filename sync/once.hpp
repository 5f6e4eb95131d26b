#pragma once
// Requests that are done once however often they are sent: what was answered, by the sender's key.

#include <optional>
#include <string>
#include <string_view>

#include "gateway/runtime/intake.hpp"
#include "sync/database.hpp"

namespace jieding::sync::once {

/// Of each device the newest so many are known.
inline constexpr std::int64_t most_keys = 2000;

/// Free functions on journal, in the transaction that does what was asked.

/// What was answered to this request; none: it is new. Conflict: the key came with another request.
Result<std::optional<std::string>> answered(Database& database, const OnceKey& key);
Result<void> remember(Database& database, const OnceKey& key, std::string_view answer);

}  // namespace jieding::sync::once
